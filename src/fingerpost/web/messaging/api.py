"""The door of messaging."""

from __future__ import annotations

from fingerpost.web.messaging.actions import Document, resend, send
from fingerpost.web.messaging.composing import Composed, Sender, Subject, compose
from fingerpost.web.messaging.delivery import deliver
from fingerpost.web.messaging.enums import FaultKind, Outcome, State
from fingerpost.web.messaging.models import Attachment, Delivery, Message
from fingerpost.web.messaging.policies import Bound, can_resend, can_see_sent, register_guard
from fingerpost.web.messaging.selectors import (
    attachments_of,
    deliveries_of,
    failed_count,
    mailbox,
    message,
    messages_about,
    outbox,
)

__all__ = [
    "Attachment",
    "Bound",
    "Composed",
    "Delivery",
    "Document",
    "FaultKind",
    "Message",
    "Outcome",
    "Sender",
    "State",
    "Subject",
    "attachments_of",
    "can_resend",
    "can_see_sent",
    "compose",
    "deliver",
    "deliveries_of",
    "failed_count",
    "mailbox",
    "message",
    "messages_about",
    "outbox",
    "register_guard",
    "resend",
    "send",
]
