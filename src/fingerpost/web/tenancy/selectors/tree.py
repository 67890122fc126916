"""The tree of organisations on a day: what is part of what, who stands in for whom, which scheme covers whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy.enums import OrganisationKind
from fingerpost.web.tenancy.models import (
    Belonging,
    Organisation,
    OrganisationImport,
    SchemeCoverage,
    Succession,
)
from fingerpost.web.tenancy.policies import check_can_import_organisations
from fingerpost.web.tenancy.selectors.access import administered

TOLD_FOR = timedelta(days=90)  # how long administrators are told of what has changed


def parents() -> dict[UUID, UUID | None]:
    """What each organisation of the system is part of today."""
    return dict(Organisation.objects.values_list("id", "parent_id"))


def parent_on(
    organisation: Organisation, on: date, *, moves: Iterable[Belonging] | None = None
) -> UUID | None:
    """What an organisation is part of on a day."""
    held = (
        moves if moves is not None else Belonging.objects.filter(organisation=organisation, withdrawn_at=None)
    )
    begun = [one for one in held if one.starts_on <= on]
    return max(begun, key=lambda one: one.starts_on).parent_id if begun else organisation.parent_id


def successions(*, on: date | None = None) -> list[tuple[UUID, UUID]]:
    """Pairs of predecessor and successor: those that hold on a day, or all that are planned as well."""
    held = Succession.objects.filter(withdrawn_at=None)
    if on is not None:
        held = held.filter(starts_on__lte=on)
    return list(held.values_list("predecessor_id", "successor_id"))


def ever_closing_into(organisation: Organisation) -> list[UUID]:
    """Whoever was to take its place at some time, also where that was taken back."""
    return list(Succession.objects.filter(predecessor=organisation).values_list("successor_id", flat=True))


def with_predecessors(ids: Collection[UUID], *, on: date) -> frozenset[UUID]:
    """Organisations, and those that they stand in for on a day."""
    return _grown(ids, {(after, before) for before, after in successions(on=on)})


def standing_in(organisation: Organisation, *, on: date) -> list[Organisation]:
    """Who is there in place of an organisation on a day: itself while it is open, else whom it closed into."""
    if organisation.closes_on is None or on < organisation.closes_on:
        return [organisation]
    reached = _grown([organisation.pk], successions(on=on)) - {organisation.pk}
    found = Organisation.objects.filter(id__in=reached).order_by("name")
    return [one for one in found if one.closes_on is None or on < one.closes_on]


def covers(*, scheme_id: UUID, practice_id: UUID, on: date) -> bool:
    """Whether a scheme takes referrals from a practice on a day."""
    return schemes_for(practice_id=practice_id, on=on).filter(id=scheme_id).exists()


def schemes_for(*, practice_id: UUID, on: date) -> QuerySet[Organisation]:
    """Schemes that take referrals from a practice on a day, by name. A closed practice has none."""
    pairs = successions(on=on)
    asked = Organisation.objects.filter(id=practice_id).first()
    if asked is None or not asked.is_open(on):
        return Organisation.objects.none()
    practices = _grown([practice_id], _turned(pairs))
    held = _held(on).filter(practice_id__in=practices).values_list("scheme_id", flat=True)
    return _open(on).filter(id__in=_grown(held, pairs), kind=OrganisationKind.SCHEME)


def schemes_onward(*, practice_id: UUID, on: date) -> list[Organisation]:
    """Schemes to which a referral of a practice may be passed on, though the practice may have closed since.

    Then they are those of whoever stands in for it or, when nobody does, those it had on its last day.
    """
    practice = Organisation.objects.filter(id=practice_id).first()
    if practice is None:
        return []
    found: dict[UUID, Organisation] = {}
    for one in standing_in(practice, on=on):
        found |= {scheme.pk: scheme for scheme in schemes_for(practice_id=one.pk, on=on)}
    if not found and practice.closes_on is not None and practice.closes_on <= on:
        last = practice.closes_on - timedelta(days=1)
        open_now = set(_open(on).filter(kind=OrganisationKind.SCHEME).values_list("id", flat=True))
        found = {s.pk: s for s in schemes_for(practice_id=practice_id, on=last) if s.pk in open_now}
    return sorted(found.values(), key=lambda scheme: scheme.name)


def practices_of(*, scheme_id: UUID, on: date) -> QuerySet[Organisation]:
    """Practices from which a scheme takes referrals on a day, by name."""
    pairs = successions(on=on)
    schemes = _grown([scheme_id], _turned(pairs))
    held = _held(on).filter(scheme_id__in=schemes).values_list("practice_id", flat=True)
    return _open(on).filter(id__in=_grown(held, pairs))


def reach_of(organisation_id: UUID, *, on: date) -> frozenset[UUID]:
    """What lies below an organisation, what those stand in for, and schemes that never served a practice elsewhere.

    Of a scheme that is shared with others and lies below none of these, only what its own practices referred is
    counted: each event of the pathway names its referrer.
    """
    pairs = [(parent, child) for child, parent in parents().items() if parent is not None]
    below = _grown([organisation_id], pairs)
    below = _grown(below, _turned(successions(on=on)))
    serving = set(_held(on).filter(practice_id__in=below).values_list("scheme_id", flat=True)) - below
    elsewhere = SchemeCoverage.objects.filter(scheme_id__in=serving).exclude(practice_id__in=below)
    return below | serving - set(elsewhere.values_list("scheme_id", flat=True))


def schemes_of_practices(*, practice_ids: Collection[UUID], on: date) -> QuerySet[Organisation]:
    """Schemes that take referrals from any of these practices on a day, by name."""
    held = _held(on).filter(practice_id__in=practice_ids).values_list("scheme_id", flat=True)
    return _open(on).filter(id__in=_grown(held, successions(on=on)), kind=OrganisationKind.SCHEME)


@dataclass(frozen=True)
class Change:
    """Something that changes, or has lately changed, in the tree."""

    on: date
    organisation: Organisation
    kind: str  # opens, closes, closes_into, moves
    others: tuple[Organisation, ...] = ()


def changes(*, on: date) -> list[Change]:
    """What lies ahead and what has happened in the last three months, in the order of its days."""
    since = on - TOLD_FOR
    found = []
    into: dict[UUID, list[Organisation]] = {}
    for one in Succession.objects.filter(withdrawn_at=None, starts_on__gte=since).select_related("successor"):
        into.setdefault(one.predecessor_id, []).append(one.successor)
    for each in Organisation.objects.filter(Q(closes_on__gte=since) | Q(opens_on__gte=since)):
        if each.opens_on and each.opens_on >= since:
            found.append(Change(each.opens_on, each, "opens"))
        if each.closes_on and each.closes_on >= since:
            others = tuple(sorted(into.get(each.pk, ()), key=lambda other: other.name))
            found.append(Change(each.closes_on, each, "closes_into" if others else "closes", others))
    moves = Belonging.objects.filter(withdrawn_at=None, starts_on__gte=since, parent__isnull=False)
    for move in moves.select_related("organisation", "parent"):
        if move.starts_on != move.organisation.opens_on:
            found.append(Change(move.starts_on, move.organisation, "moves", (move.parent,)))
    return sorted(found, key=lambda change: (change.on, change.organisation.name))


def moves_of(organisation: Organisation) -> list[Belonging]:
    """When an organisation became, or becomes, part of what; oldest first."""
    held = Belonging.objects.filter(organisation=organisation, withdrawn_at=None).select_related("parent")
    return list(held.order_by("starts_on"))


def closing_into(organisation: Organisation) -> list[Organisation]:
    """Who goes on in place of an organisation that closes, by name."""
    held = Organisation.objects.filter(succeeds__predecessor=organisation, succeeds__withdrawn_at=None)
    return list(held.order_by("name"))


def root_of_system(*, code: str = "") -> Organisation | None:
    """The one organisation of kind system, or the one with a code; none when it is not clear which."""
    found = list(
        Organisation.objects.filter(kind=OrganisationKind.SYSTEM, **({"code": code} if code else {}))
    )
    return found[0] if len(found) == 1 else None


def import_root(actor: Actor, *, at: datetime) -> Organisation:
    """The organisation of the system that the actor administers the whole of. Raises `NotAllowed`."""
    found = Organisation.objects.filter(id=actor.organisation_id).first()
    if found is None:
        raise NotAllowed(_("You act for no organisation of this system."), reason="no_organisation")
    check_can_import_organisations(actor, root=found, reach=administered(actor, at=at))
    return found


def may_import(actor: Actor, *, at: datetime) -> bool:
    try:
        import_root(actor, at=at)
    except NotAllowed:
        return False
    return True


def successors_by_id() -> dict[UUID, list[str]]:
    """The names of who goes on in place of each organisation that closes into others."""
    found: dict[UUID, list[str]] = {}
    rows = Succession.objects.filter(withdrawn_at=None).order_by("successor__name")
    for before, name in rows.values_list("predecessor_id", "successor__name"):
        found.setdefault(before, []).append(name)
    return found


def imports_below(*, root_id: UUID) -> QuerySet[OrganisationImport]:
    """Lists that were read for an organisation, newest first."""
    held: QuerySet[OrganisationImport] = OrganisationImport.objects.filter(root_id=root_id)
    return held.order_by("-read_at", "-id")


def organisation_import(*, import_id: UUID) -> OrganisationImport | None:
    found: OrganisationImport | None = (
        OrganisationImport.objects.select_related("root").filter(id=import_id).first()
    )
    return found


def _held(on: date) -> QuerySet[SchemeCoverage]:
    held: QuerySet[SchemeCoverage] = SchemeCoverage.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=on), starts_on__lte=on
    )
    return held


def _open(on: date) -> QuerySet[Organisation]:
    found: QuerySet[Organisation] = Organisation.objects.filter(
        Q(closes_on=None) | Q(closes_on__gt=on), Q(opens_on=None) | Q(opens_on__lte=on)
    )
    return found.order_by("name")


def _turned(pairs: Iterable[tuple[UUID, UUID]]) -> list[tuple[UUID, UUID]]:
    return [(after, before) for before, after in pairs]


def _grown(start: Iterable[UUID], pairs: Iterable[tuple[UUID, UUID]]) -> frozenset[UUID]:
    """Everything that is reached from some ids along pairs; a circle ends by itself."""
    onward: dict[UUID, list[UUID]] = {}
    for one, other in pairs:
        onward.setdefault(one, []).append(other)
    found = set(start)
    waiting = list(found)
    while waiting:
        for other in onward.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return frozenset(found)
