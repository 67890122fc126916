"""Schedules in plain words. Pure."""

from __future__ import annotations

import re
from datetime import time

from django.utils.translation import gettext as _

_PART = re.compile(r"([+-]?[0-9]{0,2})(MO|TU|WE|TH|FR|SA|SU)")


def when_words(
    *, frequency: str, byday: str, opens_at: time | None, closes_at: time | None, note: str = ""
) -> str:
    """`Wednesdays, 12 midday to 2pm`. A day without times says so; a note stands on its own."""
    days = _days(frequency, byday)
    hours = _hours(opens_at, closes_at)
    if days and hours:
        said = _("%(days)s, %(hours)s") % {"days": days, "hours": hours}
    elif days:
        said = _("%(days)s, times not given") % {"days": days}
    else:
        said = hours
    return " ".join(part for part in (f"{said}." if said and note else said, note) if part)


def clock_words(moment: time) -> str:
    """`2pm`, `2:30pm`, `midday`, `midnight`."""
    if (moment.hour, moment.minute) == (12, 0):
        return _("midday")
    if (moment.hour, moment.minute) == (0, 0):
        return _("midnight")
    hour = moment.hour % 12 or 12
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{hour}{minutes}{_('am') if moment.hour < 12 else _('pm')}"


def _hours(opens_at: time | None, closes_at: time | None) -> str:
    if opens_at and closes_at:
        return _("%(from)s to %(to)s") % {"from": clock_words(opens_at), "to": clock_words(closes_at)}
    return _("from %(time)s") % {"time": clock_words(opens_at)} if opens_at else ""


def _days(frequency: str, byday: str) -> str:
    names = [words for part in byday.split(",") if (words := _day(frequency, part))]
    if len(names) < 2:
        return "".join(names)
    return _("%(days)s and %(last)s") % {"days": ", ".join(names[:-1]), "last": names[-1]}


def _day(frequency: str, part: str) -> str:
    found = _PART.fullmatch(part)
    if not found:
        return ""
    which, day = found[1].lstrip("+"), found[2]
    if frequency == "MONTHLY" and which:
        return _("%(which)s %(day)s of the month") % {"which": _which(which), "day": _one_day(day)}
    return _every_day(day)


def _which(number: str) -> str:
    words = {"1": _("first"), "2": _("second"), "3": _("third"), "4": _("fourth"), "-1": _("last")}
    return words.get(number, number)


def _one_day(day: str) -> str:
    return {
        "MO": _("Monday"),
        "TU": _("Tuesday"),
        "WE": _("Wednesday"),
        "TH": _("Thursday"),
        "FR": _("Friday"),
        "SA": _("Saturday"),
        "SU": _("Sunday"),
    }[day]


def _every_day(day: str) -> str:
    return {
        "MO": _("Mondays"),
        "TU": _("Tuesdays"),
        "WE": _("Wednesdays"),
        "TH": _("Thursdays"),
        "FR": _("Fridays"),
        "SA": _("Saturdays"),
        "SU": _("Sundays"),
    }[day]
