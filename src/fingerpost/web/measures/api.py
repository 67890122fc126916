"""The door of measures."""

from __future__ import annotations

from fingerpost.web.measures.actions import is_enough, mark_entered_in_error, take
from fingerpost.web.measures.enums import AnsweredHow, OccasionKind
from fingerpost.web.measures.models import Occasion
from fingerpost.web.measures.policies import can_mark_error, can_take
from fingerpost.web.measures.selectors import Series, latest, occasion, occasions_of, series

__all__ = [
    "AnsweredHow",
    "Occasion",
    "OccasionKind",
    "Series",
    "can_mark_error",
    "can_take",
    "is_enough",
    "latest",
    "mark_entered_in_error",
    "occasion",
    "occasions_of",
    "series",
    "take",
]
