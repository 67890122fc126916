from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from fingerpost.kernel.london import to_london
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy.enums import OrganisationKind, Permission, Role
from fingerpost.web.tenancy.models import Membership, Organisation, System, User
from fingerpost.web.tenancy.permissions import ROLE_PERMISSIONS, ROLES_THAT_SEE_PEOPLE, permissions_of
from fingerpost.web.tenancy.selectors.tree import reach_of


def current_memberships(*, user_id: UUID, at: datetime) -> list[Membership]:
    """The memberships an account may act as now; read before any system is chosen, so not through the manager."""
    mine = Membership._base_manager.filter(user_id=user_id, starts_at__lte=at, suspended_at=None)
    open_ = Q(organisation__closes_on=None) | Q(organisation__closes_on__gt=to_london(at).date())
    return list(mine.filter(open_, Q(ends_at=None) | Q(ends_at__gt=at)).order_by("starts_at", "id"))


def inherited(*, organisation_id: UUID) -> frozenset[UUID]:
    """The organisations that one stands in for today, since they closed into it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenancy_inherited(%s)", [organisation_id])
        return frozenset(cursor.fetchone()[0])


def actor_of(*, user: User, membership: Membership) -> Actor:
    """The actor an account is while it acts as `membership`, for its organisation and those that closed into it."""
    return Actor(
        kind="user",
        id=f"user:{user.pk}",
        label=user.name,
        system_id=membership.system_id,
        organisation_ids=inherited(organisation_id=membership.organisation_id) | {membership.organisation_id},
        permissions=frozenset(permissions_of(membership.role)),
        sees_people=membership.role in ROLES_THAT_SEE_PEOPLE,
        user_id=user.pk,
        membership_id=membership.pk,
        organisation_id=membership.organisation_id,
        role=membership.role,
    )


def with_reach(actor: Actor, *, on: date) -> Actor:
    """A counting role widened to what lies below its organisation: for a network its practices and its schemes.

    Only for roles that see no named person; whoever works with people stays within their own organisation.
    """
    if actor.sees_people or actor.organisation_id is None:
        return actor
    return replace(actor, organisation_ids=reach_of(actor.organisation_id, on=on))


def systems() -> list[System]:
    return list(System._base_manager.order_by("name"))


def published_system(host: str) -> System | None:
    """The system whose directory is published at a host, as `FINGERPOST_PUBLISHES` says.

    Without the setting that is the only one there is; among several nobody has chosen, so none is.
    """
    held = {system.slug: system for system in systems()}
    chosen: dict[str, str] = dict(settings.FINGERPOST_PUBLISHES or [])
    slug = chosen.get(host.lower(), chosen.get("*"))
    if slug == "":
        return next(iter(held.values())) if len(held) == 1 else None
    return held.get(slug) if slug else None


def organisation(*, organisation_id: UUID) -> Organisation:
    return Organisation.objects.get(id=organisation_id)


def organisations_by_id(ids: Sequence[UUID]) -> dict[UUID, Organisation]:
    return {o.id: o for o in Organisation.objects.filter(id__in=set(ids))}


def organisations(*, kind: OrganisationKind | None = None) -> QuerySet[Organisation]:
    found = Organisation.objects.order_by("name")
    return found.filter(kind=kind) if kind else found


def colleagues_with(*, permission: Permission, organisation_id: UUID, at: datetime) -> list[User]:
    """Accounts that hold a permission in an organisation now, by name."""
    roles = [role for role in Role if permission in ROLE_PERMISSIONS[role]]
    held = Membership.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at),
        organisation_id=organisation_id,
        role__in=roles,
        starts_at__lte=at,
        suspended_at=None,
    )
    return list(User.objects.filter(id__in=held.values("user_id"), is_active=True).order_by("name"))


def accounts_with(*, permission: Permission, at: datetime) -> list[User]:
    """Accounts of the whole system that hold a permission now, by name."""
    roles = [role for role in Role if permission in ROLE_PERMISSIONS[role]]
    held = Membership.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at), role__in=roles, starts_at__lte=at, suspended_at=None
    )
    return list(User.objects.filter(id__in=held.values("user_id"), is_active=True).order_by("name"))


def administrators_of(*, organisation_ids: Collection[UUID], at: datetime) -> list[User]:
    """Accounts that administer one of them now, or what it is part of; each once, by name."""
    parents = dict(Organisation.objects.values_list("id", "parent_id"))
    concerned: set[UUID] = set()
    waiting: list[UUID | None] = list(organisation_ids)
    while waiting:
        one = waiting.pop()
        if one is not None and one not in concerned:
            concerned.add(one)
            waiting.append(parents.get(one))
    roles = [role for role in Role if Permission.ADMINISTER_ACCOUNTS in ROLE_PERMISSIONS[role]]
    held = Membership.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at),
        organisation_id__in=concerned,
        role__in=roles,
        starts_at__lte=at,
        suspended_at=None,
    )
    return list(User.objects.filter(id__in=held.values("user_id"), is_active=True).order_by("name", "id"))


def members_of(*, organisation_id: UUID) -> list[Membership]:
    """Every membership of an organisation, ended ones too, with its account; by name, then newest first."""
    held = Membership.objects.filter(organisation_id=organisation_id).select_related("user")
    return list(held.order_by("user__name", "user_id", "-starts_at"))


def account(*, user_id: UUID) -> User:
    return User.objects.get(id=user_id)


def user_names(ids: Sequence[UUID]) -> dict[UUID, str]:
    return dict(User.objects.filter(id__in=set(ids)).values_list("id", "name"))


def role_in(*, user_id: UUID, organisation_id: UUID, at: datetime) -> str | None:
    held = Membership.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at),
        user_id=user_id,
        organisation_id=organisation_id,
        starts_at__lte=at,
        suspended_at=None,
    )
    return held.values_list("role", flat=True).first()


def organisations_of(*, user_id: UUID, kind: OrganisationKind, at: datetime | None) -> list[UUID]:
    """Organisations of a kind in which an account has a membership at a moment, or (without one) ever had."""
    held = Membership.objects.filter(user_id=user_id, organisation__kind=kind)
    if at is not None:
        held = held.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at, suspended_at=None)
    return sorted(set(held.values_list("organisation_id", flat=True)))
