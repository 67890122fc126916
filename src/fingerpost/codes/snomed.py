"""SNOMED CT codes as data: those for social prescribing, with the rule for writing each.

A code is never typed from memory: every one comes from a file with its provenance at the top, and must have a
right check digit to be built.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from fingerpost.codes.pathway import EventKind
from fingerpost.kernel.errors import InvalidValue, NotFound
from fingerpost.kernel.words import N_, Phrase

__all__ = [
    "DECLINED",
    "SYSTEM",
    "RecordCode",
    "Written",
    "code_for_event",
    "has_check_digit",
    "record_code",
    "record_codes",
]

SYSTEM = "http://snomed.info/sct"
DECLINED = "871711000000103"
"""Social prescribing declined: for the person's own no before referral, which is a loss and no event kind."""

# Verhoeff's tables: multiplication in the dihedral group of order ten, and the permutation by place.
_TIMES = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_PERMUTED = (
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
)


def has_check_digit(code: str) -> bool:
    """Whether a SNOMED CT identifier is 6 to 18 digits ending in a right Verhoeff check digit."""
    if not (code.isascii() and code.isdigit() and 6 <= len(code) <= 18 and code[0] != "0"):
        return False
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = int(_TIMES[check][int(_PERMUTED[place % 8][int(digit)])])
    return check == 0


class Written(StrEnum):
    """How often a code is written for one person."""

    ONCE_PER_EPISODE = "once_per_episode"
    EACH_TIME = "each_time"
    BY_CHOICE = "by_choice"


@dataclass(frozen=True, slots=True)
class RecordCode:
    """One code for the GP record. `rule` says when to write it, `is_rule_published` whether guidance does."""

    code: str
    term: str
    event: EventKind | None
    written: Written
    rule: str
    is_rule_published: bool
    system: str = SYSTEM

    def __post_init__(self) -> None:
        if not has_check_digit(self.code):
            raise InvalidValue(
                Phrase(N_("{code} is not a SNOMED CT code: its last digit is wrong."), code=self.code)
            )


@cache
def record_codes() -> tuple[RecordCode, ...]:
    """Every social prescribing code that ships, in file order."""
    source = files("fingerpost.codes") / "data" / "snomed_social_prescribing.csv"
    lines = [line for line in source.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return tuple(
        RecordCode(
            code=row["code"],
            term=row["term"],
            event=EventKind(row["event"]) if row["event"] else None,
            written=Written(row["written"]),
            rule=row["rule"],
            is_rule_published=row["rule_source"] == "published",
        )
        for row in csv.DictReader(lines)
    )


def record_code(code: str) -> RecordCode:
    """The shipped record code with this number."""
    for known in record_codes():
        if known.code == code:
            return known
    raise NotFound(Phrase(N_("No social prescribing code {code} is known here."), code=code))


def code_for_event(kind: EventKind) -> RecordCode | None:
    """The code that a pathway event of this kind puts in the GP record, or None."""
    return next((code for code in record_codes() if code.event is kind), None)
