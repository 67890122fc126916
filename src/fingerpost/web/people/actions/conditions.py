"""Conditions on how a person may be reached, set by somebody who heard it. What they come to: `people.rules`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.kernel import clock
from fingerpost.kernel.contact_route import (
    normalise_email,
    normalise_phone,
)
from fingerpost.kernel.errors import FaultList, FingerpostError, InvalidValue, NotAllowed
from fingerpost.kernel.ids import new_id
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.people.enums import ConditionKind
from fingerpost.web.people.models import ContactCondition, Person
from fingerpost.web.people.policies import check_not_only_in_emergency
from fingerpost.web.tenancy.api import Permission


@dataclass(frozen=True, kw_only=True)
class NewCondition:
    """A condition as it is written down. `address`, `worker` or `not_before` for the kinds that need one."""

    kind: str
    reason: str
    address: str = ""
    worker_id: UUID | None = None
    worker_name: str = ""
    not_before: date | None = None

    def check(self, *, on: date) -> None:
        faults = FaultList()
        if self.kind not in ConditionKind.values:
            faults.add(InvalidValue(_("It does not say what must not be done."), field="kind"))
        if not self.reason.strip():
            faults.add(
                InvalidValue(
                    _("It does not say why."), field="reason", remedy=_("Say it as the person said it.")
                )
            )
        if self.kind == ConditionKind.ADDRESS and not self.address.strip():
            faults.add(
                InvalidValue(
                    _("It does not say which number or address."),
                    field="address",
                    remedy=_("Give the phone number, e-mail or postal address that must not be used."),
                )
            )
        if self.kind == ConditionKind.WORKER and self.worker_id is None:
            faults.add(InvalidValue(_("It does not say who may get in touch."), field="worker"))
        if self.kind == ConditionKind.NOT_BEFORE and (self.not_before is None or self.not_before <= on):
            faults.add(
                InvalidValue(
                    _("The day must lie ahead."),
                    field="not_before",
                    remedy=_("Give the first day on which they may be contacted again."),
                )
            )
        faults.raise_any()


def check_can_set(actor: Actor) -> None:
    if not actor.has(Permission.CORRECT_RECORDS):
        raise NotAllowed(
            _("Your role does not change how a person may be contacted."),
            reason="no_permission",
            remedy=_("Ask the link worker, team lead or clinician."),
        )


@transaction.atomic
def set_condition(*, person: Person, condition: NewCondition, by: Actor, at: datetime) -> ContactCondition:
    """From now on. What waits in the outbox already is asked again before it is sent. Raises `Faults`."""
    check_can_set(by)
    check_not_only_in_emergency(person.id)
    condition.check(on=clock.today())
    wants = condition.kind
    made = ContactCondition(
        id=new_id(at),
        person=person,
        kind=wants,
        address=_tidied(condition.address) if wants == ConditionKind.ADDRESS else "",
        worker_id=condition.worker_id if wants == ConditionKind.WORKER else None,
        worker_name=condition.worker_name if wants == ConditionKind.WORKER else "",
        not_before=condition.not_before if wants == ConditionKind.NOT_BEFORE else None,
        reason=condition.reason.strip(),
        set_at=at,
        set_by=by.account,
        set_by_name=by.label,
    )
    made.save(force_insert=True)
    return made


@transaction.atomic
def lift_condition(*, condition: ContactCondition, by: Actor, at: datetime) -> ContactCondition:
    """The person may be reached this way again. What was set, by whom and until when stays."""
    check_can_set(by)
    held = ContactCondition.objects.select_for_update().get(id=condition.id)
    if held.lifted_at is None:
        held.lifted_at, held.lifted_by = at, by.account
        held.save(update_fields=["lifted_at", "lifted_by"])
    return held


def _tidied(text: str) -> str:
    for tidy in (normalise_phone, normalise_email):
        try:
            return tidy(text)
        except FingerpostError:
            continue
    return " ".join(text.split())
