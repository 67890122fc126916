"""Single values of OpenActive (JSON-LD of schema.org with additions) in the words of HSDS. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")
_DAYS = {
    "monday": "MO",
    "tuesday": "TU",
    "wednesday": "WE",
    "thursday": "TH",
    "friday": "FR",
    "saturday": "SA",
    "sunday": "SU",
}
LETTERS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PERIOD = re.compile(r"P(?:([0-9]{1,3})W|([0-9]{1,3})D|([0-9]{1,3})M)")
_DURATION = re.compile(r"PT(?:([0-9]{1,3})H)?(?:([0-9]{1,4})M)?(?:[0-9.]+S)?")
_LONGEST_KEY = 100


def several(value: Any) -> list[Any]:
    """A list, whether one was given, or one thing, or nothing."""
    if value is None or value in ("", {}):
        return []
    return value if isinstance(value, list) else [value]


def objects(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in several(value) if isinstance(each, Mapping)]


def first(thing: Mapping[str, Any], *names: str) -> Any:
    return next((thing[name] for name in names if thing.get(name) not in (None, "", [], {})), None)


def words(value: Any) -> str:
    """Text; of several, and of concepts, their names with commas."""
    found = []
    for each in several(value):
        said = first(each, "prefLabel", "name", "description") if isinstance(each, Mapping) else each
        if isinstance(said, str | int | float) and not isinstance(said, bool) and str(said).strip():
            found.append(str(said).strip())
    return ", ".join(dict.fromkeys(found))


def type_of(thing: Mapping[str, Any]) -> str:
    """`SessionSeries`, without whatever namespace is written before it; the first of several."""
    kinds = [kind for kind in several(first(thing, "type", "@type")) if isinstance(kind, str)]
    return ending(kinds[0]) if kinds else ""


def ending(text: str) -> str:
    """The last part of `https://schema.org/Monday`, `schema:Monday` or `oa#Monday`."""
    return re.split(r"[/:#]", text)[-1]


def own_id(thing: Mapping[str, Any]) -> str:
    """The id a thing gives itself; empty when it gives none."""
    found = first(thing, "id", "@id", "identifier")
    return str(found).strip() if isinstance(found, str | int) and not isinstance(found, bool) else ""


def key_of(text: str) -> str:
    """A key short enough to be kept: itself, or a digest."""
    return text if len(text) <= _LONGEST_KEY else "id:" + hashlib.sha256(text.encode()).hexdigest()[:40]


def made_key(kind: str, parts: Iterable[str]) -> str:
    """The key of a thing without an id: the same words give the same key."""
    return f"{kind}:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def byday(value: Any) -> str:
    """Days as names, addresses of schema.org, or letters of RFC 5545; as given when there is another word."""
    found = []
    for each in several(value):
        text = str(each)
        found.append(_DAYS.get(ending(text).lower(), ending(text).upper()))
    return ",".join(found)


def frequency(text: Any) -> tuple[str, int] | None:
    """`P1W` -> WEEKLY, 1. None for a period that no rule of HSDS can say."""
    found = _PERIOD.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return None
    weeks, days, months = (int(part) if part else 0 for part in found.groups())
    if weeks or (days and days % 7 == 0):
        return "WEEKLY", weeks or days // 7
    if days:
        return "DAILY", days
    return ("MONTHLY", months) if months else None


def moment(text: Any) -> datetime | None:
    """A moment on the clocks of London; one without a zone is taken to be there already."""
    if not isinstance(text, str) or "T" not in text:
        return None
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(_LONDON) if found.tzinfo else found.replace(tzinfo=_LONDON)
    except (ValueError, OverflowError):
        return None


def clock(text: Any) -> time | None:
    try:
        return time.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def later(begins: time, duration: Any) -> time | None:
    """When something ends that begins then and takes `PT1H30M`; None when it goes past midnight."""
    found = _DURATION.fullmatch(duration) if isinstance(duration, str) else None
    if not found or not any(found.groups()):
        return None
    begun = datetime.combine(date(2000, 1, 1), begins.replace(tzinfo=None))
    ends = begun + timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))
    return ends.time() if ends.date() == begun.date() else None
