"""What carries a message out of the house. Chosen by settings; one thing to learn: `Transport.carry`."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from fingerpost.kernel.errors import ConfigurationError
from fingerpost.web.messaging.transports.mailbox import Mailbox
from fingerpost.web.messaging.transports.port import Result, Transport
from fingerpost.web.messaging.transports.smtp import Smtp

__all__ = ["Mailbox", "Result", "Smtp", "Transport", "chosen"]


def chosen(*, tests_only: bool = False) -> Transport:
    """The transport of `FINGERPOST_MAIL`. A system that is marked for tests never sends to the outside."""
    mail: dict[str, Any] = settings.FINGERPOST_MAIL
    if tests_only or mail["transport"] == "mailbox":
        return Mailbox()
    if mail["transport"] == "smtp":
        return Smtp(**{key: value for key, value in mail.items() if key not in ("transport", "from")})
    raise ConfigurationError(
        f"FINGERPOST_MAIL names the transport {mail['transport']!r}, which does not exist.",
        expected="mailbox (nothing leaves the machine) or smtp",
        remedy="correct the setting",
    )
