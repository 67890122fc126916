"""Walking through a list of Open Referral, page after page, with whatever each item says by itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import SourceFault
from fingerpost.web.directory.enums import FaultKind
from fingerpost.web.directory.feeds.envelopes import ListPage, list_page
from fingerpost.web.directory.feeds.fetching import FeedAbsent, Fetcher

PER_PAGE = 50
MOST_ITEMS = 200_000
# An object that has one of these says all that it has to say: it need not be asked for by itself.
_PARTS = (
    "service_at_locations",
    "serviceAtLocations",
    "schedules",
    "regular_schedules",
    "physical_addresses",
    "addresses",
)
# Collections beside the first that a feed may go without, or that may fail, without harm to the rest.
BESIDE = frozenset({"service_at_locations"})


@dataclass(frozen=True)
class Held:
    """What is already known of an item."""

    listed: str
    is_whole: bool


@dataclass(frozen=True)
class Met:
    """One item that was met, with what it says; `content` is None when what is known still holds."""

    key: str
    listed: str
    modified: str
    content: Mapping[str, Any] | None
    is_whole: bool


@dataclass
class Step:
    """One page, read. `place` is where to go on; None after the last."""

    collection: str
    met: list[Met]
    notes: list[dict[str, Any]]
    place: dict[str, Any] | None


@dataclass
class ListWalk:
    """Reads the collections of one feed in turn. `held` tells what is known of some keys of a collection."""

    fetcher: Fetcher
    address: str
    collections: tuple[str, ...]
    held: Callable[[str, Collection[str]], Mapping[str, Held]]
    since: datetime | None = None
    seen: dict[str, set[str]] = field(default_factory=dict)

    def steps(self, place: Mapping[str, Any]) -> Iterator[Step]:
        """Every page from `place` on. Raises `SourceFault` when the feed cannot be read any further."""
        if place.get("ended"):
            return
        begin = str(place.get("collection", self.collections[0]))
        at: dict[str, Any] | None = dict(place)
        for collection in self.collections[self.collections.index(begin) :]:
            at = at if at and at.get("collection") == collection else {"collection": collection, "page": 1}
            while at is not None:
                step = self._page_or_none(collection, at)
                if step is None:
                    break
                at = step.place
                if at is None and collection != self.collections[-1]:
                    step.place = {
                        "collection": self.collections[self.collections.index(collection) + 1],
                        "page": 1,
                    }
                yield step

    def _page_or_none(self, collection: str, place: Mapping[str, Any]) -> Step | None:
        """A page. What stands beside the list itself need not be there; where it cannot be read to its end there is
        a note, and what it said before holds."""
        if collection not in BESIDE:
            return self._page(collection, place)
        try:
            return self._page(collection, place)
        except SourceFault as fault:
            if isinstance(fault, FeedAbsent) and int(place["page"]) <= 1:
                return None
            note = {
                "collection": collection,
                "fault": FaultKind.COLLECTION_FAILED.value,
                "value": str(fault)[:500],
            }
            return Step(collection, [], [note], None)

    def _page(self, collection: str, place: Mapping[str, Any]) -> Step:
        number = int(place["page"])
        address = self._list_address(collection, number)
        try:
            page = list_page(self.fetcher.json(address), where=address.partition("?")[0])
        except FeedAbsent:
            if collection == self.collections[0] or collection in BESIDE or number > 1:
                raise
            return Step(collection, [], [], None)  # the further collections of 1.0 need not be there
        if number == 1 and page.number == 1 and place.get("first") != 0 and page.is_first is False:
            # This feed counts its pages from nought, so this is its second.
            return self._page(collection, {**place, "page": 0, "first": 0})
        met, notes = self._met(collection, page)
        return Step(collection, met, notes, self._next(collection, place, page, met, notes))

    def _next(
        self,
        collection: str,
        place: Mapping[str, Any],
        page: ListPage,
        met: list[Met],
        notes: list[dict[str, Any]],
    ) -> dict[str, Any] | None:
        """Where the next page is; notes what does not add up once there is none."""
        seen = self.seen.setdefault(collection, set())
        fresh = {item.key for item in met} - seen
        seen |= fresh
        if len(seen) > MOST_ITEMS:
            raise _endless(collection)
        number = int(place["page"])
        totals = [*place.get("totals", []), page.total_items]
        after = number + 1 if place.get("first") == 0 else number
        at_end = page.is_last is True or (page.total_pages is not None and after >= page.total_pages)
        says_nothing = page.is_last is None and page.total_pages is None
        if page.items and not at_end and not fresh and met:
            if not says_nothing:
                raise _repeating(collection, number)
            at_end = True
        if page.items and not at_end:
            return {
                **place,
                "page": number + 1,
                "totals": [totals[0], page.total_items],
                "collection": collection,
            }
        notes += self._doubts(collection, totals, page, at_end)
        return None

    def _doubts(
        self, collection: str, totals: list[int | None], page: ListPage, at_end: bool
    ) -> list[dict[str, Any]]:
        """What makes it unsure whether the whole list was met: it changed under way, or counts wrongly."""
        met = len(self.seen[collection])
        wrong = page.total_items is not None and self.since is None and met != page.total_items
        if len(set(totals)) > 1 or wrong or not (at_end or page.is_last is None):
            said = ", ".join(dict.fromkeys(str(total) for total in totals))
            value = _("the feed says %(said)s and %(met)s were met") % {"said": said, "met": met}
            return [{"collection": collection, "fault": FaultKind.LIST_CHANGED.value, "value": value}]
        return []

    def _met(self, collection: str, page: ListPage) -> tuple[list[Met], list[dict[str, Any]]]:
        notes: list[dict[str, Any]] = []
        listed: dict[str, Mapping[str, Any]] = {}
        for nth, item in enumerate(page.items, start=1):
            reason = _unusable(item)
            if reason:
                value = json.dumps(item, ensure_ascii=False)[:500]
                notes.append(
                    {"collection": collection, "nth": nth, "column": "id", "value": value, "reason": reason}
                )
            else:
                listed.setdefault(str(item["id"]).strip(), item)
        held = self.held(collection, listed.keys())
        return [self._one(collection, key, item, held.get(key), notes) for key, item in listed.items()], notes

    def _one(
        self,
        collection: str,
        key: str,
        item: Mapping[str, Any],
        known: Held | None,
        notes: list[dict[str, Any]],
    ) -> Met:
        """An item whole: as listed, or by itself; not asked for when it says that it has not changed."""
        digest = hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()
        modified = _modified(item)
        if any(name in item for name in _PARTS):
            return Met(key, digest, modified, item, True)
        if known and known.is_whole and modified and known.listed == digest:
            return Met(key, digest, modified, None, True)
        try:
            found = self.fetcher.json(self._item_address(collection, key))
        except FeedAbsent:
            notes.append({"collection": collection, "fault": FaultKind.ITEM_ABSENT.value, "value": key})
            return Met(key, digest, modified, item, False)
        if not isinstance(found, Mapping) or str(found.get("id", "")).strip() != key:
            notes.append(
                {
                    "collection": collection,
                    "column": "id",
                    "value": key,
                    "reason": _("asked for by itself, it is another"),
                }
            )
            return Met(key, digest, modified, item, False)
        return Met(key, digest, modified, {**item, **found}, True)

    def _list_address(self, collection: str, page: int) -> str:
        asked = {"page": str(page), "per_page": str(PER_PAGE)}
        if self.since:
            asked["modified_after"] = self.since.isoformat(timespec="seconds")
        return _address(self.address, collection, asked)

    def _item_address(self, collection: str, key: str) -> str:
        return _address(self.address, f"{collection}/{quote(key, safe='')}", {})


def base_of(address: str) -> str:
    """The address that the endpoints follow, whether `/services` was given with it or not."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/").removesuffix("/services"), fragment=""))


def knows_modified_after(fetcher: Fetcher, address: str) -> bool:
    """Does the feed say that it is of HSDS 3.1 or later, in which one may ask for what was modified?"""
    try:
        found = fetcher.json(_address(address, "", {}))
    except SourceFault:
        return False
    version = str(found.get("version", "")) if isinstance(found, Mapping) else ""
    return any(mark in version for mark in ("3.1", "3.2"))


def _address(base: str, path: str, asked: Mapping[str, str]) -> str:
    parts = urlsplit(base)
    query = urlencode([*parse_qsl(parts.query), *asked.items()])
    return urlunsplit(parts._replace(path=f"{parts.path}/{path}", query=query))


def _unusable(item: Any) -> str:
    if not isinstance(item, Mapping):
        return _("this is not an object with named parts")
    key = item.get("id")
    if not isinstance(key, str | int) or isinstance(key, bool) or not str(key).strip():
        return _("there is no id")
    return _("the id is longer than 100 characters") if len(str(key).strip()) > 100 else ""


def _repeating(collection: str, number: int) -> SourceFault:
    return SourceFault(
        _("Page %(page)s of %(collection)s holds nothing but what was on earlier pages.")
        % {"page": number, "collection": collection},
        expected=_("Pages that differ, until the last."),
        remedy=_(
            "Nothing was imported. Tell whoever publishes the feed: it may not look at which page is asked for."
        ),
    )


def _endless(collection: str) -> SourceFault:
    return SourceFault(
        _("The list of %(collection)s does not end.") % {"collection": collection},
        expected=_("At most %(most)s items.") % {"most": MOST_ITEMS},
        remedy=_("Nothing was imported. Tell whoever publishes the feed."),
    )


def _modified(item: Mapping[str, Any]) -> str:
    """When an item last changed; of a service at a place its service says it."""
    service = item.get("service")
    inner = service.get("last_modified") if isinstance(service, Mapping) else None
    return str(item.get("last_modified") or inner or "")[:60]
