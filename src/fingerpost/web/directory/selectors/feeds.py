"""Feeds and how far each of them has been read."""

from __future__ import annotations

from dataclasses import dataclass

from fingerpost.web.directory.models import Feed, FeedReading
from fingerpost.web.foundation.actor import Actor


@dataclass(frozen=True)
class FeedNow:
    """A feed with its last reading, if it was ever read."""

    feed: Feed
    reading: FeedReading | None


def feeds(actor: Actor) -> list[FeedNow]:
    """Every feed of the system, by the name of its source."""
    found = list(Feed.objects.select_related("source").order_by("source__label", "id"))
    newest = FeedReading.objects.order_by("feed_id", "-started_at", "-id").distinct("feed_id").defer("notes")
    last = {reading.feed_id: reading for reading in newest}
    return [FeedNow(feed, last.get(feed.id)) for feed in found]
