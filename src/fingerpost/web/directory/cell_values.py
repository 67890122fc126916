"""What a cell says, as a value; malformed ones raise `ValueError`, for the reader to name. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import TypeVar
from urllib.parse import urlsplit

from fingerpost.kernel.contact_route import normalise_email
from fingerpost.kernel.errors import InvalidValue

_DAYS = {
    "monday": "MO",
    "tuesday": "TU",
    "wednesday": "WE",
    "thursday": "TH",
    "friday": "FR",
    "saturday": "SA",
    "sunday": "SU",
}
_BYDAY = re.compile(r"[+-]?[0-9]{0,2}(MO|TU|WE|TH|FR|SA|SU)")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?")
_OLDEST = 130
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
M = TypeVar("M", date, datetime)


def web_address(text: str) -> str:
    """An http(s) address; other schemes could do something when followed."""
    parts = urlsplit(text)
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or any(map(str.isspace, text)):
        raise ValueError(text)
    return text


def email_address(text: str) -> str:
    try:
        return normalise_email(text)
    except InvalidValue as fault:
        raise ValueError(text) from fault


def age(text: str) -> int:
    number = float(text)
    if not 0 <= number <= _OLDEST:  # also for what is no number, or has no end
        raise ValueError(text)
    return int(number)


def positive(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1000:
        raise ValueError(text)
    return number


def year(text: str) -> int:
    number = int(text[:4])
    if not 1000 <= number <= 2200:
        raise ValueError(text)
    return number


def day(text: str) -> date:
    return date.fromisoformat(text[:10])


def moment(text: str) -> datetime:
    """A time with its zone; one without is taken as UTC, as HSDS asks."""
    found = datetime.fromisoformat(text)
    return _in_reach(found if found.tzinfo else found.replace(tzinfo=UTC))


def past_day(text: str) -> date:
    """A day on which something was said or done. “9999-12-31” is how some write that they do not know."""
    return _in_reach(day(text))


def _in_reach(found: M) -> M:
    """Within the years that clocks of all zones can show, and that months can be added to."""
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError(str(found))
    return found


def clock_time(text: str) -> time:
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError(text)
    return time(int(found[1]), int(found[2]))


def weekdays(text: str) -> str:
    """`Sunday`, `MO` or `MO,WE` in the letters of RFC 5545."""
    days = [_DAYS.get(part.strip().lower(), part.strip().upper()) for part in text.split(",") if part.strip()]
    if not days or not all(map(_BYDAY.fullmatch, days)):
        raise ValueError(text)
    return ",".join(days)
