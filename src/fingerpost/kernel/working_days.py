"""Working days in England: Monday to Friday without bank holidays, by London dates.

Bank holidays follow the Banking and Financial Dealings Act 1971 as practised since 1978, with substitute
days, Easter, and the one-off days proclaimed so far. A day proclaimed after this was written is given through
`WorkingCalendar(added=..., removed=...)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.london import to_london
from fingerpost.kernel.words import N_

__all__ = [
    "ENGLAND",
    "WorkingCalendar",
    "add_working_days",
    "age_in_working_days",
    "bank_holidays",
    "easter_sunday",
    "is_working_day",
    "working_days_between",
]

_DAY = timedelta(days=1)
_WEEKEND = 5
FIRST_YEAR = 1978

_ONE_OFF = frozenset(
    {
        date(1981, 7, 29),  # royal wedding
        date(1999, 12, 31),  # millennium
        date(2002, 6, 3),  # Golden Jubilee
        date(2011, 4, 29),  # royal wedding
        date(2012, 6, 5),  # Diamond Jubilee
        date(2022, 6, 3),  # Platinum Jubilee
        date(2022, 9, 19),  # funeral of Queen Elizabeth II
        date(2023, 5, 8),  # coronation
    }
)
# First or last Mondays that were moved to another day that year.
_MOVED_EARLY_MAY = {1995: date(1995, 5, 8), 2020: date(2020, 5, 8)}
_MOVED_SPRING = {2002: date(2002, 6, 4), 2012: date(2012, 6, 4), 2022: date(2022, 6, 2)}


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The rules for England, with days `added` to the bank holidays or `removed` from them."""

    added: frozenset[date] = frozenset()
    removed: frozenset[date] = frozenset()

    def holidays(self, year: int) -> frozenset[date]:
        """The bank holidays of one year."""
        return (bank_holidays(year) | {day for day in self.added if day.year == year}) - self.removed


ENGLAND = WorkingCalendar()


def easter_sunday(year: int) -> date:
    """Easter Sunday, Gregorian (the anonymous algorithm; Meeus, Astronomical Algorithms, 1991, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _first_monday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + _DAY * (-first.weekday() % 7)


def _last_monday(year: int, month: int) -> date:
    """The last Monday of a month that has 31 days."""
    last = date(year, month, 31)
    return last - _DAY * last.weekday()


def _substituted(days: list[date]) -> set[date]:
    """Holidays with a fixed date, each moved on from a weekend to the next weekday still free."""
    observed: set[date] = {day for day in days if day.weekday() < _WEEKEND}
    for day in days:
        moved = day
        while day.weekday() >= _WEEKEND and (moved.weekday() >= _WEEKEND or moved in observed):
            moved += _DAY
        observed.add(moved)
    return observed


@lru_cache(maxsize=256)
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England and Wales as observed, from 1978."""
    if year < FIRST_YEAR:
        raise InvalidValue(
            N_("Bank holidays before 1978 are not known here."), expected=N_("A year from 1978 on.")
        )
    easter = easter_sunday(year)
    fixed = _substituted([date(year, 1, 1)]) | _substituted([date(year, 12, 25), date(year, 12, 26)])
    movable = {
        easter - 2 * _DAY,
        easter + _DAY,
        _MOVED_EARLY_MAY.get(year, _first_monday(year, 5)),
        _MOVED_SPRING.get(year, _last_monday(year, 5)),
        _last_monday(year, 8),
    }
    return frozenset(fixed | movable | {day for day in _ONE_OFF if day.year == year})


def is_working_day(day: date, calendar: WorkingCalendar = ENGLAND) -> bool:
    """Whether offices are open on this day."""
    return day.weekday() < _WEEKEND and day not in calendar.holidays(day.year)


def working_days_between(start: date, end: date, calendar: WorkingCalendar = ENGLAND) -> int:
    """Working days after `start` up to and including `end`; negative when `end` comes first.

    So something that arrived on Friday is 1 working day old on Monday.
    """
    if end < start:
        return -working_days_between(end, start, calendar)
    holidays = sum(
        start < day <= end and day.weekday() < _WEEKEND
        for year in range(start.year, end.year + 1)
        for day in calendar.holidays(year)
    )
    return _weekdays_up_to(end) - _weekdays_up_to(start) - holidays


def _weekdays_up_to(day: date) -> int:
    """Mondays to Fridays from 1 January of year 1, a Monday, to this day."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * _WEEKEND + min(rest, _WEEKEND)


def add_working_days(start: date, days: int, calendar: WorkingCalendar = ENGLAND) -> date:
    """The day on which `days` working days have passed since `start`; `start` itself for 0."""
    if days < 0:
        raise InvalidValue(
            N_("Working days can only be counted forward."), expected=N_("A number of days from 0 up.")
        )
    day = start
    while days:
        day += _DAY
        days -= is_working_day(day, calendar)
    return day


def age_in_working_days(since: datetime, now: datetime, calendar: WorkingCalendar = ENGLAND) -> int:
    """How many working days ago `since` was, by London dates; both moments aware."""
    return working_days_between(to_london(since).date(), to_london(now).date(), calendar)
