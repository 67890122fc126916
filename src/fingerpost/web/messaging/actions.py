"""Putting messages into the outbox. Sending itself is `delivery`, done by the worker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from fingerpost.kernel.contact_route import ContactRoute
from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.ids import new_id
from fingerpost.web.foundation import jobs
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.lifecycle import check_transition
from fingerpost.web.messaging.composing import Subject
from fingerpost.web.messaging.enums import State
from fingerpost.web.messaging.lifecycle import TRANSITIONS
from fingerpost.web.messaging.models import Attachment, Message
from fingerpost.web.messaging.policies import (
    check_can_resend,
    check_can_send_for,
    check_may_go,
    check_route_allows,
)

DELIVER = "messaging.deliver"  # the task's name: `tasks` is above, so jobs are put off by name


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file to send along. The name is seen by everybody on the way, so it never names a person."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@transaction.atomic
def send(
    *,
    route: ContactRoute,
    subject: Subject,
    text: str,
    html: str,
    by: Actor,
    at: datetime,
    organisation_id: UUID,
    about: tuple[str, UUID],
    recipient_label: str,
    carries_personal_data: bool,
    person_id: UUID | None = None,
    attachments: Iterable[Document] = (),
    language: str = "",
) -> Message:
    """Put a message into the outbox, in the caller's transaction: it exists if and only if its cause does.

    `subject`, `text`, `html` come from `compose`. Raises `NotAllowed` without a route that permits it.
    """
    check_route_allows(route, carries_personal_data=carries_personal_data)
    check_can_send_for(by, organisation_id)
    _check_subject(subject)
    check_may_go(
        channel=route.channel.value,
        address=route.address,
        about_person_id=person_id,
        to_person_id=route.person_id,
        requested_by=by.id,
    )
    row_id = new_id(at)
    message = Message(
        id=row_id,
        organisation_id=organisation_id,
        channel=route.channel.value,
        address=route.address,
        purpose=route.purpose,
        language=language or translation.get_language() or settings.LANGUAGE_CODE,
        subject=subject,
        text=text,
        html=html,
        about_kind=about[0],
        about_id=about[1],
        person_id=person_id,
        to_person_id=route.person_id,
        recipient_label=recipient_label,
        carries_personal_data=carries_personal_data,
        message_id=_rfc_message_id(row_id),
        requested_by=by.id,
        created_at=at,
        next_attempt_at=at,
    )
    message.save(force_insert=True)
    _attach(message, attachments, at)
    enqueue(message)
    return message


@transaction.atomic
def resend(*, message: Message, route: ContactRoute, by: Actor, at: datetime) -> Message:
    """Send again, to a route that is allowed today; returns the message that is now waiting.

    One that failed, to the same address, goes on as it is, with its message id: no mail server ever took it.
    One that was sent, or goes to another address, becomes a copy with an id of its own, or the reader's mail
    program would hide it as a duplicate. Raises `NotAllowed`.
    """
    check_route_allows(route, carries_personal_data=message.carries_personal_data)
    locked = Message.objects.select_for_update().get(id=message.id)
    check_can_resend(by, locked)
    check_may_go(
        channel=route.channel.value,
        address=route.address,
        about_person_id=locked.person_id,
        to_person_id=route.person_id or locked.to_person_id,
        requested_by=by.id,
    )
    if locked.state == State.FAILED and locked.address == route.address:
        return _try_again(locked, by=by, at=at)
    return _copy(locked, route=route, by=by, at=at)


def enqueue(message: Message, *, at: datetime | None = None) -> None:
    """Put off the job that delivers a message. At most one waits for each message."""
    jobs.defer(
        DELIVER,
        key=str(message.id),
        at=at,
        message_id=message.id,
        system_id=message.system_id,
        organisation_id=message.organisation_id,
    )


def _try_again(message: Message, *, by: Actor, at: datetime) -> Message:
    check_transition(TRANSITIONS, now=State(message.state), to=State.QUEUED, what=_("The message"))
    message.state = State.QUEUED
    message.failed_at = None
    message.attempts_before = message.attempts
    message.next_attempt_at = at
    message.requested_by = by.id
    message.save(update_fields=["state", "failed_at", "attempts_before", "next_attempt_at", "requested_by"])
    enqueue(message)
    return message


def _copy(message: Message, *, route: ContactRoute, by: Actor, at: datetime) -> Message:
    row_id = new_id(at)
    copy = Message(
        id=row_id,
        organisation_id=message.organisation_id,
        channel=route.channel.value,
        address=route.address,
        purpose=route.purpose,
        language=message.language,
        subject=message.subject,
        text=message.text,
        html=message.html,
        about_kind=message.about_kind,
        about_id=message.about_id,
        person_id=message.person_id,
        to_person_id=route.person_id or message.to_person_id,
        recipient_label=message.recipient_label,
        carries_personal_data=message.carries_personal_data,
        message_id=_rfc_message_id(row_id),
        copy_of=message,
        requested_by=by.id,
        created_at=at,
        next_attempt_at=at,
    )
    copy.save(force_insert=True)
    documents = [
        Document(name=each.name, content_type=each.content_type, content=bytes(each.content))
        for each in Attachment.objects.filter(message=message).order_by("id")
    ]
    _attach(copy, documents, at)
    enqueue(copy)
    return copy


def _attach(message: Message, documents: Iterable[Document], at: datetime) -> None:
    for document in documents:
        Attachment(
            id=new_id(at),
            message=message,
            organisation_id=message.organisation_id,
            name=document.name,
            content_type=document.content_type,
            content=document.content,
        ).save(force_insert=True)


def _check_subject(subject: object) -> None:
    if not isinstance(subject, Subject) or not subject:
        raise InvalidValue(
            "A subject line must come from a subject template, so that it can name nobody.",
            field="subject",
            expected="the `subject` of what `messaging.api.compose` returns, not empty",
        )


def _rfc_message_id(row_id: UUID) -> str:
    sender = settings.FINGERPOST_MAIL.get("from", "")
    domain = sender.rpartition("@")[2] or urlsplit(settings.FINGERPOST_BASE_URL).hostname or "localhost"
    return f"<{row_id}@{domain}>"
