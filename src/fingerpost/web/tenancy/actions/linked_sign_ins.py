"""Signing in through the provider of an employer: which of its accounts opens which of ours."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy.models import LinkedSignIn


def link_sign_in(*, issuer: str, subject: str, by: Actor, at: datetime) -> LinkedSignIn:
    """The account that acts is opened by this one of the provider from now on. Held by two constraints."""
    link = LinkedSignIn(user_id=by.account, issuer=issuer, subject=subject, linked_at=at)
    try:
        with transaction.atomic():
            link.save(force_insert=True)
    except IntegrityError as fault:
        raise NotAllowed(
            _("This cannot be linked: one account there opens one account here, and each only once."),
            reason="linked_already",
            remedy=_("Unlink the account that is linked now, or ask your administrator."),
        ) from fault
    return link


def unlink_sign_in(*, by: Actor, at: datetime) -> int:
    """No account of a provider opens the account that acts any more. Returns how many did."""
    return int(LinkedSignIn.objects.filter(user_id=by.account, ended_at=None).update(ended_at=at))
