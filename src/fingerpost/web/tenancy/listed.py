"""Organisations as a list names them, before anything is compared or written. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.postcode import Postcode

CODE = re.compile(r"[A-Z0-9]{3,12}")
LONGEST_NAME = 200
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2100, 1, 1)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line. Empty `name` and `kind`: the line only says where a known organisation belongs."""

    line: int
    code: str
    name: str = ""
    kind: str = ""
    postcode: str = ""
    opens_on: date | None = None
    closes_on: date | None = None
    part_of: str = ""
    part_of_from: date | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that cannot be taken. `line` counts as a spreadsheet does: the heading is 1."""

    line: int
    column: str
    value: str
    reason: str
    remedy: str


class Refused(Exception):
    """What stands against a line; all of it."""

    def __init__(self, *faults: tuple[str, str, str, str]) -> None:
        super().__init__(str(len(faults)))
        self.faults = faults


@dataclass
class ReadList:
    """Where each line of a list went while it was read."""

    rows: list[Listed] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    codes: set[str] = field(
        default_factory=set
    )  # of every line, taken or not: what is in the list is not gone
    read: int = 0

    def refuse(self, line: int, column: str, value: object, reason: str, remedy: str) -> None:
        self.rejects.append(Reject(line, column, str(value)[:200], reason, remedy))

    @property
    def lines_rejected(self) -> int:
        return len({one.line for one in self.rejects})


def check_code(text: str, column: str) -> list[tuple[str, str, str, str]]:
    if CODE.fullmatch(text):
        return []
    return [
        (column, text, _("this is no national code"), _("Give 3 to 12 letters and digits, such as A81001."))
    ]


def check_name(text: str, column: str) -> list[tuple[str, str, str, str]]:
    if not text:
        return [(column, text, _("it has no name"), _("Give the name people know."))]
    if text.startswith(_FORMULA):
        return [
            (
                column,
                text,
                _("a spreadsheet would run this as a formula"),
                _("Begin the name with a letter or a digit."),
            )
        ]
    if len(text) > LONGEST_NAME or _CONTROL.search(text):
        return [
            (column, text, _("the name is too long, or holds signs that cannot be seen"), _("Type it again."))
        ]
    return []


def check_postcode(text: str, column: str) -> tuple[str, list[tuple[str, str, str, str]]]:
    if not text:
        return "", []
    try:
        return Postcode.parse(text).value, []
    except InvalidValue:
        return "", [(column, text, _("this is no postcode"), _("Give a full postcode, or leave it empty."))]


def check_days(opens: date | None, closes: date | None, column: str) -> list[tuple[str, str, str, str]]:
    said = f"{opens or ''} / {closes or ''}"
    if any(day and not FIRST_DAY <= day < LAST_DAY for day in (opens, closes)):
        return [(column, said, _("the day lies too far away"), _("Check the year."))]
    if opens and closes and closes <= opens:
        return [(column, said, _("it closes before it opens"), _("Check both days."))]
    return []
