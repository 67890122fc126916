"""The door of audit: say that somebody looked; ask who looked."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import connection

from fingerpost.kernel.ids import new_id
from fingerpost.web.audit.models import Access
from fingerpost.web.audit.sealing import kept_outside
from fingerpost.web.audit.selectors import accesses_of_person
from fingerpost.web.audit.verifying import Verification, verify
from fingerpost.web.foundation.actor import Actor

__all__ = [
    "Access",
    "Verification",
    "accesses_of_person",
    "kept_outside",
    "record_list",
    "record_search",
    "record_view",
    "verify",
]


def record_view(*, actor: Actor, person_id: UUID, label: str, page: str, reason: str = "") -> None:
    """One person's record was opened."""
    _record(actor, Access.Kind.VIEW, page, [person_id], label=label, reason=reason)


def record_list(*, actor: Actor, person_ids: Iterable[UUID], page: str) -> None:
    """A list that names people was shown: one row with the ids on the page."""
    _record(actor, Access.Kind.LIST, page, list(person_ids))


def record_search(*, actor: Actor, query: str, person_ids: Iterable[UUID], page: str) -> None:
    """A person was searched for: a keyed hash of the words (they may be a name) and the ids shown."""
    digest = hmac.new(settings.SECRET_KEY.encode(), query.casefold().encode(), hashlib.sha256).hexdigest()
    _record(actor, Access.Kind.SEARCH, page, list(person_ids), query_hash=digest)


def _record(
    actor: Actor,
    kind: str,
    page: str,
    person_ids: list[UUID],
    *,
    label: str = "",
    query_hash: str = "",
    reason: str = "",
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_record_access(%s, %s, %s, %s, %s::uuid[], %s, %s, %s)",
            [new_id(), kind, actor.organisation_id, page, person_ids, label, query_hash, reason],
        )
