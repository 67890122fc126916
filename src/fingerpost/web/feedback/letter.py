"""The letter that tells a referrer what happened: plain words, and the entries for the person's record.

``compose_letter`` is pure: the same content gives the same bytes. It reads no database, no clock, no network.
Everything a reader sees is in the content; the template beside this file holds layout only. Content reaches
the template as one JSON value, so text from a person or a charity is never read as markup.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Any

import typst

from fingerpost.kernel.errors import FingerpostError
from fingerpost.kernel.words import N_, Phrase

# Both ship inside the typst wheel; the second draws Arabic as well. Other scripts need a font of the machine.
TEXT_FONT = "Libertinus Serif"
FIGURES_FONT = "DejaVu Sans Mono"

_LONG_RUN = re.compile(r"\S{29,}")
_BREAK_EVERY = 14
_ZERO_WIDTH_SPACE = "\u200b"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi"})
_NUMBER_GROUPS = re.compile(r"\+?\d+(?:[ \u00a0-]\d+)+")
_UNDRAWN = re.compile(r'the text `"(?P<text>.+?)"` could not be displayed')
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Emoji and what joins them: a letter loses nothing by leaving the picture out, and few fonts draw it.
_PICTURES = re.compile("[\U0001f000-\U0001faff\ufe0f\u20e3]\u200d?")


class LetterNotComposed(FingerpostError):
    """The letter could not be set; the message says which characters or which part stopped it."""


@dataclass(frozen=True)
class LetterLabels:
    """The fixed words of the letter, already translated by the caller.

    ``page_of`` holds the placeholders ``{page}`` and ``{pages}``.
    """

    own_words: str
    connections: str
    connection_what: str
    connection_when: str
    connection_outcome: str
    codes: str
    codes_note: str
    code: str
    code_term: str
    code_dated: str
    ring: str
    confidential: str
    page_of: str


@dataclass(frozen=True)
class LetterSender:
    """Who writes: the organisation that runs the scheme. ``contact_lines`` are its phone, e-mail, web."""

    name: str
    address_lines: tuple[str, ...]
    contact_lines: tuple[str, ...]


@dataclass(frozen=True)
class LetterRecipient:
    """Who is written to: ``attention`` is the referrer by name, or empty for the whole practice."""

    practice: str
    address_lines: tuple[str, ...]
    attention: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(line for line in (self.attention, self.practice, *self.address_lines) if line)


@dataclass(frozen=True)
class PersonLine:
    """One labelled fact that says whom the letter is about: name, date of birth, identifier (formatted)."""

    label: str
    value: str


@dataclass(frozen=True)
class ConnectionLine:
    """One thing the person was put in touch with: what, when, and how it went, in words."""

    what: str
    when: str
    outcome: str


@dataclass(frozen=True)
class CodedEntry:
    """One entry for the practice's record. ``dated`` is in words: for a referral, when the person agreed."""

    code: str
    term: str
    dated: str


@dataclass(frozen=True)
class LetterContent:
    """Everything that is in one letter.

    ``language`` is an ISO 639-1 code ("en", "cy", "ar"): it sets the direction of the text and what a screen
    reader speaks. ``running_head`` stands at the top of every page after the first; it names the person.
    """

    language: str
    labels: LetterLabels
    sender: LetterSender
    recipient: LetterRecipient
    written_on: date
    date_text: str
    title: str
    running_head: str
    person: tuple[PersonLine, ...]
    greeting: str
    paragraphs: tuple[str, ...]
    closing: str
    signatory: tuple[str, ...]
    own_words: str = ""
    connections: tuple[ConnectionLine, ...] = ()
    codes: tuple[CodedEntry, ...] = ()
    ring: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        needed = {
            "title": self.title,
            "person": self.person,
            "greeting": self.greeting,
            "signatory": self.signatory,
        }
        missing = [name for name, value in needed.items() if not value]
        if missing:
            raise LetterNotComposed(
                Phrase(N_("The letter has nothing for: {parts}."), parts=", ".join(missing)),
                expected=N_("Every letter has a title, a person, a greeting and a signatory."),
                remedy=N_("Fill these in and try again."),
            )
        if not re.fullmatch(r"[a-z]{2,3}", self.language):
            raise LetterNotComposed(
                N_("The language of the letter is not a language code."),
                expected=N_("Two or three small letters, such as en or cy."),
            )


def compose_letter(content: LetterContent) -> bytes:
    """Set the letter as a tagged PDF (PDF/UA-1, A4).

    Raises LetterNotComposed when a character can be drawn by no font, and names it: a letter with a hole in
    someone's name must not go out unseen. Emoji are left out.
    """
    inputs = {"letter": json.dumps(_template_data(content), ensure_ascii=False)}
    try:
        return _typeset(inputs, content.written_on, wheel_fonts_only=True)
    except typst.TypstError:
        # A script that the wheel's fonts cannot draw: the machine's own fonts may.
        return _typeset_with_machine_fonts(inputs, content.written_on)


def _typeset_with_machine_fonts(inputs: dict[str, str], written_on: date) -> bytes:
    try:
        return _typeset(inputs, written_on, wheel_fonts_only=False)
    except typst.TypstError as fault:
        raise _in_our_words(fault) from None


def _in_our_words(fault: typst.TypstError) -> LetterNotComposed:
    """Without the text that could not be drawn, which the compiler quotes: messages end in logs."""
    undrawn = _UNDRAWN.search(fault.message)
    if undrawn is None:
        return LetterNotComposed(
            N_("The letter could not be made into a PDF."),
            remedy=N_("Nothing was sent. Tell the people who look after this installation."),
        )
    script = unicodedata.name(undrawn["text"][0], "?").split(" ")[0].split("-")[0]
    return LetterNotComposed(
        Phrase(N_("No font on this machine can draw the {script} characters in the letter."), script=script),
        remedy=N_("Nothing was sent. Install a font for this script, or write these words another way."),
    )


def _typeset(inputs: dict[str, str], written_on: date, *, wheel_fonts_only: bool) -> bytes:
    return typst.compile(
        _template(),
        sys_inputs=inputs,
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=datetime.combine(written_on, time(12), tzinfo=UTC),
        ignore_system_fonts=wheel_fonts_only,
    )


@cache
def _template() -> bytes:
    return (files(__package__) / "letter.typ").read_bytes()


def _template_data(content: LetterContent) -> dict[str, Any]:
    """The content as the template reads it: plain lists and text, in the order of the columns."""
    day = content.written_on
    data = asdict(content)
    del data["written_on"]
    data["recipient"] = {"lines": content.recipient.lines}
    for rows in ("person", "connections", "codes"):
        data[rows] = [tuple(row.values()) for row in data[rows]]
    data = _for_print(data, _isolate_numbers if content.language in RIGHT_TO_LEFT else str)
    data["date"] = {"year": day.year, "month": day.month, "day": day.day}
    data["fonts"] = [TEXT_FONT, FIGURES_FONT]
    data["figures"] = [FIGURES_FONT, TEXT_FONT]
    return data


def _for_print(value: Any, finish: Callable[[str], str]) -> Any:
    """The same nested value with every text made fit to be set; keys stay as they are."""
    if isinstance(value, str):
        return finish(_printable(value))
    if isinstance(value, dict):
        return {key: _for_print(item, finish) for key, item in value.items()}
    return [_for_print(item, finish) for item in value]


def _printable(text: str) -> str:
    """Without controls and emoji, and with places to break inside a word too long for its column."""
    kept = _PICTURES.sub("", _CONTROLS.sub("", text))
    return _LONG_RUN.sub(_with_breaks, kept).strip()


def _isolate_numbers(text: str) -> str:
    """Keep the groups of an identifier or a phone number in their order when the line runs right to left."""
    return _NUMBER_GROUPS.sub(lambda groups: f"\u2066{groups.group()}\u2069", text)


def _with_breaks(run: re.Match[str]) -> str:
    word = run.group()
    pieces = [word[start : start + _BREAK_EVERY] for start in range(0, len(word), _BREAK_EVERY)]
    return _ZERO_WIDTH_SPACE.join(pieces)
