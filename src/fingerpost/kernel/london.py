"""The time of Europe/London, also on a machine without a time-zone database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.words import N_

__all__ = ["LONDON", "LondonByRule", "require_aware", "to_london"]

_HOUR = timedelta(hours=1)
_NONE = timedelta(0)


def _last_sunday(year: int, month: int) -> datetime:
    """01:00 UTC on the last Sunday of a 31-day month: when British clocks change."""
    last = date(year, month, 31)
    day = last - timedelta(days=(last.weekday() + 1) % 7)
    return datetime(day.year, day.month, day.day, 1)  # noqa: DTZ001 - compared with naive UTC only


def _is_summer(utc: datetime) -> bool:
    """Whether a naive UTC moment falls in British Summer Time."""
    return _last_sunday(utc.year, 3) <= utc < _last_sunday(utc.year, 10)


class LondonByRule(tzinfo):
    """Europe/London by the rule in force since 1996; used only when no time-zone database is installed."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return self.dst(moment)

    def dst(self, moment: datetime | None) -> timedelta | None:
        if moment is None:
            return None
        wall = moment.replace(tzinfo=None)
        summer, winter = _is_summer(wall - _HOUR), _is_summer(wall)
        if summer == winter:
            return _HOUR if summer else _NONE
        # Exactly one reading is in summer: in spring the hour does not exist, in autumn it happens twice.
        is_autumn = wall.month == 10
        return _HOUR if is_autumn == (moment.fold == 0) else _NONE

    def tzname(self, moment: datetime | None) -> str | None:
        return None if moment is None else ("BST" if self.dst(moment) else "GMT")

    def fromutc(self, moment: datetime) -> datetime:
        utc = moment.replace(tzinfo=None)
        if _is_summer(utc):
            return (utc + _HOUR).replace(tzinfo=self)
        is_second_reading = _is_summer(utc - _HOUR) and utc.month == 10
        return utc.replace(tzinfo=self, fold=int(is_second_reading))

    def __repr__(self) -> str:
        return "LondonByRule()"


def _london() -> tzinfo:
    try:
        return ZoneInfo("Europe/London")
    except ZoneInfoNotFoundError:
        return LondonByRule()


LONDON: tzinfo = _london()


def require_aware(moment: datetime) -> datetime:
    """The same moment, or `InvalidValue` when it does not say its time zone."""
    if moment.utcoffset() is None:
        raise InvalidValue(
            N_("This time does not say which time zone it is in."),
            expected=N_("A time with its zone, such as 2026-03-29T10:00+00:00."),
        )
    return moment


def to_london(moment: datetime) -> datetime:
    """An aware moment as London clocks show it."""
    return require_aware(moment).astimezone(UTC).astimezone(LONDON)
