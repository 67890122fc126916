"""An invitation that is accepted with an account of the provider instead of a password (docs/decisions/0085)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fingerpost.kernel import clock
from fingerpost.kernel.contact_route import normalise_email
from fingerpost.kernel.errors import InvalidValue, NotAllowed, NotFound
from fingerpost.web.config.provider_tokens import Identity
from fingerpost.web.foundation import jobs
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.pages import provider
from fingerpost.web.pages.invitation import holder
from fingerpost.web.staff.tasks import PROVIDER_LINKED
from fingerpost.web.tenancy import api as tenancy


def check_is_open(token: str) -> None:
    """Before anybody is sent away: an invitation for an address that has no account yet. Raises `FingerpostError`."""
    by = holder(token)
    with scope(by, signing_in=True):
        _check_is_new(_offered(by))


def accept(token: str, found: Identity) -> None:
    """Open the account of the invited address, and link it. All of it or nothing; raises `FingerpostError`.

    Never for an address that has an account: that would be opened by whoever the provider gave its address to.
    """
    by, at = holder(token), clock.now()
    with transaction.atomic():
        with scope(by, signing_in=True):
            invitation = _offered(by)
            _check_is_new(invitation)
            _check_is_for(invitation, found)
            taken = tenancy.accept_invitation(
                name=invitation.name, password=None, signed_in_as=None, by=by, at=at
            )
        own = Actor(kind="user", id=f"user:{taken.user_id}", label=invitation.name, user_id=taken.user_id)
        with scope(own, signing_in=True):
            tenancy.link_sign_in(issuer=found.issuer, subject=found.subject, by=own, at=at)
            jobs.defer(PROVIDER_LINKED, key=str(taken.user_id), user_id=taken.user_id)


def _offered(by: Actor) -> tenancy.Invitation:
    found = tenancy.invitation_for_link(by, at=clock.now())
    if found is None:
        raise NotFound(_("This invitation is no longer open."))
    return found


def _check_is_new(invitation: tenancy.Invitation) -> None:
    if tenancy.account_invited(invitation) is not None:
        raise NotAllowed(
            _("Sign in with your account first, then open the link again."), reason="has_an_account"
        )


def _check_is_for(invitation: tenancy.Invitation, found: Identity) -> None:
    try:
        address = normalise_email(found.email).lower()
    except InvalidValue:
        address = ""
    if address != invitation.email:
        raise NotAllowed(
            _("%(name)s does not confirm that the invited address is yours.") % {"name": provider.name()},
            reason="another_address",
            remedy=_(
                "Choose a password here instead, or ask to be invited with the address that you have there."
            ),
        )
