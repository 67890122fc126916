"""Walking through a feed of RPDE: every change since the last one that was met, in order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import SourceFault
from fingerpost.web.directory.feeds.addresses import followed
from fingerpost.web.directory.feeds.envelopes import RpdeItem, rpde_page
from fingerpost.web.directory.feeds.fetching import Fetcher
from fingerpost.web.directory.feeds.openactive import LISTING_KINDS, SESSION_KINDS, kind_of
from fingerpost.web.directory.feeds.openactive_values import key_of

MOST_ITEMS = 1_000_000  # changes, in one reading


@dataclass(frozen=True)
class Change:
    """An item as it is now; `content` is None when the feed has deleted it."""

    key: str
    kind: str
    modified: str
    digest: str
    content: Mapping[str, Any] | None


@dataclass
class ChangeStep:
    """One page. `place` says where each address goes on; `is_last` that the feeds have no more for now."""

    changes: list[Change]
    notes: list[dict[str, Any]]
    place: dict[str, str]
    is_last: bool


@dataclass
class ChangeWalk:
    """Reads the addresses of one publisher in turn, each from where it was left."""

    fetcher: Fetcher
    addresses: tuple[str, ...]

    def steps(self, cursors: Mapping[str, str]) -> Iterator[ChangeStep]:
        place = {address: cursors.get(address, address) for address in self.addresses}
        for address in self.addresses:
            met: set[str] = set()
            count = 0
            while True:
                here = place[address]
                met.add(here)
                page = rpde_page(self.fetcher.json(here), where=here.partition("?")[0])
                there = followed(here, page.next, inside=self.fetcher.inside)
                ended = not page.items and not page.faults
                if not ended and there in met:
                    raise _circling(here)
                count += len(page.items) + len(page.faults)
                if count > MOST_ITEMS:
                    raise _endless(here)
                place[address] = there
                notes = [
                    {"collection": "items", "nth": nth, "column": "id", "value": value, "reason": reason}
                    for nth, (value, reason) in enumerate(page.faults, start=1)
                ]
                last = ended and address == self.addresses[-1]
                yield ChangeStep(list(self._changes(page.items)), notes, dict(place), last)
                if ended:
                    break

    def _changes(self, items: list[RpdeItem]) -> Iterator[Change]:
        """The last word on each item of a page: a feed may speak of one item twice."""
        latest: dict[tuple[str, str], RpdeItem] = {}
        for item in items:
            known = latest.get((item.kind, item.id))
            if known is None or not is_older(item.modified, known.modified):
                latest[item.kind, item.id] = item
        for item in latest.values():
            content = item.data
            if content is not None and kind_of(item.kind, content) not in LISTING_KINDS | SESSION_KINDS:
                # Kept as a name only, so that the report can count it: there may be millions of them.
                content = {"type": kind_of(item.kind, content)}
            digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
            yield Change(key_of(item.id), item.kind[:100], item.modified[:60], digest, content)


def is_older(this: str, that: str) -> bool:
    """Is one `modified` before another? They are numbers, or words that sort; of two sorts nobody can say."""
    if this.isdigit() and that.isdigit():
        return (len(this.lstrip("0")), this.lstrip("0")) < (len(that.lstrip("0")), that.lstrip("0"))
    return this < that if this.isdigit() == that.isdigit() else False


def _circling(address: str) -> SourceFault:
    return SourceFault(
        _("%(where)s sends back to a page that was read already.") % {"where": address.partition("?")[0]},
        expected=_("Pages that lead on, until one without items."),
        remedy=_("What was read so far is kept; nothing was imported. Tell whoever publishes the feed."),
    )


def _endless(address: str) -> SourceFault:
    return SourceFault(
        _("%(where)s does not end.") % {"where": address.partition("?")[0]},
        expected=_("At most %(most)s changes.") % {"most": MOST_ITEMS},
        remedy=_("What was read so far is kept; nothing was imported. Tell whoever publishes the feed."),
    )
