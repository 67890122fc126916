from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

from fingerpost.kernel.ids import new_id
from fingerpost.web.messaging.mime import build
from fingerpost.web.messaging.models import Attachment, Message

MARKER = "Planted-Marker"


def message() -> Message:
    return Message(
        id=new_id(),
        address="hello@choir.example",
        subject="Cwestiwn i chi: ŵyl yr haf, a line long enough to be folded by whatever writes the header",
        text=f"Dear {MARKER}, ŵyl\n",
        html=f"<p>Dear {MARKER}, ŵyl</p>",
        recipient_label=f"{MARKER}'s sister",
        about_kind=MARKER,
        purpose=MARKER,
        requested_by=MARKER,
        language="cy",
        message_id="<01a@fingerpost.example.org>",
        created_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
    )


def test_headers_carry_nothing_about_a_person_but_the_address():
    mail = build(message(), [], sender_name="Fell View, Social Prescribing", reply_to="team@fell.example")
    head, _, body = mail.as_bytes().partition(b"\r\n\r\n")
    assert MARKER.encode() not in head
    assert MARKER.encode() in body


def test_what_is_built_reads_back_the_same():
    letter = Attachment(
        name="letter.pdf", content_type="application/pdf", content=memoryview(b"%PDF-1.7 \x00\xff")
    )
    raw = build(message(), [letter], sender_name="Fell View, Social Prescribing").as_bytes()
    raw.decode("ascii")
    assert max(map(len, raw.splitlines())) <= 998
    read = message_from_bytes(raw, policy=policy.default)
    assert read["Message-ID"] == "<01a@fingerpost.example.org>"
    assert read["Subject"] == message().subject
    assert read["From"].addresses[0].display_name == "Fell View, Social Prescribing"
    assert read["Date"].datetime == message().created_at
    assert read.get_body(("plain",)).get_content().strip() == message().text.strip()
    assert read.get_body(("html",)).get_content().strip() == message().html
    assert [part.get_content() for part in read.iter_attachments()] == [b"%PDF-1.7 \x00\xff"]
