"""UK postcodes by their shape.

Shape only: whether a postcode exists is for `geography` to say. Areas that Royal Mail has not allocated (QX)
are accepted, so that invented towns can be written down.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Self

from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.words import N_

__all__ = ["Postcode"]

# The second half is a digit and two letters, never C, I, K, M, O or V (they are too easily misread).
_SHAPE = re.compile(r"(?P<area>[A-Z]{1,2})[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}", re.ASCII)
_OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?", re.ASCII)
_NOT_WRITTEN = re.compile(r"[^0-9A-Za-z]+")
_OLD_GIROBANK = "GIR 0AA"


@dataclass(frozen=True, slots=True, order=True)
class Postcode:
    """A whole postcode, kept as it is written: `OX1 2JD`. Build it from typed text with `parse`."""

    value: str

    def __post_init__(self) -> None:
        if self.value != _OLD_GIROBANK and not _SHAPE.fullmatch(self.value):
            raise InvalidValue(
                N_("This does not look like a full UK postcode."),
                expected=N_("A full postcode, such as QX1 2AB."),
                remedy=N_("Check the letter O and the number 0, and that both halves are there."),
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what a person typed: capitals, spaces and stray signs do not matter."""
        if not str(text).strip():
            raise InvalidValue(
                N_("There is no postcode here."), expected=N_("A full postcode, such as QX1 2AB.")
            )
        compact = _NOT_WRITTEN.sub("", unicodedata.normalize("NFKC", str(text))).upper()
        return cls(f"{compact[:-3]} {compact[-3:]}")

    @staticmethod
    def is_outward(text: str) -> bool:
        """Whether this is written as the first half of a postcode: `OX1`."""
        return _OUTWARD.fullmatch(text) is not None

    def __str__(self) -> str:
        return self.value

    @property
    def outward(self) -> str:
        """The first half, `OX1`; also called the district."""
        return self.value[:-4]

    @property
    def inward(self) -> str:
        """The second half, `2JD`."""
        return self.value[-3:]

    @property
    def area(self) -> str:
        """The letters it begins with, `OX`."""
        return re.match("[A-Z]+", self.outward)[0]  # type: ignore[index]

    @property
    def district(self) -> str:
        """The same as `outward`."""
        return self.outward

    @property
    def sector(self) -> str:
        """The first half and one digit, `OX1 2`: as near as a place may be shown without showing a street."""
        return self.value[:-2]

    @property
    def compact(self) -> str:
        """Without its space, `OX12JD`."""
        return self.value.replace(" ", "")
