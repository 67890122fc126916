"""Jobs of the staff pages: the e-mails with the link to a new password and with an invitation."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.account.forms import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from fingerpost.kernel import clock
from fingerpost.kernel.contact_route import Channel, ContactRoute
from fingerpost.web.foundation import jobs
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.links import absolute, token_of
from fingerpost.web.foundation.scope import scope
from fingerpost.web.messaging import api as messaging
from fingerpost.web.pages import provider
from fingerpost.web.tenancy import api as tenancy

SEND_RESET = "accounts.send_reset"
SEND_INVITATION = "accounts.send_invitation"
SEND_NEW_DEVICE = "accounts.send_new_device"
# What the accounts package tells of, by its own names, and the job that says it.
NOTICES = {
    "account/email/password_changed": "accounts.tell_password_changed",
    "account/email/password_reset": "accounts.tell_password_reset",
    "account/email/password_set": "accounts.tell_password_changed",
    "mfa/email/totp_activated": "accounts.tell_app_added",
    "mfa/email/totp_deactivated": "accounts.tell_app_removed",
    "mfa/email/webauthn_added": "accounts.tell_passkey_added",
    "mfa/email/webauthn_removed": "accounts.tell_passkey_removed",
    "mfa/email/recovery_codes_generated": "accounts.tell_codes_made",
}
PROOF_TAKEN_AWAY = "accounts.tell_proof_taken_away"
PROVIDER_LINKED = "accounts.tell_provider_linked"
PROVIDER_UNLINKED = "accounts.tell_provider_unlinked"


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


@app.task(name=SEND_INVITATION, retry=RetryStrategy(max_attempts=4, exponential_wait=4))
def send_invitation(*, invitation_id: str, system_id: str) -> None:
    """The link is made here and not when somebody was invited, so that none waits in the queue."""
    at = clock.now()
    found = _invited(UUID(system_id), UUID(invitation_id))
    if found is None or not found.is_open(at):
        return
    actor = Actor.system(
        reason="inviting a colleague", system_id=found.system_id, organisation_ids=[found.organisation_id]
    )
    with scope(actor):
        link = tenancy.issue_link(invitation=found, by=actor, at=at)
        words = {
            "name": found.name,
            "who": found.inviter_name,
            "organisation": found.organisation.name,
            "role": found.get_role_display(),
            "address": absolute(reverse("account_invitation", args=[token_of(link)])),
        }
        subject = render_to_string("account/email/invitation.subject.txt", using="jinja2").strip()
        text = render_to_string("account/email/invitation.txt", words, using="jinja2")
    EmailMessage(subject, text, to=[found.email]).send()


def _invited(system_id: UUID, invitation_id: UUID) -> tenancy.Invitation | None:
    with scope(Actor.system(reason="inviting a colleague", system_id=system_id)):
        return tenancy.invitation(invitation_id=invitation_id)


@app.task(name=SEND_NEW_DEVICE, retry=RetryStrategy(max_attempts=4, exponential_wait=4))
def send_new_device(*, device_id: str) -> None:
    """Somebody signed in with a browser that the account had not used before."""
    with scope(Actor.system(reason="telling of a new device"), signing_in=True):
        found = tenancy.device(device_id=UUID(device_id))
        if found is None:
            return
        message = _notice(found.user, {"device": found, "what": "new_device"})
    message.send()


def _tell(what: str, user_id: str) -> None:
    with scope(Actor.system(reason="telling of a changed sign-in"), signing_in=True):
        message = _notice(tenancy.account(user_id=UUID(user_id)), {"device": None, "what": what})
    message.send()


def _notice(user: tenancy.User, words: dict[str, object]) -> EmailMessage:
    """Sent at once like the link to a new password: the outbox is the people's, and colleagues read it."""
    given = words | {
        "name": user.name,
        "address": absolute(reverse("account_sign_ins")),
        "provider": provider.name(),
    }
    subject = render_to_string("account/email/notice.subject.txt", given, using="jinja2").strip()
    return EmailMessage(
        subject, render_to_string("account/email/notice.txt", given, using="jinja2"), to=[user.email]
    )


@app.task(name=tenancy.TELL_OF_CLOSING, retry=RetryStrategy(max_attempts=4, exponential_wait=4))
def tell_of_closing(*, system_id: str, organisation_id: str) -> None:
    """An organisation closes, or does not after all: its administrators, its successors' and those above read it.

    Through the outbox, which has no words about anybody; once each, whatever the queue does.
    """
    at = clock.now()
    with jobs.in_scope(
        system_id=system_id,
        organisation_ids=[organisation_id],
        reason="tells administrators of a closing",
        sees_people=False,
    ) as actor:
        closing = tenancy.organisation(organisation_id=UUID(organisation_id))
        concerned = [closing.pk, *tenancy.ever_closing_into(closing)]
        written = messaging.compose(
            "staff/email/closing",
            {
                "closing": closing,
                "into": [one.name for one in tenancy.closing_into(closing)],
                "address": absolute(reverse("staff:organisation", args=[closing.pk])),
            },
            sender=messaging.Sender.of(closing.pk),
        )
        for reader in tenancy.administrators_of(organisation_ids=concerned, at=at):
            _tell_once(reader, written, closing=closing, by=actor, at=at)


def _tell_once(
    reader: tenancy.User,
    written: messaging.Composed,
    *,
    closing: tenancy.Organisation,
    by: Actor,
    at: datetime,
) -> None:
    about = ("closing", closing.pk)
    told = messaging.messages_about(by, about).filter(address__iexact=reader.email).first()
    if told is not None and told.text == written.text:
        return
    messaging.send(
        route=ContactRoute(
            channel=Channel.EMAIL, address=reader.email, purpose="told of a closing", confirmed=True
        ),
        subject=written.subject,
        text=written.text,
        html=written.html,
        by=by,
        at=at,
        organisation_id=closing.pk,
        about=about,
        recipient_label=reader.name,
        carries_personal_data=False,
    )


def _task_that_tells(name: str) -> None:
    what = name.partition("tell_")[2]

    @app.task(name=name, retry=RetryStrategy(max_attempts=4, exponential_wait=4))
    def tell(*, user_id: str) -> None:
        _tell(what, user_id)


for _name in sorted({*NOTICES.values(), PROOF_TAKEN_AWAY, PROVIDER_LINKED, PROVIDER_UNLINKED}):
    _task_that_tells(_name)
