"""Feeds: set up, read page by page, and what was read as files for an import."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import Conflict, InvalidValue, NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.actions.landing import SourceDetails
from fingerpost.web.directory.enums import SOURCE_RANKS, FaultKind, ReadingState, SourceKind
from fingerpost.web.directory.feeds.addresses import checked
from fingerpost.web.directory.feeds.changes import ChangeStep, is_older
from fingerpost.web.directory.feeds.item_files import FEEDS, as_file
from fingerpost.web.directory.feeds.lists import Held, Step, base_of
from fingerpost.web.directory.models import Feed, FeedItem, FeedReading, Source
from fingerpost.web.directory.policies import check_can_import
from fingerpost.web.foundation import jobs
from fingerpost.web.foundation.actor import Actor

READ_FEED = "directory.read_feed"

_STALE = timedelta(days=2)  # a reading that stopped longer ago is begun again: the list has moved on
_WHOLE_EVERY = timedelta(days=7)  # what is gone is told by a whole list only
_MARGIN = timedelta(days=1)  # clocks differ, and a feed may publish late
_MOST_NOTES = 2000
_SILENCE = timedelta(minutes=30)
_GONE_AFTER = 3  # readings of a list that did not add up


@dataclass(frozen=True)
class Hand:
    """A reading in somebody's hand: what they need to know to go on with it."""

    reading_id: UUID
    reader: UUID
    kind: SourceKind
    addresses: tuple[str, ...]
    place: Mapping[str, Any]
    seen: Mapping[str, set[str]]
    since: datetime | None
    may_ask_since: datetime | None


@transaction.atomic
def keep_feed(
    *,
    source: SourceDetails,
    addresses: Iterable[str],
    every_hours: int,
    inside: Collection[str],
    by: Actor,
    at: datetime,
) -> Feed:
    """Set up the feed of a source, or change its addresses. Raises what is wrong with an address."""
    check_can_import(by)
    asked = [address.strip() for address in addresses]
    if source.kind not in FEEDS or not asked or (source.kind != SourceKind.FEED_RPDE and len(asked) > 1):
        raise InvalidValue(
            _("This cannot be set up as a feed."),
            expected=_("A kind of feed and its address; several addresses only for OpenActive."),
        )
    if not 0 <= every_hours <= 24 * 90:
        raise InvalidValue(
            _("A feed is read at most every hour and at least every 90 days; 0 means on request.")
        )
    for address in asked:
        checked(address, inside=inside)
    if source.kind != SourceKind.FEED_RPDE:
        asked = [base_of(address) for address in asked]
    origin, _made = Source.objects.get_or_create(
        name=source.name,
        system_id=by.system_id,
        defaults={"label": source.label, "kind": source.kind, "rank": SOURCE_RANKS[source.kind]},
    )
    if origin.kind != source.kind:
        raise Conflict(
            _("The source %(name)s exists already and is of another kind.") % {"name": source.name},
            remedy=_("Give the feed a name of its own."),
        )
    feed = Feed.objects.select_for_update().filter(source=origin).first()
    if feed is None:
        feed = Feed(source=origin, addresses=asked, every_hours=every_hours)
        feed.due_at = at if every_hours else None
        feed.save(force_insert=True)
        return feed
    if feed.addresses != asked:
        # What another address says is read from its beginning.
        feed.addresses, feed.cursors, feed.read_whole_at = asked, {}, None
        _lapse(feed, at)
        if source.kind == SourceKind.FEED_RPDE:  # which tells what is gone by itself only
            FeedItem.objects.filter(feed=feed).delete()
    feed.every_hours = every_hours
    feed.due_at = at if every_hours else None
    feed.save()
    return feed


def ask_for_reading(*, feed_id: UUID, by: Actor, at: datetime) -> bool:
    """Have a feed read by the worker now, whether it is due or not. False when that was asked for already."""
    check_can_import(by)
    feed = Feed.objects.filter(id=feed_id).first()
    if feed is None:
        raise NotFound(_("There is no such feed."))
    return jobs.defer(READ_FEED, key=str(feed.id), feed_id=feed.id, system_id=feed.system_id)


def due_feeds(*, at: datetime) -> list[UUID]:
    return list(Feed.objects.filter(due_at__lte=at).order_by("due_at").values_list("id", flat=True))


def take_up(*, feed_id: UUID, by: Actor, at: datetime) -> Hand:
    """Begin to read a feed, or go on where the last reading stopped. Whoever had it before is told to stop."""
    check_can_import(by)
    feed = Feed.objects.select_for_update().select_related("source").filter(id=feed_id).first()
    if feed is None:
        raise NotFound(_("There is no such feed."))
    reading = feed.readings.filter(state__in=[ReadingState.READING, ReadingState.STOPPED]).first()
    if reading and at - reading.moved_at > _STALE:
        _lapse(feed, at)
        reading = None
    if reading is None:
        reading = FeedReading(feed=feed, started_at=at, started_by=by.id, moved_at=at, reader=new_id(at))
        reading.place = dict(feed.cursors)
        reading.save(force_insert=True)
    reading.state, reading.reader, reading.why = ReadingState.READING, new_id(at), ""
    reading.save()
    seen: dict[str, set[str]] = {}
    for collection, key in FeedItem.objects.filter(feed=feed, seen_in=reading.id).values_list(
        "collection", "key"
    ):
        seen.setdefault(collection, set()).add(key)
    recent = feed.read_whole_at is not None and at - feed.read_whole_at < _WHOLE_EVERY
    return Hand(
        reading_id=reading.id,
        reader=reading.reader,
        kind=SourceKind(feed.source.kind),
        addresses=tuple(feed.addresses),
        place=reading.place,
        seen=seen,
        since=reading.since,
        may_ask_since=feed.read_whole_at - _MARGIN
        if recent and feed.read_whole_at and not reading.pages
        else None,
    )


def held_items(hand: Hand, collection: str, keys: Collection[str]) -> dict[str, Held]:
    """What is known of these items of a list."""
    rows = FeedItem.objects.filter(
        feed__readings=hand.reading_id, collection=collection, key__in=list(keys)
    ).values_list("key", "listed", "is_whole")
    return {key: Held(listed, is_whole) for key, listed, is_whole in rows}


def keep_page(hand: Hand, step: Step, *, since: datetime | None, at: datetime) -> FeedReading:
    """Keep a page of a list, and where the next is."""
    reading = _mine(hand)
    same = [item.key for item in step.met if item.content is None]
    FeedItem.objects.filter(feed_id=reading.feed_id, collection=step.collection, key__in=same).update(
        seen_in=reading.id, missed=0
    )
    _keep_items(
        FeedItem(
            system_id=reading.system_id,
            feed_id=reading.feed_id,
            collection=step.collection,
            key=item.key,
            content=dict(item.content),
            listed=item.listed,
            modified=item.modified,
            is_whole=item.is_whole,
            seen_in=reading.id,
        )
        for item in step.met
        if item.content is not None
    )
    reading.since = since
    reading.place = step.place or {"ended": True}
    return _moved(reading, len(step.met), step.notes, at)


def keep_changes(hand: Hand, step: ChangeStep, *, at: datetime) -> FeedReading:
    """Keep a page of changes, and where each address goes on. An older word never replaces a newer one."""
    reading = _mine(hand)
    mine = FeedItem.objects.filter(feed_id=reading.feed_id, key__in=[change.key for change in step.changes])
    known = {
        (kind, key): modified for kind, key, modified in mine.values_list("collection", "key", "modified")
    }
    fresh = {
        (change.kind, change.key): change
        for change in step.changes
        if not is_older(change.modified, known.get((change.kind, change.key), change.modified))
    }
    for kind in {kind for kind, _key in fresh}:
        gone = [key for (of, key), change in fresh.items() if of == kind and change.content is None]
        mine.filter(collection=kind, key__in=gone).delete()
    _keep_items(
        FeedItem(
            system_id=reading.system_id,
            feed_id=reading.feed_id,
            collection=change.kind,
            key=change.key,
            content=dict(change.content),
            listed=change.digest,
            modified=change.modified,
            seen_in=reading.id,
        )
        for change in fresh.values()
        if change.content is not None
    )
    reading.place = step.place
    Feed.objects.filter(id=reading.feed_id).update(cursors=step.place)
    return _moved(reading, len(step.changes), step.notes, at)


def count_asked(hand: Hand, *, requests: int, bytes_read: int) -> None:
    """Add what was asked of the feed since the last count."""
    FeedReading.objects.filter(id=hand.reading_id).update(
        requests=F("requests") + requests, bytes_read=F("bytes_read") + bytes_read
    )


def finish(hand: Hand, *, at: datetime) -> None:
    """The end of a reading: what a whole list did not name is gone. When it does not add up, only after a while."""
    reading = _mine(hand)
    feed = Feed.objects.select_for_update().get(id=reading.feed_id)
    if hand.kind != SourceKind.FEED_RPDE and reading.since is None:
        missing = FeedItem.objects.filter(feed=feed).exclude(seen_in=reading.id)
        missing = missing.exclude(collection__in=_noted(reading, FaultKind.COLLECTION_FAILED))
        doubtful = missing.filter(collection__in=_noted(reading, FaultKind.LIST_CHANGED))
        doubtful.update(missed=F("missed") + 1)
        missing.exclude(id__in=doubtful.filter(missed__lt=_GONE_AFTER).values("id")).delete()
        feed.read_whole_at = reading.started_at
    reading.state, reading.ended_at = ReadingState.DONE, at
    reading.save()
    feed.due_at = at + timedelta(hours=feed.every_hours) if feed.every_hours else None
    feed.save()


def _noted(reading: FeedReading, fault: FaultKind) -> list[str]:
    """The collections of which a reading noted this."""
    return [note["collection"] for note in reading.notes if note.get("fault") == fault]


def stop(hand: Hand, *, why: str, at: datetime) -> None:
    """A reading that cannot go on now: it is taken up again in a while, where it stopped."""
    reading = (
        FeedReading.objects.filter(id=hand.reading_id, reader=hand.reader).select_related("feed").first()
    )
    if reading is None:
        return
    reading.state, reading.why = ReadingState.STOPPED, why
    reading.save()
    feed = reading.feed
    if feed.every_hours:
        feed.due_at = at + timedelta(hours=min(feed.every_hours, 6))
        feed.save()


def tell_why_not_imported(*, feed_id: UUID, why: str, by: Actor, at: datetime) -> None:
    """What was read whole could not be imported: why stands with its reading, so that a steward sees it."""
    check_can_import(by)
    done = FeedReading.objects.filter(feed_id=feed_id, state=ReadingState.DONE)
    last = done.order_by("-started_at").values("id")[:1]
    FeedReading.objects.filter(id__in=last).update(why=why)


def feed_files(*, feed_id: UUID) -> dict[str, bytes]:
    """Everything the feed holds now, as the one file that an import reads."""
    items = FeedItem.objects.filter(feed_id=feed_id).order_by("collection", "key")
    rows = items.values_list("collection", "key", "content")
    last = (
        FeedReading.objects.filter(feed_id=feed_id, state=ReadingState.DONE).order_by("-started_at").first()
    )
    return as_file(rows.iterator(chunk_size=500), last.notes if last else [])


def _keep_items(rows: Iterable[FeedItem]) -> None:
    """Write what a page says of its items, in place of what was known of them."""
    FeedItem.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["feed", "collection", "key"],
        update_fields=["content", "listed", "modified", "is_whole", "seen_in", "missed"],
    )


def _mine(hand: Hand) -> FeedReading:
    """The reading, if it is still in this hand. Raises `Conflict` when somebody else took it up."""
    reading: FeedReading | None = FeedReading.objects.select_for_update().filter(id=hand.reading_id).first()
    if reading is None or reading.reader != hand.reader or reading.state != ReadingState.READING:
        raise Conflict(
            _("Somebody else has gone on with reading this feed."), remedy=_("Look at how far they are.")
        )
    return reading


def _moved(reading: FeedReading, items: int, notes: list[dict[str, Any]], at: datetime) -> FeedReading:
    reading.pages += 1
    reading.items += items
    reading.moved_at = at
    reading.notes = [*reading.notes, *notes][:_MOST_NOTES]
    reading.save()
    # Should whoever reads it die, it is due again; while it moves, nobody else takes it up.
    Feed.objects.filter(id=reading.feed_id, every_hours__gt=0).update(due_at=at + _SILENCE)
    return reading


def _lapse(feed: Feed, at: datetime) -> None:
    open_ones = Q(state__in=[ReadingState.READING, ReadingState.STOPPED])
    feed.readings.filter(open_ones).update(state=ReadingState.LAPSED, ended_at=at)
