from __future__ import annotations

import dataclasses
import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from fingerpost.web.feedback.letter import (
    CodedEntry,
    ConnectionLine,
    LetterContent,
    LetterLabels,
    LetterNotComposed,
    LetterRecipient,
    LetterSender,
    PersonLine,
    compose_letter,
)

LABELS = LetterLabels(
    own_words="In her own words",
    connections="Connected with",
    connection_what="What",
    connection_when="When",
    connection_outcome="How it went",
    codes="For the record",
    codes_note="Please add these once.",
    code="SNOMED CT code",
    code_term="Term",
    code_dated="Date",
    ring="If you need us",
    confidential="Confidential",
    page_of="Page {page} of {pages}",
)


def letter(**changes: Any) -> LetterContent:
    content = LetterContent(
        language="en",
        labels=LABELS,
        sender=LetterSender(
            "Aller Link", ("Old Fire Station", "Allerwold"), ("01632 960 101", "us@aller.example")
        ),
        recipient=LetterRecipient("Millrace Surgery", ("Mill Lane", "QX1 2AB"), "Dr Sunita Rao"),
        written_on=date(2026, 11, 20),
        date_text="20 November 2026",
        title="Maureen has finished",
        running_head="Maureen Hartley, born 3 March 1948",
        person=(PersonLine("Name", "Maureen Hartley"), PersonLine("NHS number", "999 000 0018")),
        greeting="Dear Dr Rao,",
        paragraphs=("Thank you for referring Maureen.", "She goes to lunch club."),
        closing="With thanks,",
        signatory=("Amina Yusuf", "Link worker"),
        own_words="I lay the table again.",
        connections=(ConnectionLine("Lunch Club", "1 July 2026", "Goes weekly."),),
        codes=(CodedEntry("871731000000106", "Referral to social prescribing service", "4 June 2026"),),
        ring=("Ring Amina on 01632 960 102.",),
    )
    return dataclasses.replace(content, **changes)


def words(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text().replace("\u200b", "").split()) for page in pages)


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    return [text for item in value for text in strings(item)] if not isinstance(value, date) else []


def test_letter_text_holds_every_field() -> None:
    content = letter()
    shown = words(compose_letter(content))
    unseen_by_design = {"en", content.running_head, LABELS.page_of}  # the running head begins on page two
    missing = [text for text in strings(dataclasses.asdict(content)) if text not in shown]
    assert set(missing) <= unseen_by_design
    assert "Page 1 of 1" in shown


def test_letter_same_content_gives_same_bytes() -> None:
    assert compose_letter(letter()) == compose_letter(letter())
    assert compose_letter(letter()) != compose_letter(letter(written_on=date(2026, 11, 21)))


def test_letter_is_tagged_with_title_and_language() -> None:
    reader = PdfReader(io.BytesIO(compose_letter(letter(language="cy"))))
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"].startswith("cy")
    assert b"pdfuaid" in catalogue["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Maureen has finished"


@pytest.mark.parametrize(
    "hostile",
    [
        '#read("/etc/passwd")',
        '#import "@preview/cetz:0.3.0"',
        "$x$ *bold* _it_ `raw`",
        "= Heading",
        "</script> {pages} \\ // gone",
        "Gŵydd Ŵyn-Llŷr o Lŷn",
        "Łukasz Șerban Nguyễn",
    ],
)
def test_letter_hostile_text_everywhere_is_printed_as_written(hostile: str) -> None:
    content = letter(
        title=hostile,
        paragraphs=(hostile,),
        own_words=hostile,
        greeting=hostile,
        connections=(ConnectionLine(hostile, "then", hostile),),
        person=(PersonLine(hostile, hostile),),
    )
    assert words(compose_letter(content)).count(hostile) >= 6


def test_letter_controls_and_emoji_are_left_out_of_the_text_around_them() -> None:
    shown = words(compose_letter(letter(own_words="Lovely\x07 lunch \U0001f600\ufe0f today")))
    assert "Lovely lunch today" in shown


def test_letter_word_too_long_for_its_column_stays_on_the_page() -> None:
    long_word = "W" * 400
    page = PdfReader(
        io.BytesIO(compose_letter(letter(connections=(ConnectionLine(long_word, "x", "y"),))))
    ).pages[0]
    rights: list[float] = []
    page.extract_text(
        visitor_text=lambda text, _cm, matrix, _font, size: rights.append(_right_edge(text, matrix, size))
    )
    assert "".join(page.extract_text().replace("\u200b", "").split()).count("W") >= 400
    assert max(rights) < page.mediabox.width


def _right_edge(text: str, matrix: list[float], size: float) -> float:
    return max((matrix[4] + len(line.strip()) * size * 0.45 for line in text.split("\n")), default=0.0)


def test_letter_many_connections_run_over_pages_that_name_the_person() -> None:
    many = tuple(ConnectionLine(f"Group {number}", "June", "Going well.") for number in range(60))
    reader = PdfReader(io.BytesIO(compose_letter(letter(connections=many))))
    assert len(reader.pages) >= 2
    second = reader.pages[1].extract_text()
    assert "Maureen Hartley, born 3 March 1948" in second
    assert "How it went" in second  # the head of the table comes again
    assert "Maureen Hartley, born" not in reader.pages[0].extract_text()


def test_letter_right_to_left_keeps_the_order_of_an_identifier() -> None:
    content = letter(
        language="ar", person=(PersonLine("الاسم", "أمينة محمد"), PersonLine("NHS", "999 000 0018"))
    )
    page = PdfReader(io.BytesIO(compose_letter(content))).pages[0]
    # "layout" reads by place on the page, as an eye does; without care the groups stand as 0018 000 999
    assert "999 000 0018" in page.extract_text(extraction_mode="layout")


def test_letter_character_without_a_font_is_refused_without_repeating_the_text() -> None:
    name = "\U00013000\U00013001"  # Egyptian hieroglyphs
    with pytest.raises(LetterNotComposed) as refused:
        compose_letter(letter(person=(PersonLine("Name", name),)))
    assert "EGYPTIAN" in str(refused.value)
    assert name not in str(refused.value)


@pytest.mark.parametrize(
    "changes", [{"title": ""}, {"person": ()}, {"signatory": ()}, {"language": "English"}]
)
def test_letter_without_an_essential_part_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(LetterNotComposed):
        letter(**changes)


def test_letter_without_optional_parts_has_no_empty_headings() -> None:
    shown = words(compose_letter(letter(own_words="", connections=(), codes=(), ring=())))
    for heading in (LABELS.own_words, LABELS.connections, LABELS.codes, LABELS.ring):
        assert heading not in shown
