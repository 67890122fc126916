"""What is set up by commands and jobs: systems, organisations, the first accounts."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from fingerpost.kernel.ids import new_id
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy.actions.access import add_membership
from fingerpost.web.tenancy.enums import OrganisationKind, Role
from fingerpost.web.tenancy.models import Membership, Organisation, SchemeCoverage, System, User


def found_system(*, name: str, slug: str, by: Actor, at: datetime, sends_for_real: bool = True) -> System:
    """Make a tenant. Needs the owning role: the web process can read systems and never make one."""
    system = System(id=new_id(at), name=name, slug=slug, email_domain_for_tests=not sends_for_real)
    system.save(using="owner", force_insert=True)
    return system


def register_organisation(
    *,
    kind: OrganisationKind,
    name: str,
    by: Actor,
    code: str = "",
    parent: Organisation | None = None,
    phone: str = "",
    email: str = "",
    address: str = "",
) -> Organisation:
    organisation = Organisation(
        kind=kind, name=name, code=code, parent=parent, phone=phone, email=email, address=address
    )
    organisation.save(force_insert=True)
    return organisation


def cover_practice(
    *, scheme: Organisation, practice: Organisation, starts_on: date, by: Actor
) -> SchemeCoverage:
    coverage = SchemeCoverage(scheme=scheme, practice=practice, starts_on=starts_on)
    coverage.save(force_insert=True)
    return coverage


@transaction.atomic
def open_account(
    *,
    email: str,
    name: str,
    role: Role,
    organisation: Organisation,
    by: Actor,
    at: datetime,
    password: str | None = None,
) -> Membership:
    """Open an account with its first membership. Without a password nobody can sign in to it."""
    user = User.objects.create_user(email=email, name=name, password=password)
    return add_membership(user_id=user.pk, organisation=organisation, role=role, by=by, at=at)
