"""The rule for small numbers, and the value that stands where a number may not.

Counts of 1 to 7 are suppressed and the rest rounded to the nearest 5 (OpenSAFELY output checking, as computed
in ehrQL `measures/disclosure_control.py`). Rates may be built on midpoint-6 rounding instead: 1 to 6 become
3, 7 to 12 become 9, and so on.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn, SupportsIndex, TypeGuard

from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.words import N_, Phrase

__all__ = [
    "FOR_COUNTS",
    "FOR_RATES",
    "DisclosurePolicy",
    "Suppressed",
    "Why",
    "is_suppressed",
    "midpoint",
    "nearest",
    "whole_count",
]


class Why(StrEnum):
    """Why a number is not said."""

    SMALL = "small"
    COMPLEMENT = "complement"


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Stands where a number may not be said. On purpose no number: arithmetic, ordering and truth raise.

    `why` is `small` when it counts `threshold` people or fewer, `complement` when it is held back because it
    would give away a small neighbour. Pages word it with `str`, which gives a phrase to translate.
    """

    threshold: int
    why: Why = Why.SMALL

    def __str__(self) -> str:
        if self.why is Why.SMALL:
            return Phrase(N_("fewer than {number}"), number=self.threshold + 1)
        return N_("not shown, to protect others")

    def __bool__(self) -> NoReturn:
        raise TypeError("a suppressed number is neither nought nor something: ask is_suppressed()")

    def __format__(self, specification: str) -> str:
        if specification:
            raise TypeError("a suppressed number cannot be written as a number")
        return str(self)


def is_suppressed(value: object) -> TypeGuard[Suppressed]:
    """Whether this cell may not be said."""
    return isinstance(value, Suppressed)


def nearest(count: int, base: int = 5) -> int:
    """The multiple of `base` nearest to `count`; halves go up."""
    return (2 * count + base) // (2 * base) * base


def midpoint(count: int, width: int = 6) -> int:
    """Midpoint rounding: nought stays, 1 to `width` become half of it, and so on up by whole widths."""
    return 0 if count == 0 else -(-count // width) * width - width // 2


@dataclass(frozen=True, slots=True)
class DisclosurePolicy:
    """How counts of people are released. Every choice is written out; there are no defaults to forget.

    `threshold`: counts from 1 to this are suppressed. `rounded`: how the others are rounded. `shows_zero`:
    whether a true nought is said. `shows_extremes`: whether a share of none or of all is said.
    """

    threshold: int
    rounded: Callable[[int], int]
    shows_zero: bool
    shows_extremes: bool

    def is_small(self, count: int) -> bool:
        """Whether this count may not be said for its own sake."""
        return count <= self.threshold and not (count == 0 and self.shows_zero)


FOR_COUNTS = DisclosurePolicy(threshold=7, rounded=nearest, shows_zero=True, shows_extremes=False)
"""For counts, and for shares printed beside counts."""

FOR_RATES = DisclosurePolicy(threshold=7, rounded=midpoint, shows_zero=True, shows_extremes=False)
"""For rates that stand alone. Never release one count under both policies: two roundings of 18 (20 and 15)
leave only 18 possible."""


def whole_count(count: SupportsIndex) -> int:
    """The count as an int of 0 or more; `InvalidValue` for anything else, True and False among them."""
    try:
        number = -1 if isinstance(count, bool) else operator.index(count)
    except TypeError:
        number = -1
    if number < 0:
        raise InvalidValue(
            N_("A number to be released is not a count of people."), expected=N_("A whole number from 0 up.")
        )
    return number
