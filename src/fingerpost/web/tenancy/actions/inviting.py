"""Inviting a colleague: a link to their e-mail address, used once, that opens one role in one organisation."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.contact_route import normalise_email
from fingerpost.kernel.errors import InvalidValue, NotAllowed, NotFound
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.models import SignedLink
from fingerpost.web.tenancy import policies
from fingerpost.web.tenancy.enums import Role
from fingerpost.web.tenancy.models import Invitation, Membership, Organisation, User
from fingerpost.web.tenancy.selectors.access import administered
from fingerpost.web.tenancy.selectors.members import role_in

LINK_PURPOSE = "invitation"
LIVES = timedelta(days=7)


@transaction.atomic
def invite(
    *, email: str, name: str, organisation: Organisation, role: Role, by: Actor, at: datetime
) -> Invitation:
    """Offer a role. Invited twice, the earlier link ends. Whether the address has an account is not looked at."""
    policies.check_can_administer(by, organisation_id=organisation.pk, reach=administered(by, at=at))
    address = normalise_email(email).lower()
    if by.user_id is not None and User.objects.filter(id=by.user_id, email=address).exists():
        policies.check_is_somebody_else(by, user_id=by.user_id)
    waiting = Invitation.objects.filter(
        organisation=organisation, email=address, role=role, accepted_at=None, withdrawn_at=None
    ).first()
    if waiting is not None:
        return renew_invitation(invitation=waiting, by=by, at=at)
    made = Invitation(
        email=address,
        name=name,
        organisation=organisation,
        role=role,
        inviter=by.user_id,
        inviter_name=by.label,
        invited_at=at,
        sent_at=at,
        expires_at=at + LIVES,
    )
    made.save(force_insert=True)
    return made


@transaction.atomic
def renew_invitation(*, invitation: Invitation, by: Actor, at: datetime) -> Invitation:
    """A fresh link; the one sent before opens nothing any more."""
    held = _to_change(invitation, by, at)
    held.sent_at, held.expires_at = at, at + LIVES
    held.save(update_fields=["sent_at", "expires_at"])
    end_links(held, reason="sent_again", at=at)
    return held


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Actor, at: datetime) -> Invitation:
    """The link that was sent opens nothing from now on."""
    held = _to_change(invitation, by, at)
    held.withdrawn_at = at
    held.save(update_fields=["withdrawn_at"])
    end_links(held, reason="withdrawn", at=at)
    return held


@transaction.atomic
def issue_link(*, invitation: Invitation, by: Actor, at: datetime) -> SignedLink:
    """The link to send. Made by the job that sends it, so that none waits in a queue."""
    if not invitation.is_open(at):
        raise NotAllowed(_("This invitation is no longer open."), reason="not_open")
    end_links(invitation, reason="sent_again", at=at)
    return links.issue(
        purpose=LINK_PURPOSE,
        subject_id=invitation.pk,
        organisation_id=invitation.organisation_id,
        holder_label=invitation.name,
        at=at,
        lives=invitation.expires_at - at,
    )


def end_links(invitation: Invitation, *, reason: str, at: datetime) -> None:
    links.revoke(subject_id=invitation.pk, purpose=LINK_PURPOSE, reason=reason, at=at)


@transaction.atomic
def accept_invitation(
    *, name: str, password: str | None, signed_in_as: UUID | None, by: Actor, at: datetime
) -> Membership:
    """Take up what the open link offers: as a new account, or as the account that the address has already.

    Without a password (None) a new account is opened by what is linked with it, and by nothing else.
    Whoever has an account proves it by having signed in: a link that was passed on opens nobody's account.
    """
    invitation = _offered(by, at)
    account = account_invited(invitation)
    if account is not None and account.pk != signed_in_as:
        raise NotAllowed(_("Sign in with your account first, then open the link again."), reason="sign_in")
    if account is not None and account.pk == invitation.inviter:
        policies.check_is_somebody_else(
            Actor(kind="user", id=by.id, label=by.label, user_id=account.pk), user_id=account.pk
        )
    if account is None:
        account = User.objects.create_user(email=invitation.email, name=name, password=password)
    taken = _take_up(invitation, account, at)
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    end_links(invitation, reason="used", at=at)
    return taken


def account_invited(invitation: Invitation) -> User | None:
    """The account that an invited address has already, read in a scope that may sign in."""
    return User.objects.filter(email=invitation.email).first()


def invitation_for_link(by: Actor, *, at: datetime) -> Invitation | None:
    """What the open link offers, if it is still open."""
    found: Invitation | None = (
        Invitation.objects.select_related("organisation").filter(accepted_at=None).first()
    )
    return found if found is not None and by.has(LINK_PURPOSE) and found.is_open(at) else None


def _offered(by: Actor, at: datetime) -> Invitation:
    """The invitation, locked: of two who press at once, the second finds it used."""
    found: Invitation | None = (
        Invitation.objects.select_for_update().filter(accepted_at=None, withdrawn_at=None).first()
        if by.has(LINK_PURPOSE)
        else None
    )
    if found is None or not found.is_open(at):
        raise NotFound(_("This invitation is no longer open."))
    return found


def _take_up(invitation: Invitation, account: User, at: datetime) -> Membership:
    if role_in(user_id=account.pk, organisation_id=invitation.organisation_id, at=at) == invitation.role:
        held: Membership = Membership.objects.filter(
            user_id=account.pk, organisation_id=invitation.organisation_id, role=invitation.role
        ).latest("starts_at")
        return held
    membership = Membership(
        user=account, organisation_id=invitation.organisation_id, role=invitation.role, starts_at=at
    )
    membership.save(force_insert=True)
    return membership


def _to_change(invitation: Invitation, by: Actor, at: datetime) -> Invitation:
    policies.check_can_administer(
        by, organisation_id=invitation.organisation_id, reach=administered(by, at=at)
    )
    held: Invitation = Invitation.objects.select_for_update().get(id=invitation.pk)
    if held.accepted_at or held.withdrawn_at:
        raise InvalidValue(_("This invitation has been accepted or withdrawn already."))
    return held
