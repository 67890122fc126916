"""The tree of organisations changes: one is added, put right, moved, closed, or closed into others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import FaultList, InvalidValue, NotAllowed
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.london import to_london
from fingerpost.web.foundation import jobs
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy.enums import OrganisationKind
from fingerpost.web.tenancy.models import Belonging, Organisation, Succession
from fingerpost.web.tenancy.policies import check_can_administer
from fingerpost.web.tenancy.selectors.access import administered
from fingerpost.web.tenancy.selectors.tree import closing_into, parent_on, successions
from fingerpost.web.tenancy.tree_rules import MAY_BE_PART_OF, NEEDS_SUCCESSOR

LONG_AGO = date(1900, 1, 1)
TELL_OF_CLOSING = "tenancy.tell_of_closing"


@dataclass(frozen=True, kw_only=True)
class OrganisationDetails:
    """What may be said of an organisation, beside its place in the tree."""

    name: str
    code: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""


@transaction.atomic
def add_organisation(
    *,
    kind: OrganisationKind,
    details: OrganisationDetails,
    parent: Organisation | None,
    opens_on: date | None,
    by: Actor,
    at: datetime,
) -> Organisation:
    """A new organisation, part of one that the actor administers. Raises `Faults`, `NotAllowed`."""
    faults = FaultList()
    _check_details(details, faults)
    if parent is None:
        if by.kind != "system":
            faults.add(
                InvalidValue(
                    _("It does not say what the organisation is part of."),
                    field="parent",
                    remedy=_("Choose one of the organisations that you administer."),
                )
            )
    else:
        _check_place(kind, parent, on=max(filter(None, (opens_on, to_london(at).date()))), faults=faults)
    faults.raise_any()
    if parent is not None:
        _check_administers(by, [parent], at=at)
    made = Organisation(id=new_id(at), kind=kind, parent=parent, opens_on=opens_on, **_tidied(details))
    made.save(force_insert=True)
    if parent is not None:
        Belonging(id=new_id(at), organisation=made, parent=parent, starts_on=opens_on or LONG_AGO).save(
            force_insert=True
        )
    return made


@transaction.atomic
def correct_organisation(
    *, organisation: Organisation, details: OrganisationDetails, by: Actor, at: datetime
) -> Organisation:
    """Another name, address or code. Raises `Faults`, `NotAllowed`."""
    _check_administers(by, [organisation], at=at)
    faults = FaultList()
    _check_details(details, faults, but=organisation)
    faults.raise_any()
    held = _locked(organisation)
    for name, value in _tidied(details).items():
        setattr(held, name, value)
    held.save(update_fields=list(_tidied(details)))
    return held


@transaction.atomic
def move_organisation(
    *, organisation: Organisation, parent: Organisation, starts_on: date, by: Actor, at: datetime
) -> Belonging:
    """From a day on it is part of another; what was so before that day stays told. Raises `Faults`, `NotAllowed`."""
    _check_administers(by, [organisation, parent], at=at)
    held = _locked(organisation)
    moves = list(Belonging.objects.filter(organisation=held, withdrawn_at=None))
    faults = FaultList()
    _check_place(OrganisationKind(held.kind), parent, on=starts_on, faults=faults)
    if _is_below(parent, held):
        faults.add(
            InvalidValue(
                _("%(parent)s is itself part of %(name)s.") % {"parent": parent.name, "name": held.name},
                field="parent",
                remedy=_("Choose something larger."),
            )
        )
    if (
        any(one.starts_on == starts_on for one in moves)
        or parent_on(held, starts_on, moves=moves) == parent.pk
    ):
        faults.add(
            InvalidValue(
                _("It is part of %(parent)s on this day already, or another move begins on it.")
                % {"parent": parent.name},
                field="starts_on",
                remedy=_("Choose another day, or take the other move back first."),
            )
        )
    _check_days(held, starts_on, faults)
    faults.raise_any()
    if not moves and held.parent_id is not None:
        Belonging(
            id=new_id(at), organisation=held, parent_id=held.parent_id, starts_on=held.opens_on or LONG_AGO
        ).save(force_insert=True)
    made = Belonging(id=new_id(at), organisation=held, parent=parent, starts_on=starts_on)
    made.save(force_insert=True)
    _set_parent_of_today(held, at=at)
    return made


@transaction.atomic
def take_back_move(*, move: Belonging, by: Actor, at: datetime) -> None:
    """The move is not to be, or never was. Raises `NotAllowed`."""
    _check_administers(by, [move.organisation], at=at)
    held = _locked(move.organisation)
    move.withdrawn_at = at
    move.save(update_fields=["withdrawn_at"])
    _set_parent_of_today(held, at=at)


@transaction.atomic
def close_organisation(
    *,
    organisation: Organisation,
    closes_on: date,
    successors: Sequence[Organisation] = (),
    by: Actor,
    at: datetime,
) -> Organisation:
    """From a day on it is closed, and its successors stand in for it. Nothing that was written is changed.

    Raises `Faults` with everything that stands against it, `NotAllowed`.
    """
    _check_administers(by, [organisation, *successors], at=at)
    held = _locked(organisation)
    faults = FaultList()
    if held.closes_on is not None:
        faults.add(
            InvalidValue(
                _("This organisation closes, or has closed, already."),
                remedy=_("Take that back first if it is wrong."),
            )
        )
    if held.kind in NEEDS_SUCCESSOR and not successors:
        faults.add(
            InvalidValue(
                _("It does not say which scheme goes on with its cases and referrals."),
                field="successors",
                expected=_("A scheme that goes on, so that nobody who waits is lost."),
                remedy=_("Choose the scheme that takes over."),
            )
        )
    for one in successors:
        _check_successor(held, one, closes_on, faults)
    _check_days(held, closes_on, faults)
    _check_nothing_below(held, closes_on, faults)
    faults.raise_any()
    held.closes_on = closes_on
    held.save(update_fields=["closes_on"])
    for one in successors:
        Succession(id=new_id(at), predecessor=held, successor=one, starts_on=closes_on).save(
            force_insert=True
        )
    tell_of_closing(held)
    return held


@transaction.atomic
def take_back_closing(*, organisation: Organisation, by: Actor, at: datetime) -> Organisation:
    """It does not close, or never did: its own people see again what they saw, and nobody stands in for it."""
    into = closing_into(organisation)
    _check_administers(by, [organisation, *into], at=at)
    held = _locked(organisation)
    if held.closes_on is None:
        raise InvalidValue(_("This organisation is open."))
    if held.parent is not None and not held.parent.is_open(to_london(at).date()):
        raise InvalidValue(
            _("%(parent)s, which it is part of, has closed.") % {"parent": held.parent.name},
            remedy=_("Open that one again first, or move this one."),
        )
    held.closes_on = None
    held.save(update_fields=["closes_on"])
    Succession.objects.filter(predecessor=held, withdrawn_at=None).update(withdrawn_at=at)
    tell_of_closing(held)
    return held


def tell_of_closing(organisation: Organisation) -> None:
    """Leave it to a job to tell the administrators, if this transaction holds: messages are above this app."""
    jobs.defer(
        TELL_OF_CLOSING,
        key=str(organisation.pk),
        organisation_id=organisation.pk,
        system_id=organisation.system_id,
    )


@transaction.atomic
def make_moves_due(*, by: Actor, at: datetime) -> int:
    """Bring what each organisation is part of to the day it is. Run by a job; doing it again changes nothing."""
    moved = 0
    due = Belonging.objects.filter(withdrawn_at=None).values_list("organisation_id", flat=True)
    for one in Organisation.objects.filter(id__in=set(due)).select_for_update(of=("self",)):
        moved += _set_parent_of_today(one, at=at)
    return moved


def _set_parent_of_today(held: Organisation, *, at: datetime) -> bool:
    parent_id = parent_on(held, to_london(at).date())
    if parent_id == held.parent_id:
        return False
    held.parent_id = parent_id
    held.save(update_fields=["parent"])
    return True


def _check_administers(by: Actor, organisations: Iterable[Organisation], *, at: datetime) -> None:
    reach = administered(by, at=at)
    for one in organisations:
        check_can_administer(by, organisation_id=one.pk, reach=reach)
        if by.kind == "system" and one.system_id != by.system_id:
            raise NotAllowed(_("This organisation is of another system."), reason="other_system")


def _locked(organisation: Organisation) -> Organisation:
    found: Organisation = (
        Organisation.objects.select_for_update(of=("self",)).select_related("parent").get(id=organisation.pk)
    )
    return found


def _tidied(details: OrganisationDetails) -> dict[str, str]:
    return {
        "name": " ".join(details.name.split()),
        "code": details.code.strip().upper(),
        "phone": details.phone.strip(),
        "email": details.email.strip(),
        "address": details.address.strip(),
        "postcode": details.postcode.strip(),
    }


def _check_details(details: OrganisationDetails, faults: FaultList, but: Organisation | None = None) -> None:
    if not details.name.strip():
        faults.add(InvalidValue(_("It has no name."), field="name", remedy=_("Give the name people know.")))
    code = details.code.strip().upper()
    others = Organisation.objects.filter(code=code).exclude(id=but.pk if but else None)
    holder = others.first() if code else None
    if holder is not None:
        faults.add(
            InvalidValue(
                _("The code %(code)s is that of %(name)s.") % {"code": code, "name": holder.name},
                field="code",
                remedy=_("Look whether it is the same organisation, or whether the code has a slip."),
            )
        )


def _check_place(kind: OrganisationKind, parent: Organisation, *, on: date, faults: FaultList) -> None:
    if OrganisationKind(parent.kind) not in MAY_BE_PART_OF[kind]:
        faults.add(
            InvalidValue(
                _("A %(kind)s cannot be part of a %(parent)s.")
                % {"kind": kind.label, "parent": parent.get_kind_display()},
                field="parent",
                expected=_("One of: %(kinds)s.")
                % {"kinds": ", ".join(sorted(str(each.label) for each in MAY_BE_PART_OF[kind])) or "-"},
            )
        )
    if not parent.is_open(on):
        faults.add(
            InvalidValue(
                _("%(parent)s is not open on that day.") % {"parent": parent.name},
                field="parent",
                remedy=_("Choose one that is, or another day."),
            )
        )


def _check_days(held: Organisation, day: date, faults: FaultList) -> None:
    if held.opens_on is not None and day <= held.opens_on:
        faults.add(
            InvalidValue(
                _("%(name)s opens on %(day)s, and this lies before.")
                % {"name": held.name, "day": held.opens_on.isoformat()},
                field="day",
                remedy=_("Choose a later day."),
            )
        )


def _check_successor(held: Organisation, one: Organisation, closes_on: date, faults: FaultList) -> None:
    said = {"name": held.name, "other": one.name}
    if one.pk == held.pk or one.kind != held.kind:
        faults.add(
            InvalidValue(
                _("%(other)s cannot take the place of %(name)s: it is itself, or of another kind.") % said,
                field="successors",
            )
        )
    elif not one.is_open(closes_on):
        faults.add(
            InvalidValue(
                _("%(other)s is not open on the day on which %(name)s closes.") % said,
                field="successors",
                remedy=_("Choose one that is, or another day."),
            )
        )
    elif _leads_to(one, held):
        faults.add(
            InvalidValue(
                _("%(other)s itself closes into %(name)s, so nobody would be left.") % said,
                field="successors",
            )
        )


def _check_nothing_below(held: Organisation, closes_on: date, faults: FaultList) -> None:
    asked = Organisation.objects.filter(parent=held) | Organisation.objects.filter(
        belongings__parent=held, belongings__withdrawn_at=None
    )
    staying = sorted(
        one.name
        for one in asked.distinct()
        if (one.closes_on is None or one.closes_on > closes_on) and parent_on(one, closes_on) == held.pk
    )
    if staying:
        shown = ", ".join(staying[:10]) + (" …" if len(staying) > 10 else "")
        faults.add(
            InvalidValue(
                _("These are part of it on that day: %(names)s.") % {"names": shown},
                remedy=_("Move or close them first, from the same day or an earlier one."),
            )
        )


def _leads_to(start: Organisation, end: Organisation) -> bool:
    onward: dict[object, set[object]] = {}
    for before, after in successions():
        onward.setdefault(before, set()).add(after)
    return _reaches(start.pk, end.pk, onward)


def _is_below(start: Organisation, end: Organisation) -> bool:
    """Whether the one is part of the other now, or by any move that is planned."""
    onward: dict[object, set[object]] = {}
    for child, parent in Organisation.objects.values_list("id", "parent_id"):
        onward.setdefault(child, set()).add(parent)
    for child, parent in Belonging.objects.filter(withdrawn_at=None).values_list(
        "organisation_id", "parent_id"
    ):
        onward.setdefault(child, set()).add(parent)
    return _reaches(start.pk, end.pk, onward)


def _reaches(start: object, end: object, onward: dict[object, set[object]]) -> bool:
    seen: set[object] = set()
    waiting: list[object] = [start]
    while waiting:
        one = waiting.pop()
        if one == end:
            return True
        if one not in seen:
            seen.add(one)
            waiting.extend(onward.get(one, ()))
    return False
