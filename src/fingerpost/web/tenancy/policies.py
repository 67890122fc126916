"""Who may change what an account is in an organisation."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy.enums import OrganisationKind, Permission, Role
from fingerpost.web.tenancy.models import Membership, Organisation


def check_can_administer(actor: Actor, *, organisation_id: UUID, reach: Collection[UUID]) -> None:
    """`reach` is what the actor administers: their organisation and those below it. Jobs reach all they name."""
    if actor.kind == "system":
        return
    if not actor.has(Permission.ADMINISTER_ACCOUNTS):
        raise NotAllowed(
            _("Your role does not invite colleagues or change what they may do."),
            reason="no_permission",
            remedy=_("Ask the administrator of your organisation."),
        )
    if organisation_id not in reach:
        raise NotAllowed(
            _("You administer your own organisation and those that are part of it, and this is neither."),
            reason="not_administered",
            remedy=_("Ask the administrator of that organisation, or of one above it."),
        )


def check_can_import_organisations(actor: Actor, *, root: Organisation, reach: Collection[UUID]) -> None:
    """A list goes over a whole system, so it is for those who administer the whole of it."""
    if actor.kind == "system":
        if root.system_id != actor.system_id:
            raise NotAllowed(_("This organisation is of another system."), reason="other_system")
        return
    if not actor.has(Permission.ADMINISTER_ORGANISATIONS):
        raise NotAllowed(_("Your role does not import organisations."), reason="no_permission")
    if root.kind != OrganisationKind.SYSTEM or root.pk not in reach:
        raise NotAllowed(
            _("Lists of organisations are imported for a whole system, and you administer a part of one."),
            reason="not_the_system",
            remedy=_("Ask an administrator of the system. What you administer you can change by hand."),
        )


def check_is_somebody_else(actor: Actor, *, user_id: UUID) -> None:
    """Nobody lifts, suspends or ends themselves: a second person looks at every change of access."""
    if actor.user_id is not None and actor.user_id == user_id:
        raise NotAllowed(
            _("You cannot change your own access."),
            reason="own_access",
            remedy=_("Ask another administrator of your organisation, or of one above it."),
        )


def check_leaves_an_administrator(
    *, losing: Membership, administrators: Iterable[Membership], at: datetime
) -> None:
    """`administrators`: those of the organisation and of all above it, locked against a change meanwhile."""
    if losing.role != Role.ADMINISTRATOR:
        return
    staying = [
        one
        for one in administrators
        if one.pk != losing.pk
        and one.user_id != losing.user_id
        and one.suspended_at is None
        and one.starts_at <= at
        and one.ends_at is None
    ]
    if not staying:
        raise NotAllowed(
            _("This is the last administrator here. Without one, nobody could invite or suspend anybody."),
            reason="last_administrator",
            remedy=_("Make somebody else an administrator first."),
        )
