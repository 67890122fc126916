"""Jobs of the staff pages: the e-mail with the link to a new password."""

from __future__ import annotations

from uuid import UUID

from allauth.account.forms import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.links import absolute
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy import api as tenancy

SEND_RESET = "accounts.send_reset"


@app.task(name=SEND_RESET, retry=RetryStrategy(max_attempts=4, exponential_wait=4))
def send_reset(*, user_id: str) -> None:
    """Sent at once and not through the outbox: colleagues read the outbox, and this link opens an account."""
    with scope(Actor.system(reason="new password"), signing_in=True):
        user = tenancy.account(user_id=UUID(user_id))
        key = default_token_generator.make_token(user)
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": user.pk.hex, "key": key})
        subject = render_to_string("account/email/new_password.subject.txt", using="jinja2").strip()
        text = render_to_string(
            "account/email/new_password.txt", {"name": user.name, "address": absolute(path)}, using="jinja2"
        )
    EmailMessage(subject, text, to=[user.email]).send()
