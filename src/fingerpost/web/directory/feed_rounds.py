"""Reading a feed from its first page to its last: each page asked for outside a transaction and kept in one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from functools import partial
from typing import TypeAlias
from uuid import UUID

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.directory.actions import feeds as actions
from fingerpost.web.directory.enums import SourceKind
from fingerpost.web.directory.feeds.changes import ChangeStep, ChangeWalk
from fingerpost.web.directory.feeds.fetching import Fetcher
from fingerpost.web.directory.feeds.lists import Held, ListWalk, Step, knows_modified_after
from fingerpost.web.directory.models import FeedReading
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope

Keep: TypeAlias = Callable[[datetime], FeedReading]

_COLLECTIONS = {
    SourceKind.FEED_ORUK3: ("services", "service_at_locations"),
    SourceKind.FEED_ORUK1: ("services", "locations"),
}


def read_feed(
    *,
    feed_id: UUID,
    by: Actor,
    fetcher: Fetcher,
    now: Callable[[], datetime] = clock.now,
    until: datetime | None = None,
    tell: Callable[[int, int], None] = lambda _pages, _items: None,
) -> dict[str, bytes] | None:
    """Read a feed to its end and return what it holds as the file of an import; None when `until` came first.

    `tell` is called after each page with how many pages and items there were.
    Opens a scope for each page, so call it outside of one: what was kept outlasts a crash, and the next call goes
    on there. Raises `SourceFault` with what is wrong with the feed; what was kept until then stays.
    """
    with scope(by):
        hand = actions.take_up(feed_id=feed_id, by=by, at=now())
    try:
        steps = _changes if hand.kind == SourceKind.FEED_RPDE else _pages
        for keep in steps(hand, by, fetcher):
            with scope(by):
                reading = keep(now())
            tell(reading.pages, reading.items)
            if until is not None and now() >= until:
                return None
        with scope(by):
            actions.finish(hand, at=now())
            return actions.feed_files(feed_id=feed_id)
    except FingerpostError as fault:
        with scope(by):
            actions.stop(hand, why=str(fault), at=now())
        raise
    finally:
        with scope(by):
            actions.count_asked(hand, requests=fetcher.asked, bytes_read=fetcher.read)


def _pages(hand: actions.Hand, by: Actor, fetcher: Fetcher) -> Iterator[Keep]:
    (address,) = hand.addresses
    since = hand.since
    if hand.may_ask_since and hand.kind == SourceKind.FEED_ORUK3 and knows_modified_after(fetcher, address):
        since = hand.may_ask_since

    def held(collection: str, keys: Collection[str]) -> dict[str, Held]:
        with scope(by):
            return actions.held_items(hand, collection, keys)

    walk = ListWalk(
        fetcher=fetcher,
        address=address,
        collections=_COLLECTIONS[hand.kind],
        held=held,
        since=since,
        seen={collection: set(keys) for collection, keys in hand.seen.items()},
    )
    for step in walk.steps(hand.place):
        yield partial(_keep_page, hand, step, since)


def _keep_page(hand: actions.Hand, step: Step, since: datetime | None, at: datetime) -> FeedReading:
    return actions.keep_page(hand, step, since=since, at=at)


def _changes(hand: actions.Hand, by: Actor, fetcher: Fetcher) -> Iterator[Keep]:
    walk = ChangeWalk(fetcher=fetcher, addresses=hand.addresses)
    for step in walk.steps({address: str(place) for address, place in hand.place.items()}):
        yield partial(_keep_changes, hand, step)


def _keep_changes(hand: actions.Hand, step: ChangeStep, at: datetime) -> FeedReading:
    return actions.keep_changes(hand, step, at=at)
