"""SMTP (RFC 5321). Every wait has a limit; every refusal is told apart: for good, or to be tried again."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import ClassVar, Literal

from fingerpost.web.messaging.enums import FaultKind, Outcome
from fingerpost.web.messaging.transports.port import Result

_ANSWER_LENGTH = 300


@dataclass(frozen=True, kw_only=True)
class Smtp:
    """A mail server. `timeout` is in seconds and holds for each step of the conversation."""

    name: ClassVar[str] = "smtp"

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    security: Literal["tls", "starttls", "none"] = "starttls"
    timeout: float = 20

    def carry(self, mail: EmailMessage, *, sender: str, to: str) -> Result:
        try:
            with self._conversation(ehlo=sender.rpartition("@")[2]) as server:
                server.sendmail(sender, [to], mail.as_bytes())
        except (smtplib.SMTPException, OSError) as error:
            return result_of(error, to=to)
        return Result(outcome=Outcome.SENT)

    @contextmanager
    def _conversation(self, *, ehlo: str) -> Iterator[smtplib.SMTP]:
        server = self._connect(ehlo)
        try:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            yield server
            # It has been taken by now: a server that is rude at parting must not make us send it twice.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def _connect(self, ehlo: str) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(
                self.host, self.port, ehlo, timeout=self.timeout, context=ssl.create_default_context()
            )
        return smtplib.SMTP(self.host, self.port, ehlo, timeout=self.timeout)


def result_of(error: Exception, *, to: str) -> Result:
    """What an error of the conversation means for this message.

    Only a refusal of the recipient or of the content is final. A refusal of our account or sender is ours to
    put right, and must not cost a single message.
    """
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            code, words = next(iter(refused.values()), (550, b""))
            return _refusal(code, words, to, final=FaultKind.ADDRESS_REFUSED)
        case smtplib.SMTPDataError(smtp_code=code, smtp_error=words):
            return _refusal(code, words, to, final=FaultKind.CONTENT_REFUSED)
        case smtplib.SMTPServerDisconnected() | smtplib.SMTPConnectError():
            return _put_off(FaultKind.UNREACHABLE, "")
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=words):
            kind = FaultKind.BUSY if 400 <= code < 500 else FaultKind.NOT_ACCEPTED
            return _put_off(kind, _answer(code, words, to))
        case smtplib.SMTPException():
            return _put_off(FaultKind.NOT_ACCEPTED, type(error).__name__)
    return _put_off(FaultKind.UNREACHABLE, type(error).__name__)


def _refusal(code: int, words: bytes | str, to: str, *, final: FaultKind) -> Result:
    answer = _answer(code, words, to)
    if 500 <= code < 600:
        return Result(outcome=Outcome.REFUSED, fault=final, answer=answer)
    return _put_off(FaultKind.BUSY, answer)


def _put_off(kind: FaultKind, answer: str) -> Result:
    return Result(outcome=Outcome.PUT_OFF, fault=kind, answer=answer)


def _answer(code: int, words: bytes | str, to: str) -> str:
    """The server's words without the address, which it likes to repeat."""
    said = words.decode("ascii", "replace") if isinstance(words, bytes) else words
    said = " ".join(said.split())
    for part in (to, to.rpartition("@")[0]):
        start = said.casefold().find(part.casefold())
        while len(part) > 2 and start >= 0:
            said = f"{said[:start]}…{said[start + len(part) :]}"
            start = said.casefold().find(part.casefold())
    return f"{code} {said}"[:_ANSWER_LENGTH]
