"""What an indicator specification says: the small language that both halves interpret.

The meaning, which a half must keep to exactly (`analytics.oracle` is the obvious form of it):

1. *Known events*: those with `occurred_on` and `recorded_on` both on or before the day `as_of`.
2. *Standing events*: known events that had not been taken back by then: `taken_back_on` is empty or after
   `as_of`.
3. A journey is in the *denominator* when it has a standing `index` event and no standing `lost` event whose
   reason is in `never_lost_for`. Its *index day* is the earliest day of an index event; its month is that
   day's.
4. It is in the *numerator* when a standing event in `reached` occurred on the index day or at most
   `within_days` days after it.
5. It is *missing* when it is not in the numerator and a standing event in `reached` occurred before the
   index day. What happens after the window changes neither, so a complete month stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from fingerpost.codes.pathway import EventKind

__all__ = [
    "Benchmark",
    "Denominator",
    "Direction",
    "DisclosureClass",
    "IndicatorSpec",
    "Numerator",
    "month_of",
    "next_month",
]


class Direction(StrEnum):
    """Which way is better; `neutral` when neither is."""

    HIGHER_IS_BETTER = "higher_is_better"
    LOWER_IS_BETTER = "lower_is_better"
    NEUTRAL = "neutral"


class DisclosureClass(StrEnum):
    """`routine`: small counts are hidden. `sensitive`: a share of all or none is hidden too."""

    ROUTINE = "routine"
    SENSITIVE = "sensitive"


@dataclass(frozen=True, kw_only=True)
class Denominator:
    """Journeys with an `index` event, unless lost for a reason that says the record itself was wrong."""

    meaning: str
    index: EventKind
    never_lost_for: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Numerator:
    """Those with any of the `reached` events from the index day to `within_days` days after it."""

    meaning: str
    reached: tuple[EventKind, ...]
    within_days: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """A figure from elsewhere, as a share. `comparable` only if it counts the same thing the same way."""

    value: float
    meaning: str
    source: str
    comparable: bool


@dataclass(frozen=True, kw_only=True)
class IndicatorSpec:
    """One indicator: a share of journeys by month. The text is for readers, the rest is what is counted."""

    name: str
    version: str
    title: str
    question: str
    direction: Direction
    minimum_n: int
    disclosure: DisclosureClass
    exclusions: tuple[str, ...]
    denominator: Denominator
    numerator: Numerator
    time_rule: str
    recording_days: int
    missing_meaning: str
    benchmark: Benchmark | None

    def complete_from(self, month: date) -> date:
        """The first day on which the month that begins on `month` has had its whole time."""
        last_day = next_month(month) - timedelta(days=1)
        return last_day + timedelta(days=self.numerator.within_days + self.recording_days)

    def is_maturing(self, month: date, as_of: date) -> bool:
        """Whether journeys of that month may still come to be counted in the numerator."""
        return as_of < self.complete_from(month)


def month_of(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
