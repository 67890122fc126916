"""What is read from postcode files, before it is written anywhere. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from fingerpost.kernel.postcode import Postcode


@dataclass(frozen=True, slots=True)
class PostcodeRow:
    """One postcode to be written. `latitude` and `longitude` are both given or both None."""

    postcode: Postcode
    latitude: float | None
    longitude: float | None
    area_code: str = ""
    area_version: str = ""
    deprivation_quintile: int | None = None
    deprivation_version: str = ""
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that cannot be taken, and why. `line` counts rows as a spreadsheet does: the heading is 1."""

    file: str
    line: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class FileTally:
    """How many rows of one file were read and where each went."""

    file: str
    read: int = 0
    rejected: int = 0

    @property
    def taken(self) -> int:
        return self.read - self.rejected


@dataclass(slots=True)
class PostcodesRead:
    rows: list[PostcodeRow] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    tallies: list[FileTally] = field(default_factory=list)
