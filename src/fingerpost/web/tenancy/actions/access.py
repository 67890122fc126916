"""What an account is in an organisation: given, changed, suspended, ended, and looked at again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import InvalidValue, NotAllowed, NotFound
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy import policies
from fingerpost.web.tenancy.enums import ReviewAnswer, Role
from fingerpost.web.tenancy.models import AccessAnswer, Membership, Organisation
from fingerpost.web.tenancy.selectors.access import above, administered


@transaction.atomic
def add_membership(
    *, user_id: UUID, organisation: Organisation, role: Role, by: Actor, at: datetime
) -> Membership:
    """Give an account a further role. Raises `NotAllowed`, and `InvalidValue` when it holds that one there."""
    _check(by, organisation_id=organisation.pk, user_id=user_id, at=at)
    if _held(user_id, organisation.pk, role, at):
        raise InvalidValue(
            _("They have this role here already."), field="role", expected=_("a role they do not have yet")
        )
    if by.kind != "system" and not Membership.objects.filter(user_id=user_id).exists():
        raise NotFound(_("There is no such account here."))
    membership = Membership(user_id=user_id, organisation=organisation, role=role, starts_at=at)
    membership.save(force_insert=True)
    return membership


@transaction.atomic
def end_membership(
    *, membership: Membership, by: Actor, at: datetime, ends_at: datetime | None = None
) -> Membership:
    """End it now, or on a later day. What it opened is closed from that moment on."""
    administrators = _locked_administrators(membership.organisation_id, at)
    _check(by, organisation_id=membership.organisation_id, user_id=membership.user_id, at=at)
    held: Membership = Membership.objects.select_for_update().get(id=membership.pk)
    if held.ends_at is not None and held.ends_at <= at:
        raise NotAllowed(_("This role has ended already."), reason="ended_already")
    ends = max(ends_at or at, at)
    if ends <= held.starts_at:
        raise InvalidValue(_("It cannot end before it begins."), field="ends_on", expected=_("a later day"))
    policies.check_leaves_an_administrator(losing=held, administrators=administrators, at=at)
    held.ends_at = ends
    held.save(update_fields=["ends_at"])
    return held


@transaction.atomic
def change_role(*, membership: Membership, role: Role, by: Actor, at: datetime) -> Membership:
    """One role ends and another begins at the same moment, in the same organisation.

    The new one first: whoever changes their role has not left, and nobody is to think so in between.
    """
    given = add_membership(
        user_id=membership.user_id, organisation=membership.organisation, role=role, by=by, at=at
    )
    end_membership(membership=membership, by=by, at=at)
    return given


@transaction.atomic
def suspend(*, user_id: UUID, by: Actor, at: datetime) -> int:
    """Close to an account everything that the actor administers, until it is lifted. Returns how many roles.

    The account itself is left alone: it may work in another system, which is no business of this one.
    """
    held = _within_reach(user_id, by, at).filter(suspended_at=None)
    found = list(held.select_for_update().order_by("id"))
    for one in found:
        policies.check_leaves_an_administrator(
            losing=one, administrators=_locked_administrators(one.organisation_id, at), at=at
        )
        one.suspended_at = at
        one.save(update_fields=["suspended_at"])
    return len(found)


@transaction.atomic
def lift_suspension(*, user_id: UUID, by: Actor, at: datetime) -> int:
    """Open again what was suspended, where the actor administers it. Returns how many roles."""
    found = list(
        _within_reach(user_id, by, at).filter(suspended_at__isnull=False).select_for_update().order_by("id")
    )
    for one in found:
        one.suspended_at = None
        one.save(update_fields=["suspended_at"])
    return len(found)


@transaction.atomic
def answer_review(*, membership: Membership, answer: ReviewAnswer, by: Actor, at: datetime) -> AccessAnswer:
    """Keep what was said of a membership in an access review; "to be ended" ends it at once."""
    _check(by, organisation_id=membership.organisation_id, user_id=membership.user_id, at=at)
    kept = AccessAnswer(
        membership=membership,
        organisation_id=membership.organisation_id,
        answer=answer,
        answered_at=at,
        answered_by=by.account,
        answered_by_name=by.label,
    )
    kept.save(force_insert=True)
    if answer == ReviewAnswer.END:
        end_membership(membership=membership, by=by, at=at)
    return kept


def _check(by: Actor, *, organisation_id: UUID, user_id: UUID, at: datetime) -> None:
    policies.check_can_administer(by, organisation_id=organisation_id, reach=administered(by, at=at))
    policies.check_is_somebody_else(by, user_id=user_id)


def _within_reach(user_id: UUID, by: Actor, at: datetime):  # type: ignore[no-untyped-def]
    policies.check_is_somebody_else(by, user_id=user_id)
    held = Membership.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), user_id=user_id)
    if by.kind == "system":
        return held
    reach = administered(by, at=at)
    first = held.filter(organisation_id__in=reach).first()
    if first is None:
        raise NotFound(_("There is no such account here."))
    policies.check_can_administer(by, organisation_id=first.organisation_id, reach=reach)
    return held.filter(organisation_id__in=reach)


def _held(user_id: UUID, organisation_id: UUID, role: Role, at: datetime) -> bool:
    held = Membership.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at)
    return held.filter(user_id=user_id, organisation_id=organisation_id, role=role).exists()


def _locked_administrators(organisation_id: UUID, at: datetime) -> list[Membership]:
    """Of an organisation and all above it. Locked, so that two who end each other do not both succeed."""
    held = Membership.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at),
        organisation_id__in=above(organisation_id),
        role=Role.ADMINISTRATOR,
    )
    return list(held.select_for_update().order_by("id"))
