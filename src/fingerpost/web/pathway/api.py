"""The door of pathway."""

from __future__ import annotations

from fingerpost.web.pathway.actions import mint_journey, move_to_scheme, record
from fingerpost.web.pathway.models import Journey, PathwayEvent
from fingerpost.web.pathway.selectors import (
    events_for_counting,
    events_of,
    events_of_journeys,
    journeys,
    last_step,
    standing,
)

__all__ = [
    "Journey",
    "PathwayEvent",
    "events_for_counting",
    "events_of",
    "events_of_journeys",
    "journeys",
    "last_step",
    "mint_journey",
    "move_to_scheme",
    "record",
    "standing",
]
