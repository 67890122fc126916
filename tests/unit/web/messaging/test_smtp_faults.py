from __future__ import annotations

import smtplib
import ssl

import pytest

from fingerpost.web.messaging.enums import FaultKind, Outcome
from fingerpost.web.messaging.transports.smtp import result_of

TO = "mabel.hart@post.example"


def refused(code: int) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused(
        {TO: (code, b"5.1.1 <Mabel.Hart@post.example> unknown; mabel.hart?")}
    )


@pytest.mark.parametrize(
    ("error", "outcome", "fault"),
    [
        (refused(550), Outcome.REFUSED, FaultKind.ADDRESS_REFUSED),
        (refused(451), Outcome.PUT_OFF, FaultKind.BUSY),
        (smtplib.SMTPDataError(554, b"no"), Outcome.REFUSED, FaultKind.CONTENT_REFUSED),
        (smtplib.SMTPDataError(421, b"later"), Outcome.PUT_OFF, FaultKind.BUSY),
        (smtplib.SMTPSenderRefused(550, b"who?", "us@x.example"), Outcome.PUT_OFF, FaultKind.NOT_ACCEPTED),
        (smtplib.SMTPAuthenticationError(535, b"no"), Outcome.PUT_OFF, FaultKind.NOT_ACCEPTED),
        (smtplib.SMTPNotSupportedError("STARTTLS"), Outcome.PUT_OFF, FaultKind.NOT_ACCEPTED),
        (smtplib.SMTPConnectError(421, b"full"), Outcome.PUT_OFF, FaultKind.UNREACHABLE),
        (smtplib.SMTPServerDisconnected("gone"), Outcome.PUT_OFF, FaultKind.UNREACHABLE),
        (TimeoutError(), Outcome.PUT_OFF, FaultKind.UNREACHABLE),
        (ConnectionRefusedError(), Outcome.PUT_OFF, FaultKind.UNREACHABLE),
        (ssl.SSLCertVerificationError(), Outcome.PUT_OFF, FaultKind.UNREACHABLE),
    ],
)
def test_only_a_refusal_of_the_address_or_the_content_is_final(error, outcome, fault):
    result = result_of(error, to=TO)
    assert (result.outcome, result.fault) == (outcome, fault)


def test_the_address_is_taken_out_of_what_the_server_says():
    assert result_of(refused(550), to=TO).answer == "550 5.1.1 <…> unknown; …?"
