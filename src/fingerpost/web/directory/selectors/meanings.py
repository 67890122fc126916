"""What people's words mean in this system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fingerpost.web.directory.lay_words import Entry, Vocabulary, entries, vocabulary
from fingerpost.web.directory.models import LayMeaning
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import current_actor


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """One entry as its page shows it. `changed_by` is empty for one of ours that nobody has changed."""

    entry: Entry
    is_ours: bool
    changed_by: str = ""
    changed_at: datetime | None = None

    @property
    def first(self) -> str:
        """What it is called by: its first phrase; of one switched off, the first that it came with."""
        return (self.entry.phrases or entries()[self.entry.key].phrases)[0]


def lay_meanings(actor: Actor) -> list[Meaning]:
    """Every entry by its first phrase; ours that were switched off too, with no phrases."""
    own = {row.key: row for row in LayMeaning.objects.all()}
    found = [
        Meaning(
            entry=_entry(own[key]) if key in own else entries()[key],
            is_ours=key in entries(),
            changed_by=own[key].changed_by_name if key in own else "",
            changed_at=own[key].changed_at if key in own else None,
        )
        for key in {*entries(), *own}
    ]
    return sorted(found, key=lambda one: (one.first, one.entry.key))


def current_vocabulary() -> Vocabulary:
    """What search reads words by; one query."""
    own = LayMeaning.objects.raw(
        "SELECT * FROM directory_laymeaning WHERE system_id = %s ORDER BY key", [current_actor().system_id]
    )
    return vocabulary(_entry(row) for row in own)


def _entry(row: LayMeaning) -> Entry:
    return Entry(row.key, tuple(row.phrases), tuple(row.needs), tuple(row.words))
