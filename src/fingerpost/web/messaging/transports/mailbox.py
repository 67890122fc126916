"""The demo mailbox: nothing leaves the machine. What has arrived is read from the outbox itself."""

from __future__ import annotations

from email.message import EmailMessage
from typing import ClassVar

from fingerpost.web.messaging.enums import Outcome
from fingerpost.web.messaging.transports.port import Result


class Mailbox:
    name: ClassVar[str] = "mailbox"

    def carry(self, mail: EmailMessage, *, sender: str, to: str) -> Result:
        mail.as_bytes()  # a message that no mail server could be given must not look delivered in the demo
        return Result(outcome=Outcome.DELIVERED)
