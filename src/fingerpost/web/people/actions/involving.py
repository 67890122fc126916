"""Involvements that begin and end with life: a change of practice, an employer, cover by another scheme."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FaultList, InvalidValue, NotAllowed
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.london import LONDON
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.people.enums import InvolvementKind
from fingerpost.web.people.models import Involvement, Person
from fingerpost.web.people.policies import check_can_correct
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import OrganisationKind, Permission

LONGEST_COVER = timedelta(days=92)


@transaction.atomic
def change_practice(*, person: Person, practice_id: UUID, by: Actor, at: datetime) -> Person:
    """The person has moved to another practice, as of now. The old one sees nothing of them from this moment on.

    Raises `InvalidValue` when it is no practice, or theirs already; `NotAllowed`.
    """
    check_can_correct(by, person)
    _check_may_involve(person.id)
    practice = tenancy.organisations(kind=OrganisationKind.PRACTICE).filter(id=practice_id).first()
    if practice is None:
        raise InvalidValue(
            _("This is not a GP practice."), field="practice", remedy=_("Choose one from the list.")
        )
    held = Person.objects.select_for_update(of=("self",)).get(id=person.id)
    if held.practice_id == practice_id:
        raise InvalidValue(_("This is their practice already."), field="practice")
    old = held.practice_id
    held.practice_id = practice_id
    held.version += 1
    held.save(update_fields=["practice", "version"])
    new = Involvement(
        id=new_id(at),
        person=held,
        organisation_id=practice_id,
        kind=InvolvementKind.REGISTERED_PRACTICE,
        starts_at=at,
    )
    new.save(force_insert=True)
    if old is not None:
        # What it did as the referrer ends with it: a practice keeps nothing open about who has left.
        for kind in (InvolvementKind.REGISTERED_PRACTICE, InvolvementKind.REFERRER):
            end_of_another(
                person_id=held.id, organisation_id=old, kind=kind, reason="changed practice", at=at, by=by
            )
    return held


def _check_may_involve(person_id: UUID) -> None:
    """The database refuses it as well; here it is said in words."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_may_involve(%s)", [person_id])
        if not cursor.fetchone()[0]:
            raise NotAllowed(
                _("Your organisation sees this person for another's work only."),
                reason="not_own_work",
                remedy=_("Tell the scheme that works with them, or their practice."),
            )


@transaction.atomic
def end_of_another(
    *, person_id: UUID, organisation_id: UUID, kind: InvolvementKind, reason: str, at: datetime, by: Actor
) -> int:
    """End what another organisation sees; the actor's own must be involved. Returns how many ended.

    What the actor's own organisation sees ends as well: it needs nobody's leave to see less.
    """
    if organisation_id in by.organisation_ids:
        live = Involvement.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), kind=kind)
        own = live.filter(person_id=person_id, organisation_id=organisation_id)
        return own.update(ends_at=Greatest("starts_at", at), ended_reason=reason)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT people_end_of_others(%s, %s, %s, %s, %s)",
            [person_id, organisation_id, kind.value, at, reason],
        )
        return int(cursor.fetchone()[0])


def involve_employers(*, person_id: UUID, worker_id: UUID, by: Actor, at: datetime) -> None:
    """Whoever employs the worker knows whom they visit: who the person is, and nothing of the work."""
    for employer in employers_of(worker_id, at=at):
        Involvement(
            id=new_id(at),
            person_id=person_id,
            organisation_id=employer,
            kind=InvolvementKind.EMPLOYER,
            starts_at=at,
        ).save(force_insert=True)


@transaction.atomic
def end_employers(
    *, person_id: UUID, worker_id: UUID, still_visiting: Collection[UUID], by: Actor, at: datetime
) -> None:
    """The worker does not work with the person any more, so their employers do not see them.

    Except those in `still_visiting`, who employ somebody else's worker with the person, or this one in another case.
    """
    for employer in set(employers_of(worker_id, at=None)).difference(still_visiting):
        end_of_another(
            person_id=person_id,
            organisation_id=employer,
            kind=InvolvementKind.EMPLOYER,
            reason="worker no longer assigned",
            at=at,
            by=by,
        )


def employers_of(worker_id: UUID, *, at: datetime | None) -> list[UUID]:
    """Organisations of kind employer in which the account is, or (without a moment) ever was, a member."""
    return tenancy.organisations_of(user_id=worker_id, kind=OrganisationKind.EMPLOYER, at=at)


def check_can_give_cover(actor: Actor) -> None:
    if not actor.has(Permission.ASSIGN):
        raise NotAllowed(
            _("Only a team lead asks another scheme for cover."),
            reason="no_permission",
            remedy=_("Ask your team lead."),
        )


@transaction.atomic
def give_cover(
    *,
    person_ids: Iterable[UUID],
    to_scheme_id: UUID,
    first_day: date,
    last_day: date,
    by: Actor,
    at: datetime,
) -> list[Involvement]:
    """Another scheme sees and carries on the work with these people, from day to day; it ends by itself.

    Raises `Faults` for days that cannot be and a scheme that is none, `NotAllowed`.
    """
    check_can_give_cover(by)
    faults = FaultList()
    scheme = tenancy.organisations(kind=OrganisationKind.SCHEME).filter(id=to_scheme_id).first()
    if scheme is None or to_scheme_id == by.organisation_id:
        faults.add(
            InvalidValue(_("Choose another scheme."), field="scheme", remedy=_("Choose one from the list."))
        )
    if first_day < clock.today():
        faults.add(
            InvalidValue(_("This day is over."), field="first_day", remedy=_("Choose today or later."))
        )
    if last_day < first_day:
        faults.add(InvalidValue(_("The last day lies before the first."), field="last_day"))
    elif last_day - first_day > LONGEST_COVER:
        faults.add(
            InvalidValue(
                _("This is longer than cover lasts."),
                field="last_day",
                expected=_("At most three months."),
                remedy=_("For longer, pass the work on to the other scheme."),
            )
        )
    faults.raise_any()
    begins = max(at, _midnight(first_day))
    made = [
        Involvement(
            id=new_id(at),
            person_id=person_id,
            organisation_id=to_scheme_id,
            on_behalf_of_id=by.organisation_id,
            kind=InvolvementKind.COVER,
            starts_at=begins,
            ends_at=_midnight(last_day + timedelta(days=1)),
        )
        for person_id in dict.fromkeys(person_ids)
    ]
    if not made:
        raise InvalidValue(
            _("There is nobody to cover for."), field="worker", remedy=_("Choose somebody with open cases.")
        )
    for one in made:
        one.save(force_insert=True)
    return made


@transaction.atomic
def end_cover(*, to_scheme_id: UUID, by: Actor, at: datetime) -> int:
    """The own team is back before the day: all that the other scheme covers for it ends now."""
    check_can_give_cover(by)
    current = Involvement.objects.filter(
        on_behalf_of_id=by.organisation_id, organisation_id=to_scheme_id, ends_at__gt=at
    )
    later = current.filter(starts_at__gt=at)
    ended = 0
    for one in later:
        one.ends_at, one.ended_reason = one.starts_at, "cover ended early"
        one.save(update_fields=["ends_at", "ended_reason"])
        ended += 1
    return ended + current.filter(starts_at__lte=at).update(ends_at=at, ended_reason="cover ended early")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)
