"""Who administers what, who was invited, and who has had access since when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q

from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy.enums import Permission, Role
from fingerpost.web.tenancy.models import AccessAnswer, Invitation, Membership, Organisation, StaffImport
from fingerpost.web.tenancy.policies import check_can_administer

REVIEW_EVERY = timedelta(days=91)  # a quarter: what NHS organisations ask of systems that hold records


def administered(actor: Actor, *, at: datetime) -> frozenset[UUID]:
    """The organisations that the actor administers now: where they are an administrator, and all below it.

    Asked of the database and not of the actor: a role that ended since the request began counts no more.
    """
    if actor.membership_id is None or not actor.has(Permission.ADMINISTER_ACCOUNTS):
        return frozenset()
    held = _current(at).filter(
        id=actor.membership_id, user_id=actor.user_id, role=Role.ADMINISTRATOR, suspended_at=None
    )
    return below(held.values_list("organisation_id", flat=True))


def below(roots: Iterable[UUID]) -> frozenset[UUID]:
    """Organisations with everything that is part of them, and part of that."""
    parents = dict(Organisation.objects.values_list("id", "parent_id"))
    found = set(roots)
    while grown := {child for child, parent in parents.items() if parent in found} - found:
        found |= grown
    return frozenset(found)


def above(organisation_id: UUID) -> list[UUID]:
    """An organisation and whatever it is part of, nearest first."""
    parents = dict(Organisation.objects.values_list("id", "parent_id"))
    found: list[UUID] = []
    at: UUID | None = organisation_id
    while at is not None and at not in found:
        found.append(at)
        at = parents.get(at)
    return found


def administered_organisation(actor: Actor, *, organisation_id: UUID, at: datetime) -> Organisation | None:
    """An organisation to administer; none when there is no such. Raises `NotAllowed` when it is another's."""
    found: Organisation | None = (
        Organisation.objects.select_related("parent").filter(id=organisation_id).first()
    )
    if found is not None:
        check_can_administer(actor, organisation_id=found.pk, reach=administered(actor, at=at))
    return found


def memberships_held(*, user_id: UUID, organisation_ids: Collection[UUID]) -> list[Membership]:
    """What an account is and was in some organisations, newest first."""
    held = Membership.objects.filter(user_id=user_id, organisation_id__in=organisation_ids)
    return list(held.select_related("user", "organisation").order_by("-starts_at", "id"))


def membership(*, membership_id: UUID) -> Membership | None:
    found: Membership | None = (
        Membership.objects.select_related("user", "organisation").filter(id=membership_id).first()
    )
    return found


def open_invitations(*, organisation_id: UUID) -> list[Invitation]:
    """Neither accepted nor withdrawn; those whose link has run out too. Newest first."""
    waiting = Invitation.objects.filter(organisation_id=organisation_id, accepted_at=None, withdrawn_at=None)
    return list(waiting.select_related("organisation").order_by("-invited_at", "id"))


def invitation(*, invitation_id: UUID) -> Invitation | None:
    found: Invitation | None = (
        Invitation.objects.select_related("organisation").filter(id=invitation_id).first()
    )
    return found


@dataclass(frozen=True)
class Reviewed:
    """A membership that is open, the last answer to it, and whether it is time to ask again."""

    membership: Membership
    answer: AccessAnswer | None
    due_at: datetime
    is_due: bool


def access_to_review(*, organisation_ids: Collection[UUID], at: datetime) -> list[Reviewed]:
    """Every open membership of some organisations, with the newest answer. Due first, then by name."""
    held = list(
        _current(at)
        .filter(organisation_id__in=organisation_ids)
        .select_related("user", "organisation")
        .order_by("user__name", "id")
    )
    newest: dict[UUID, AccessAnswer] = {}
    for one in AccessAnswer.objects.filter(membership__in=held).order_by("answered_at", "id"):
        newest[one.membership_id] = one
    found = []
    for one in held:
        answer = newest.get(one.pk)
        due = (answer.answered_at if answer else one.starts_at) + REVIEW_EVERY
        found.append(Reviewed(one, answer, due, due <= at))
    return sorted(found, key=lambda each: not each.is_due)


@dataclass(frozen=True)
class Movement:
    """One membership that began or ended in a month."""

    at: datetime
    membership: Membership
    kind: str  # joined, moved, left, role_ended


def movements(*, organisation_ids: Collection[UUID], since: datetime, until: datetime) -> list[Movement]:
    """Who began, who changed role or organisation, who ended, in the order in which it happened.

    Somebody moved if they held another role of the system when this one began, or the moment before.
    """
    held = Membership.objects.filter(organisation_id__in=organisation_ids)
    touched = held.filter(
        Q(starts_at__gte=since, starts_at__lt=until) | Q(ends_at__gte=since, ends_at__lt=until)
    )
    ids = set(touched.values_list("user_id", flat=True))
    theirs: dict[UUID, list[Membership]] = {}
    for one in Membership.objects.filter(user_id__in=ids).select_related("user", "organisation"):
        theirs.setdefault(one.user_id, []).append(one)
    found = []
    for mine in theirs.values():
        for one in mine:
            if one.organisation_id not in organisation_ids:
                continue
            others = [other for other in mine if other.pk != one.pk]
            if since <= one.starts_at < until:
                found.append(Movement(one.starts_at, one, _begun(one, others)))
            if one.ends_at and since <= one.ends_at < until:
                kind = _ended(one.ends_at, others)
                if kind:
                    found.append(Movement(one.ends_at, one, kind))
    return sorted(found, key=lambda each: (each.at, each.membership.user.name))


def _begun(one: Membership, others: list[Membership]) -> str:
    earlier = [
        other
        for other in others
        if other.starts_at < one.starts_at and (other.ends_at is None or other.ends_at >= one.starts_at)
    ]
    return "moved" if earlier else "joined"


def _ended(ends_at: datetime, others: list[Membership]) -> str:
    """Nothing when another role took over at that moment: that one is told as a move."""
    if any(other.starts_at == ends_at for other in others):
        return ""
    goes_on = any(
        other.starts_at <= ends_at and (other.ends_at is None or other.ends_at > ends_at) for other in others
    )
    return "role_ended" if goes_on else "left"


def never_used(*, organisation_ids: Collection[UUID], at: datetime) -> list[Membership]:
    """Open memberships of accounts that nobody has ever signed in to, longest first."""
    held = _current(at).filter(organisation_id__in=organisation_ids, user__last_login=None)
    return list(held.select_related("user", "organisation").order_by("starts_at", "id"))


def gone_from(*, organisation_ids: Collection[UUID], at: datetime) -> dict[UUID, datetime]:
    """Accounts that held a role in some organisations and hold none there now, with when the last ended."""
    there = Membership.objects.filter(organisation_id__in=organisation_ids)
    now = _current(at).filter(organisation_id__in=organisation_ids, suspended_at=None)
    past = there.filter(starts_at__lte=at).exclude(user_id__in=now.values("user_id"))
    return dict(past.values_list("user_id").annotate(last=Max("ends_at")))


def _current(at: datetime):  # type: ignore[no-untyped-def]  # a queryset of a manager without types
    return Membership.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)


def staff_imports() -> list[StaffImport]:
    """The newest lists of staff that the reader may see, without their rows."""
    return list(StaffImport.objects.defer("rows", "outcomes", "undone").order_by("-tried_at", "id")[:20])


def staff_import(*, import_id: UUID) -> StaffImport | None:
    found: StaffImport | None = StaffImport.objects.filter(id=import_id).first()
    return found
