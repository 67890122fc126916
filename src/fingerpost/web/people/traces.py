"""Who saw this person? Asked by an information governance lead, answered by the database, which logs the question."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotAllowed
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.person_identifiers import PersonIdentifier
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy.api import Permission


@dataclass(frozen=True, kw_only=True)
class Trace:
    """One look or change. `kind` is view, list, search, export or changed."""

    person_id: UUID
    at: datetime
    kind: str
    page: str
    actor: str
    organisation: str
    reason: str


def check_can_see_who_saw(actor: Actor) -> None:
    if not actor.has(Permission.SEE_WHO_SAW):
        raise NotAllowed(
            _("Your role may not ask who saw a person."),
            reason="no_permission",
            remedy=_("Ask your information governance lead."),
        )


def who_saw(
    actor: Actor,
    *,
    identifier: PersonIdentifier | None,
    given_name: str,
    family_name: str,
    birth_date: date,
    reason: str,
    page: str,
    is_export: bool = False,
) -> list[Trace]:
    """Every trace of whoever these details name exactly, newest first; the asking itself is the first of them.

    Nobody found: nothing. Raises `NotAllowed`.
    """
    check_can_see_who_saw(actor)
    value = identifier.value if identifier else ""
    words = f"{value or given_name + ' ' + family_name} {birth_date.isoformat()}"
    digest = hmac.new(settings.SECRET_KEY.encode(), words.casefold().encode(), hashlib.sha256).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM people_who_saw(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                new_id(),
                identifier.kind if identifier else "",
                value,
                birth_date,
                given_name,
                family_name,
                actor.organisation_id,
                "export" if is_export else "search",
                page,
                digest,
                reason,
            ],
        )
        names = ("person_id", "at", "kind", "page", "actor", "organisation", "reason")
        return [Trace(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
