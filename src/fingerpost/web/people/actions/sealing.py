"""Seals: a record, or one contact, that within an organisation only named colleagues see.

The wall is in the database (`walls.unsealed`); here a seal is set and lifted.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import Conflict, FaultList, InvalidValue, NotAllowed
from fingerpost.kernel.ids import new_id
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.people.enums import SealKind
from fingerpost.web.people.models import Person, Seal
from fingerpost.web.people.policies import check_can_lift, check_can_seal, check_not_only_in_emergency
from fingerpost.web.people.selectors import sealed_thing


@transaction.atomic
def seal(
    *,
    kind: SealKind,
    subject_id: UUID,
    person: Person,
    named: Collection[UUID],
    reason: str,
    by: Actor,
    at: datetime,
) -> Seal:
    """From now on only `named` see it in the actor's organisation. Raises `Faults`, `Conflict`, `NotAllowed`."""
    check_can_seal(by)
    check_not_only_in_emergency(person.id)
    faults = FaultList()
    if not named:
        faults.add(
            InvalidValue(
                _("Nobody is named, so nobody could help this person."),
                field="named",
                remedy=_("Choose at least the link worker who works with them."),
            )
        )
    if not reason.strip():
        faults.add(
            InvalidValue(
                _("It does not say why."),
                field="reason",
                remedy=_("Say in a few words what the person asked for. Only those you name read it."),
            )
        )
    faults.raise_any()
    if by.organisation_id is None:
        raise NotAllowed(_("Nobody's organisation is named."), reason="no_organisation")
    live = Seal.objects.filter(subject_id=subject_id, organisation_id=by.organisation_id, lifted_at=None)
    if live.exists():
        raise _sealed_already()
    made = Seal(
        id=new_id(at),
        kind=kind,
        subject_id=subject_id,
        person=person,
        organisation_id=by.organisation_id,
        named=sorted(set(named), key=str),
        reason=reason.strip(),
        sealed_at=at,
        sealed_by=by.account,
        sealed_by_name=by.label,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as fault:
        if "people_seal_once" in str(fault):  # a colleague pressed at the same moment
            raise _sealed_already() from fault
        raise
    return made


def _sealed_already() -> Conflict:
    return Conflict(_("This is sealed already."), remedy=_("Open it first, to name other colleagues."))


def seal_person(*, person: Person, named: Collection[UUID], reason: str, by: Actor, at: datetime) -> Seal:
    return seal(
        kind=SealKind.PERSON,
        subject_id=person.id,
        person=person,
        named=named,
        reason=reason,
        by=by,
        at=at,
    )


@transaction.atomic
def lift_seal(*, seal_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Open what is sealed. The database asks again who may, and keeps the reason in the history."""
    check_can_lift(by, sealed_thing(by, seal_id=seal_id))
    if not reason.strip():
        raise InvalidValue(
            _("It does not say why it is opened."),
            field="reason",
            remedy=_("Say it in a few words: it is kept, and the person may ask to read it."),
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_lift_seal(%s, %s)", [seal_id, reason])
        if not cursor.fetchone()[0]:
            raise NotAllowed(_("This seal is not yours to open."), reason="no_permission")
