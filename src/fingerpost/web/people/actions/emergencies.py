"""Opening the record of a person whom one does not work with, because it cannot wait: decided in the database."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from fingerpost.kernel import clock
from fingerpost.kernel.contact_route import Channel, ContactRoute
from fingerpost.kernel.errors import FaultList, InvalidValue, NotAllowed
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.london import LONDON
from fingerpost.kernel.person_identifiers import PersonIdentifier
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.links import absolute
from fingerpost.web.messaging import api as messaging
from fingerpost.web.people.enums import EmergencyFinding, EmergencyOutcome, EmergencyReason
from fingerpost.web.people.models import EmergencyOpening
from fingerpost.web.people.policies import check_can_open_in_emergency, check_can_review_emergencies
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Permission


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Who is meant, exactly: a number or the full name, always with the birth date."""

    identifier: PersonIdentifier | None
    given_name: str
    family_name: str
    birth_date: date


@transaction.atomic
def open_in_emergency(
    *, sought: Sought, reason_kind: str, reason: str, page: str, by: Actor, at: datetime
) -> tuple[EmergencyOutcome, UUID]:
    """What came of it, and the opening that was written down. Found or not, it is logged with its reason.

    A record that is sealed is not opened: a team lead opens the seal. Raises `Faults`, `NotAllowed`.
    """
    check_can_open_in_emergency(by)
    faults = FaultList()
    if reason_kind not in EmergencyReason.values:
        faults.add(InvalidValue(_("It does not say what kind of emergency it is."), field="reason_kind"))
    if not reason.strip():
        faults.add(InvalidValue(_("It does not say why it cannot wait."), field="reason"))
    faults.raise_any()
    value = sought.identifier.value if sought.identifier else ""
    words = f"{value or sought.given_name + ' ' + sought.family_name} {sought.birth_date.isoformat()}"
    digest = hmac.new(settings.SECRET_KEY.encode(), words.casefold().encode(), hashlib.sha256).hexdigest()
    entry = new_id(at)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM people_open_in_emergency(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                entry,
                sought.identifier.kind if sought.identifier else "",
                value,
                sought.birth_date,
                sought.given_name.strip(),
                sought.family_name.strip(),
                by.organisation_id,
                reason_kind,
                reason,
                page,
                digest,
            ],
        )
        outcome, opening_id = cursor.fetchone()
    if opening_id == entry and _is_news(EmergencyOutcome(outcome), entry):
        _tell_leads(opening_id, by=by, at=at)
    return EmergencyOutcome(outcome), opening_id


def _is_news(outcome: EmergencyOutcome, entry: UUID) -> bool:
    """Each opening; of what is refused only the first in a day, or presses without end would flood the leads."""
    if outcome != EmergencyOutcome.TOO_MANY:
        return outcome == EmergencyOutcome.OPENED
    midnight = datetime.combine(clock.today(), time(), tzinfo=LONDON)
    today = EmergencyOpening.objects.filter(outcome=EmergencyOutcome.TOO_MANY, opened_at__gte=midnight)
    return not today.exclude(id=entry).exists()


def _tell_leads(opening_id: UUID, *, by: Actor, at: datetime) -> None:
    """Every information governance lead of the system, without a word about anybody: what happened stands inside."""
    if by.organisation_id is None:
        return
    address = absolute(reverse("staff:emergencies"))
    for lead in tenancy.accounts_with(permission=Permission.REVIEW_EMERGENCIES, at=at):
        written = messaging.compose(
            "people/email/emergency", {"address": address}, sender=messaging.Sender.of(by.organisation_id)
        )
        messaging.send(
            route=ContactRoute(
                channel=Channel.EMAIL, address=lead.email, purpose="told of an emergency", confirmed=True
            ),
            subject=written.subject,
            text=written.text,
            html=written.html,
            by=by,
            at=at,
            organisation_id=by.organisation_id,
            about=("emergency", opening_id),
            recipient_label=lead.name,
            carries_personal_data=False,
        )


@transaction.atomic
def close_emergency(*, opening_id: UUID, by: Actor) -> bool:
    """Close it before its day is over. False when it is closed, or another's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_close_emergency(%s)", [opening_id])
        return bool(cursor.fetchone()[0])


@transaction.atomic
def review_emergency(*, opening_id: UUID, finding: str, note: str, by: Actor) -> None:
    """What the lead found, in words. What is to be followed up can be answered again. Raises `Faults`, `NotAllowed`."""
    check_can_review_emergencies(by)
    faults = FaultList()
    if finding not in EmergencyFinding.values:
        faults.add(InvalidValue(_("It does not say what you found."), field="finding"))
    if not note.strip():
        faults.add(InvalidValue(_("It does not say it in words."), field="note"))
    faults.raise_any()
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_review_emergency(%s, %s, %s)", [opening_id, finding, note])
        if not cursor.fetchone()[0]:
            raise NotAllowed(
                _("This was reviewed already, or it is your own."),
                reason="reviewed",
                remedy=_("Look at the list again. Another lead reviews what you opened yourself."),
            )
