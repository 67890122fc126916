"""A row of the outbox as an e-mail (RFC 5322). No header tells of a person but the address itself."""

from __future__ import annotations

from collections.abc import Iterable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings

from fingerpost.web.messaging.models import Attachment, Message

_NOBODY = "no-reply@fingerpost.invalid"  # nothing leaves the machine by this: RFC 2606 reserves the ending
_POLICY = SMTP.clone(cte_type="7bit")


def sender_address() -> str:
    """The address that mail servers see as the sender, from settings."""
    return settings.FINGERPOST_MAIL.get("from") or _NOBODY


def build(
    message: Message, attachments: Iterable[Attachment], *, sender_name: str, reply_to: str = ""
) -> EmailMessage:
    """The same headers at every attempt; To has no name, because names are for the inside of the message."""
    mail = EmailMessage(policy=_POLICY)
    mail["Message-ID"] = message.message_id
    mail["Date"] = format_datetime(message.created_at)
    mail["From"] = Address(display_name=sender_name, addr_spec=sender_address())
    mail["To"] = message.address
    if reply_to:
        mail["Reply-To"] = reply_to
    mail["Subject"] = message.subject
    mail["Content-Language"] = message.language
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    for each in attachments:
        main, _, sub = each.content_type.partition("/")
        mail.add_attachment(bytes(each.content), maintype=main, subtype=sub, filename=each.name)
    return mail
