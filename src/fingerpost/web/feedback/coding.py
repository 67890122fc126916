"""The coded entries that a practice is asked to make, derived from a journey's events and stored nowhere.

A referral is coded once per episode and dated when the *person* agreed, not when somebody pressed a button.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fingerpost.codes.pathway import EventKind
from fingerpost.codes.snomed import DECLINED, code_for_event, record_code
from fingerpost.kernel.london import to_london
from fingerpost.web.pathway.api import PathwayEvent, standing


@dataclass(frozen=True)
class Entry:
    """One code for the person's record; `on` is the day it is to be dated."""

    code: str
    term: str
    on: date


def coded_entries(events: Iterable[PathwayEvent]) -> list[Entry]:
    """The entries that a journey's standing events call for, oldest first; each code once per episode."""
    found = standing(events)
    first: dict[EventKind, PathwayEvent] = {}
    for event in found:
        first.setdefault(EventKind(event.kind), event)
    wanted = [
        _entry(EventKind.PERSON_AGREED, _agreed(first)),
        _entry(EventKind.CONTACTED, first.get(EventKind.CONTACTED)),
        _entry(EventKind.CLOSED, first.get(EventKind.CLOSED)),
        _declined(found),
    ]
    return sorted((entry for entry in wanted if entry), key=lambda entry: entry.on)


def _agreed(first: dict[EventKind, PathwayEvent]) -> PathwayEvent | None:
    """The moment the person agreed, once a scheme has taken the referral on."""
    if EventKind.ACCEPTED not in first:
        return None
    return first.get(EventKind.PERSON_AGREED)


def _entry(kind: EventKind, event: PathwayEvent | None) -> Entry | None:
    code = code_for_event(kind)
    if event is None or code is None:
        return None
    return Entry(code.code, code.term, to_london(event.occurred_at).date())


def _declined(events: Iterable[PathwayEvent]) -> Entry | None:
    """The person said no before a scheme took it on."""
    for event in events:
        if (
            event.kind == EventKind.LOST
            and event.reason == "person_said_no"
            and event.after == EventKind.RECEIVED
        ):
            return Entry(DECLINED, record_code(DECLINED).term, to_london(event.occurred_at).date())
    return None
