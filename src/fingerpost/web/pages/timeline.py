"""What has happened to somebody, grouped by day, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils.functional import Promise

from fingerpost.kernel.london import to_london


@dataclass(frozen=True)
class Entry:
    """One thing that happened: when, in whole words what, by whom; `detail` opens under "Read more"."""

    at: datetime
    what: str | Promise
    who: str = ""
    kind: str = "event"
    detail: str | Promise = ""


def by_day(entries: Iterable[Entry]) -> list[tuple[date, list[Entry]]]:
    """Entries grouped by their London day, both days and entries newest first."""
    newest_first = sorted(entries, key=lambda entry: entry.at, reverse=True)
    return [
        (on, list(group)) for on, group in groupby(newest_first, key=lambda entry: to_london(entry.at).date())
    ]
