"""Numbers that name a person in a health service: NHS number first, CHI beside it.

An identifier that exists is well-formed. `repr` hides most of it, because reprs end in logs.
NHS number: NHS Data Dictionary, "NHS NUMBER" (ten digits, modulus 11). CHI: Community Health Index, Scotland.
"""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from fingerpost.kernel.errors import InvalidValue, NotFound
from fingerpost.kernel.words import N_, Phrase

__all__ = ["SCHEMES", "CHINumber", "NHSNumber", "PersonIdentifier", "parse_identifier"]

_SEPARATORS = re.compile(r"[\s\-\u00ad\u200b-\u200f\u2010-\u2015\u2060\ufeff.]+")
_WEIGHTS = range(10, 1, -1)


def check_digit_of(first_nine: str) -> int | None:
    """The modulus 11 check digit for nine digits, or None when no number can begin with them."""
    total = sum(int(digit) * weight for digit, weight in zip(first_nine, _WEIGHTS, strict=True))
    digit = (11 - total % 11) % 11
    return None if digit == 10 else digit


@dataclass(frozen=True, slots=True, order=True, repr=False)
class PersonIdentifier(ABC):
    """One person's number in one scheme. `value` is the unspaced text to store."""

    value: str
    kind: ClassVar[str]
    name: ClassVar[str]

    def __post_init__(self) -> None:
        self._check()

    @abstractmethod
    def _check(self) -> None:
        """Raise `InvalidValue` unless `value` is well-formed."""

    @property
    @abstractmethod
    def display(self) -> str:
        """The number as people write it, with its spaces."""

    @property
    @abstractmethod
    def is_reserved_for_tests(self) -> bool:
        """Whether the number can belong to no real person."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what a person typed: spaces, dashes and dots are ignored."""
        return cls(_SEPARATORS.sub("", unicodedata.normalize("NFKC", str(text))))

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return f"{type(self).__name__}(ending {self.value[-2:]})"


def _check_ten_digits(value: str, name: str, example: str) -> None:
    expected = Phrase(N_("{name}: ten digits, such as {example}."), name=name, example=example)
    if not value:
        raise InvalidValue(N_("There is no number here."), expected=expected)
    if not (value.isascii() and value.isdigit()):
        raise InvalidValue(
            N_("This number has letters or signs in it."),
            expected=expected,
            remedy=N_("Type the digits only. A letter O may stand where a 0 should."),
        )
    if len(value) != 10:
        raise InvalidValue(
            Phrase(N_("This number has the wrong length: {count} instead of 10."), count=len(value)),
            expected=expected,
            remedy=N_("Check that no digit is missing or typed twice."),
        )


def _check_last_digit(value: str) -> None:
    if check_digit_of(value[:9]) != int(value[9]):
        raise InvalidValue(
            N_("This number is not quite right: its last digit does not agree with the others."),
            expected=N_("A number whose last digit agrees with the other nine."),
            remedy=N_("Check each digit against the letter, card or record it came from."),
        )


class NHSNumber(PersonIdentifier):
    """NHS number of England, Wales and the Isle of Man: ten digits, shown 3 3 4."""

    __slots__ = ()
    kind = "nhs_number"
    name = "NHS number"
    RESERVED_COUNT: ClassVar[int] = 899_999

    def _check(self) -> None:
        _check_ten_digits(self.value, self.name, "999 000 0018")
        if len(set(self.value)) == 1:
            raise InvalidValue(
                N_("All ten digits are the same, so this is not a real number."),
                remedy=N_("If the number is not known, say so instead of typing a filler."),
            )
        _check_last_digit(self.value)

    @property
    def display(self) -> str:
        return f"{self.value[:3]} {self.value[3:6]} {self.value[6:]}"

    @property
    def is_reserved_for_tests(self) -> bool:
        """999 000 0000 to 999 999 9999 are never given to a person."""
        return self.value.startswith("999")

    @classmethod
    def reserved(cls, n: int) -> Self:
        """The `n`-th well-formed number of the test range, each one different, 0 <= n < RESERVED_COUNT."""
        if not 0 <= n < cls.RESERVED_COUNT:
            raise InvalidValue(
                N_("The test range has no such number."),
                expected=Phrase(N_("A count from 0 to {last}."), last=cls.RESERVED_COUNT - 1),
            )
        block, place = divmod(n, 9)
        # At most one of the ten numbers in a block has no check digit, so nine can always be had.
        tens = f"999{block:05d}"
        usable = [nine for unit in range(10) if check_digit_of(nine := f"{tens}{unit}") is not None]
        return cls(f"{usable[place]}{check_digit_of(usable[place])}")


class CHINumber(PersonIdentifier):
    """Community Health Index number of Scotland: DDMMYY of birth, three digits, a check digit; shown 6 4."""

    __slots__ = ()
    kind = "chi_number"
    name = "CHI number"

    def _check(self) -> None:
        _check_ten_digits(self.value, self.name, "010100 0006")
        if not _is_date_shaped(self.value[:6]):
            raise InvalidValue(
                N_("The first six digits are not a date."),
                expected=N_("A CHI number begins with the birth date: day, month and year, two digits each."),
                remedy=N_("Check the first six digits. If this is an NHS number, choose NHS number instead."),
            )
        _check_last_digit(self.value)

    @property
    def display(self) -> str:
        return f"{self.value[:6]} {self.value[6:]}"

    @property
    def is_reserved_for_tests(self) -> bool:
        """No range of CHI numbers is known to be reserved, so none may be taken for invented."""
        return False


def _is_date_shaped(ddmmyy: str) -> bool:
    day, month, year = int(ddmmyy[:2]), int(ddmmyy[2:4]), int(ddmmyy[4:])
    # The century is not written: 29 February is right if it exists in either.
    return any(_exists(century + year, month, day) for century in (1900, 2000))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


SCHEMES: dict[str, type[PersonIdentifier]] = {scheme.kind: scheme for scheme in (NHSNumber, CHINumber)}


def parse_identifier(kind: str, text: str) -> PersonIdentifier:
    """Read a number of the named kind (a key of `SCHEMES`)."""
    if kind not in SCHEMES:
        raise NotFound(
            N_("This kind of number is not known here."),
            expected=Phrase(N_("One of: {kinds}."), kinds=", ".join(SCHEMES)),
        )
    return SCHEMES[kind].parse(text)
