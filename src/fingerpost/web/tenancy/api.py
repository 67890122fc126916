"""The door of tenancy."""

from __future__ import annotations

from fingerpost.web.tenancy.actions import (
    add_membership,
    cover_practice,
    end_membership,
    found_system,
    open_account,
    register_organisation,
)
from fingerpost.web.tenancy.enums import OrganisationKind, Permission, Role
from fingerpost.web.tenancy.middleware import MEMBERSHIP_KEY
from fingerpost.web.tenancy.models import Membership, Organisation, System, User
from fingerpost.web.tenancy.permissions import PERMISSION_WORDS, ROLE_PERMISSIONS, ROLES_THAT_SEE_PEOPLE
from fingerpost.web.tenancy.selectors import (
    account,
    actor_of,
    colleagues_with,
    current_memberships,
    members_of,
    organisation,
    organisations,
    organisations_by_id,
    practices_of,
    role_in,
    schemes_for,
    systems,
    user_names,
    with_reach,
)

__all__ = [
    "MEMBERSHIP_KEY",
    "Membership",
    "Organisation",
    "OrganisationKind",
    "PERMISSION_WORDS",
    "Permission",
    "ROLES_THAT_SEE_PEOPLE",
    "ROLE_PERMISSIONS",
    "Role",
    "System",
    "User",
    "account",
    "actor_of",
    "add_membership",
    "colleagues_with",
    "cover_practice",
    "current_memberships",
    "end_membership",
    "found_system",
    "members_of",
    "open_account",
    "organisation",
    "organisations",
    "organisations_by_id",
    "practices_of",
    "register_organisation",
    "role_in",
    "schemes_for",
    "systems",
    "user_names",
    "with_reach",
]
