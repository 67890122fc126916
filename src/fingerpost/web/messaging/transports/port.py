from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from typing import ClassVar, Protocol

from fingerpost.web.messaging.enums import FaultKind, Outcome


@dataclass(frozen=True, kw_only=True)
class Result:
    """How an attempt ended. `fault` is set when it was not taken; `answer` is the other side's words."""

    outcome: Outcome
    fault: FaultKind | None = None
    answer: str = ""


class Transport(Protocol):
    """Carries one e-mail to one address. Faults of the other side are results, not exceptions."""

    name: ClassVar[str]

    def carry(self, mail: EmailMessage, *, sender: str, to: str) -> Result: ...
