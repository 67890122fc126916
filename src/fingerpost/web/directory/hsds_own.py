"""Details of our own list, as they were said of listings, places and parts, put where they belong. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from fingerpost.web.directory import cell_values as cells
from fingerpost.web.directory.csv_tables import Row
from fingerpost.web.directory.enums import Accompaniment, CapacityState, ForGender
from fingerpost.web.directory.enums import FaultKind as F
from fingerpost.web.directory.hsds_reading import Reading
from fingerpost.web.directory.own_terms import SEVERAL
from fingerpost.web.directory.records import Record, RoomRecord

R = TypeVar("R", bound=Record)
V = TypeVar("V")
_MOST_PENCE = 100_000_000
_MOST_WEEKS = 260


def apply_own(reading: Reading) -> None:
    """Give records what terms of our own say of them; what cannot be read is a named fault."""
    if not reading.own:
        return
    found = reading.found
    rooms = [_room(reading, one.key) for one in found.listings]
    found.rooms = [room for room in rooms if room is not None]
    found.listings = [_with_own(reading, "listing", one) for one in found.listings]
    found.locations = [_with_own(reading, "location", one) for one in found.locations]
    found.providers = [_with_own(reading, "provider", one) for one in found.providers]
    found.service_areas = [_with_own(reading, "service_area", one) for one in found.service_areas]
    found.identifiers = [_with_own(reading, "identifier", one) for one in found.identifiers]


def _with_own(reading: Reading, kind: str, record: R) -> R:
    said = reading.own.get((kind, record.key), ())
    values: dict[str, Any] = {}
    for term, row in said:
        if term.field in SEVERAL:
            values[term.field] = (*values.get(term.field, ()), term.choice)
        elif term.choice and term.field in _CHOICES:
            values[term.field] = _CHOICES[term.field](term.choice)
        elif term.field in _TEXTS:
            try:
                values[term.field] = _TEXTS[term.field](row.get("value"))
            except (ValueError, OverflowError):
                reading.fault(F.VALUE_MALFORMED, row, "value", _about(kind, record.key))
    return replace(record, **values) if values else record


def _room(reading: Reading, key: str) -> RoomRecord | None:
    """The last word about room, whole; weeks and dates only beside the state that they belong to."""
    said = {term.field: (term, row) for term, row in reading.own.get(("listing", key), ())}
    if "room" not in said:
        return None
    term, row = said["room"]
    state, about = CapacityState(term.choice), ("listing", key)
    said_at = reading.value(row, "value", cells.moment, F.DATE_MALFORMED, about)
    weeks = _beside(reading, said, "room_weeks", _weeks, about)
    until = _beside(reading, said, "room_until", cells.day, about)
    if said_at is None:
        return None
    return RoomRecord(
        listing_key=key,
        state=state,
        said_at=said_at,
        waiting_weeks=weeks if state is CapacityState.WAITING_LIST else None,
        full_until=until if state is CapacityState.FULL else None,
    )


def _beside(
    reading: Reading,
    said: Mapping[str, tuple[Any, Row]],
    field: str,
    parse: Callable[[str], V],
    about: tuple[str, str],
) -> V | None:
    if field not in said:
        return None
    return reading.value(said[field][1], "value", parse, F.VALUE_MALFORMED, about)


def _weeks(text: str) -> int:
    number = int(text)
    if not 1 <= number <= _MOST_WEEKS:
        raise ValueError(text)
    return number


def _pence(text: str) -> int | None:
    if not text:
        return None
    number = int(text)
    if not 0 <= number <= _MOST_PENCE:
        raise ValueError(text)
    return number


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def _languages(text: str) -> tuple[str, ...]:
    return tuple(name[:60] for name in _lines(text))


def _codes(text: str) -> tuple[str, ...]:
    if any(len(code) > 20 for code in _lines(text)):
        raise ValueError(text)
    return _lines(text)


def _address(text: str) -> str:
    return cells.web_address(text) if text else ""


def _short(text: str) -> str:
    return text[:100]


def _about(kind: str, key: str) -> tuple[str, str] | None:
    return (kind, key) if kind in ("listing", "location", "provider") else None


_CHOICES: Mapping[str, Callable[[str], Any]] = {"accompaniment": Accompaniment, "for_gender": ForGender}
_TEXTS: Mapping[str, Callable[[str], Any]] = {
    "what_to_expect": str,
    "transport": str,
    "schedule_note": str,
    "access": str,
    "search_words": _lines,
    "languages": _languages,
    "cost_pence": _pence,
    "kind": _short,
    "codes": _codes,
    "uri": _address,
}
