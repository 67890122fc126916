"""How far an e-mail address may be relied on, changed only by somebody who says so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.contact_route import normalise_email
from fingerpost.web.directory.enums import EmailState
from fingerpost.web.directory.lifecycle import EMAIL_TRANSITIONS
from fingerpost.web.directory.models import EmailAddress
from fingerpost.web.directory.policies import check_can_answer_for_email, check_can_vouch_for_email
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.lifecycle import check_transition


def vouch_for_email(*, address: str, by: Actor, at: datetime) -> EmailAddress:
    """A member of staff says the address is right: it may be written to, without personal data."""
    check_can_vouch_for_email(by)
    return _set_state(
        address, EmailState.CHECKED, by=by, at=at, enough=(EmailState.CHECKED, EmailState.CONFIRMED)
    )


def confirm_email(*, address: str, by: Actor, at: datetime) -> EmailAddress:
    """Whoever it belongs to has answered from it (a link sent to it was used, or they told a colleague)."""
    check_can_answer_for_email(by)
    return _set_state(address, EmailState.CONFIRMED, by=by, at=at, enough=(EmailState.CONFIRMED,))


def refuse_email(*, address: str, by: Actor, at: datetime) -> EmailAddress:
    """Whoever it belongs to does not want to be written to. Only they can take that back."""
    check_can_answer_for_email(by)
    return _set_state(address, EmailState.REFUSED, by=by, at=at, enough=(EmailState.REFUSED,))


@transaction.atomic
def _set_state(
    address: str, state: EmailState, *, by: Actor, at: datetime, enough: tuple[EmailState, ...]
) -> EmailAddress:
    """Move to `state`; an address that already is in one of `enough` is left as it is."""
    plain = normalise_email(address).lower()
    found = EmailAddress.objects.select_for_update().filter(address=plain).first() or EmailAddress(
        address=plain
    )
    now = EmailState(found.state)
    if now in enough:
        return found
    check_transition(EMAIL_TRANSITIONS, now=now, to=state, what=_("This address"))
    found.state, found.state_set_at, found.state_set_by = state, at, by.id
    found.save()
    return found
