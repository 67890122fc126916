"""When somebody has kept going: docs/decisions/0067-sustained.md gives the reasons for the numbers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

VISITS_WITHOUT_AN_END = 4
VISITS_BEFORE_AN_END = 2
OR_THIS_LONG = timedelta(weeks=2)


def kept_going(visits: Iterable[date], *, finished_on: date | None = None) -> bool:
    """Whether visits on these days are more than having come once.

    Four different days are; or, when it is said to have finished, two different days, or two weeks from the first
    visit to the end. Several visits on one day are one.
    """
    days = set(visits)
    if len(days) >= VISITS_WITHOUT_AN_END:
        return True
    if finished_on is None or not days:
        return False
    return len(days) >= VISITS_BEFORE_AN_END or finished_on - min(days) >= OR_THIS_LONG
