"""The sessions of a published listing as a calendar. Pure, and bounded: a rule is followed for two years at most."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil import rrule
from icalendar import Calendar, Event, vRecur, vText

from fingerpost.web.directory import api as directory

LONDON = ZoneInfo("Europe/London")
MOST_SESSIONS = 50
MOST_DAYS_OFF = 100
_FOLLOWED = timedelta(days=2 * 366)
_MOST_INTERVAL = 60
_DAY = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES = {"WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY}


def calendar_of(one: directory.PublishedListing, *, address: str, host: str, today: date) -> bytes:
    """The calendar file. A schedule that says no day or no time, or whose rule never comes true, is left out."""
    calendar = Calendar()
    calendar.add("prodid", "-//Fingerpost//directory//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", vText(" ".join(one.listing.name.split())))
    for series in _series(one, today):
        calendar.add_component(_event(one, series, address=address, host=host))
    calendar.add_missing_timezones()
    return calendar.to_ical()


@dataclass(frozen=True, kw_only=True)
class _Series:
    """Sessions that follow one rule, from the first to the last."""

    row: directory.Schedule
    rule: dict[str, object]
    first: date
    last: date | None


def _series(one: directory.PublishedListing, today: date) -> Iterator[_Series]:
    for row in one.schedules[:MOST_SESSIONS]:
        rule = _rule(row)
        start = row.starts_on or row.valid_from or today
        if rule is None or row.opens_at is None:
            continue
        last = _last(row)
        first = next(_days(row, start, min(last or date.max, _after(start))), None)
        if first is not None:
            yield _Series(row=row, rule=rule, first=first, last=last)


def _event(one: directory.PublishedListing, series: _Series, *, address: str, host: str) -> Event:
    row, first, last = series.row, series.first, series.last
    event = Event()
    event.add("uid", f"{row.id}@{host}")
    event.add("dtstamp", one.changed_at or datetime(2000, 1, 1, tzinfo=LONDON))
    event.add("summary", one.listing.name)
    event.add("dtstart", _at(first, row.opens_at))
    if row.closes_at and row.opens_at and row.closes_at > row.opens_at:
        event.add("dtend", _at(first, row.closes_at))
    until = {"until": _at(last, row.opens_at).astimezone(UTC)} if last else {}
    event.add("rrule", vRecur({**series.rule, **until}))
    for day in _days_off(one, row, first):
        event.add("exdate", _at(day, row.opens_at))
    event.add("url", address)
    if len(one.places) == 1:
        where = one.places[0].location
        said = [where.name, *where.address.splitlines(), where.town, where.postcode]
        event.add("location", ", ".join(part.strip() for part in said if part.strip()))
    if row.description:
        event.add("description", row.description)
    return event


def _rule(row: directory.Schedule) -> dict[str, object] | None:
    """The rule in parts that every calendar knows; None for one that we cannot stand for."""
    if row.frequency not in _FREQUENCIES or not 1 <= row.interval <= _MOST_INTERVAL:
        return None
    days = _weekdays(row)
    dates = _dates(row)
    if days is None or dates is None or not (days or dates or row.starts_on):
        return None
    rule: dict[str, object] = {"freq": row.frequency}
    if row.interval > 1:
        rule["interval"] = row.interval
    if days:
        rule["byday"] = [f"{n}{day}" if n else day for n, day in days]
    if dates:
        rule["bymonthday"] = dates
    return rule


def _weekdays(row: directory.Schedule) -> list[tuple[int, str]] | None:
    found = []
    for part in filter(None, row.byday.split(",")):
        match = _DAY.fullmatch(part.strip())
        if not match:
            return None
        which = int(match[1] or 0) if row.frequency == "MONTHLY" else 0
        found.append((which, match[2]))
    return list(dict.fromkeys(found))


def _dates(row: directory.Schedule) -> list[int] | None:
    found = []
    for part in filter(None, row.bymonthday.split(",")):
        text = part.strip().lstrip("+")
        if not re.fullmatch(r"-?[0-9]{1,2}", text) or not 1 <= abs(int(text)) <= 31:
            return None
        found.append(int(text))
    return list(dict.fromkeys(found))


def _days(row: directory.Schedule, start: date, last: date) -> Iterator[date]:
    """The days of a rule from `start` to `last`."""
    weekdays = [rrule.weekday(_DAYS.index(day), n or None) for n, day in _weekdays(row) or []]
    found = rrule.rrule(
        _FREQUENCIES[row.frequency],
        dtstart=datetime.combine(start, datetime.min.time()),
        until=datetime.combine(last, datetime.min.time()),
        interval=row.interval,
        byweekday=weekdays or None,
        bymonthday=_dates(row) or None,
    )
    return (moment.date() for moment in found)


def _days_off(one: directory.PublishedListing, row: directory.Schedule, first: date) -> list[date]:
    """The days of the rule on which it does not take place, as far as they are told."""
    closed = [e for e in one.exceptions[:MOST_SESSIONS] if e.is_closed and e.ends_on >= first]
    if not closed:
        return []
    last = min(max(e.ends_on for e in closed), _after(first))
    off = (day for day in _days(row, first, last) if any(e.starts_on <= day <= e.ends_on for e in closed))
    return list(islice(off, MOST_DAYS_OFF))


def _last(row: directory.Schedule) -> date | None:
    return min(filter(None, [row.until, row.valid_to]), default=None)


def _after(start: date) -> date:
    return start + _FOLLOWED if start < date.max - _FOLLOWED else date.max


def _at(day: date, moment: time | None) -> datetime:
    return datetime.combine(day, moment or time(), tzinfo=LONDON)
