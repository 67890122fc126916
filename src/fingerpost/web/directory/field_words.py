"""Whose word counts where several sources speak of one field. Pure.

A word counts by the rank of its source for that field, for eighteen months; after that any fresher word comes
before it, because a provider that has not spoken for so long no longer vouches for what it once said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

FRESH_FOR = timedelta(days=548)

# What people and other sources may say of each kind of row. A status is set by its own action.
SAYABLE: Mapping[str, tuple[str, ...]] = {
    "listing": (
        "name",
        "alternate_name",
        "description",
        "email",
        "url",
        "how_to_join",
        "what_to_expect",
        "accompaniment",
        "transport",
        "required_documents",
        "eligibility",
        "for_gender",
        "minimum_age",
        "maximum_age",
        "cost",
        "cost_pence",
        "wait_time",
        "schedule_note",
        "interpretation",
        "languages",
        "access",
        "ways",
        "needs",
        "search_words",
        "accreditations",
        "alert",
    ),
    "provider": ("name", "alternate_name", "description", "email", "url", "kind"),
    "location": ("name", "description", "transportation", "access"),
}


@dataclass(frozen=True, kw_only=True)
class Word:
    """What one source says. `rank` is its rank for this field: the smaller counts more."""

    source: str
    rank: int
    value: Any
    said_at: datetime


def winner(words: Iterable[Word], *, at: datetime) -> Word:
    """The word that counts at `at`. Of equals the newest, then the source that comes first by name."""
    return min(words, key=lambda w: (at - w.said_at > FRESH_FOR, w.rank, -w.said_at.timestamp(), w.source))
