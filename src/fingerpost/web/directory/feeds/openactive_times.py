"""When OpenActive opportunities happen, as schedules of HSDS. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any

from fingerpost.web.directory.feeds import openactive_values as values

_WEEK = timedelta(days=7)


def schedules_of(key: str, thing: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rules that a series gives itself."""
    rules = values.objects(thing.get("eventSchedule"))
    return [_rule(key, nth, rule) for nth, rule in enumerate(rules, start=1)]


def _rule(key: str, nth: int, rule: Mapping[str, Any]) -> dict[str, Any]:
    often = values.frequency(rule.get("repeatFrequency"))
    begins = values.clock(rule.get("startTime"))
    ends = values.clock(rule.get("endTime")) or (
        values.later(begins, rule.get("duration")) if begins else None
    )
    return {
        "id": values.key_of(f"{key}#schedule:{nth}"),
        "freq": often[0] if often else "",
        "interval": often[1] if often else None,
        "byday": values.byday(rule.get("byDay")) or _weekday(rule, often),
        "bymonthday": ",".join(map(str, values.several(rule.get("byMonthDay")))),
        "dtstart": rule.get("startDate"),
        "until": rule.get("endDate"),
        "count": rule.get("repeatCount"),
        "timezone": rule.get("scheduleTimezone"),
        "opens_at": begins.strftime("%H:%M") if begins else rule.get("startTime"),
        "closes_at": ends.strftime("%H:%M") if ends else rule.get("endTime"),
        "description": values.words(rule.get("description"))
        or ("" if often else values.words(rule.get("repeatFrequency"))),
    }


def _weekday(rule: Mapping[str, Any], often: tuple[str, int] | None) -> str:
    """A weekly rule that names no day means that of its first one, as in RFC 5545."""
    try:
        starts = date.fromisoformat(str(rule.get("startDate"))[:10])
    except ValueError:
        return ""
    return values.LETTERS[starts.weekday()] if often and often[0] == "WEEKLY" else ""


def schedules_of_sessions(key: str, sessions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Single sessions as few rules: those at the same hour that follow each other by a week are one.

    A session that is cancelled is none. One that cannot be placed in time is left to the row of its series.
    """
    days: dict[tuple[int, time, time | None], set[date]] = defaultdict(set)
    for session in sessions:
        begins = values.moment(session.get("startDate"))
        if begins is None or values.ending(str(session.get("eventStatus") or "")) == "EventCancelled":
            continue
        ends = values.moment(session.get("endDate"))
        closes = (
            ends.time()
            if ends and ends.date() == begins.date()
            else values.later(begins.time(), session.get("duration"))
        )
        days[begins.weekday(), begins.time(), closes].add(begins.date())
    rules = []
    for (weekday, opens, closes), found in sorted(days.items(), key=str):
        for run in _runs(sorted(found)):
            rules.append(
                {
                    "id": values.key_of(f"{key}#session:{run[0]:%Y%m%d}{opens:%H%M}{closes or ''}"),
                    "freq": "WEEKLY",
                    "byday": values.LETTERS[weekday],
                    "dtstart": run[0].isoformat(),
                    "until": run[-1].isoformat(),
                    "opens_at": opens.strftime("%H:%M"),
                    "closes_at": closes.strftime("%H:%M") if closes else "",
                }
            )
    return rules


def _runs(days: list[date]) -> list[list[date]]:
    """Days of one weekday in runs without a gap."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == _WEEK:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs
