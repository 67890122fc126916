from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from fingerpost.web.directory.enums import ReadingState
from fingerpost.web.directory.models.sources import STAFF_ONLY, Source
from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel
from fingerpost.web.foundation.personal_data import NONE, PersonalData


class Feed(ScopedModel):
    """The addresses at which a source publishes, and how often they are read."""

    wall = walls.system_wide("every account of the system may see which feeds are read", walls.KEPT)
    data = NONE

    source = models.OneToOneField(Source, on_delete=models.PROTECT, related_name="feed")
    addresses = ArrayField(
        models.TextField(), help_text="one; of OpenActive several, one for each kind of item"
    )
    every_hours = models.PositiveSmallIntegerField(default=24, help_text="0: only when somebody asks for it")
    due_at = models.DateTimeField(null=True, blank=True)
    cursors = models.JSONField(
        default=dict, blank=True, help_text="of OpenActive: where each address goes on"
    )
    read_whole_at = models.DateTimeField(
        null=True, blank=True, help_text="when its whole list was last begun"
    )

    def __str__(self) -> str:
        return str(self.source)


class FeedReading(ScopedModel):
    """One reading of a feed, page by page. Whoever takes it up after a crash goes on at `place`."""

    wall = walls.system_wide("every account of the system may see how a feed was read", walls.KEPT)
    data = NONE

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="readings")
    state = models.CharField(max_length=10, choices=ReadingState, default=ReadingState.READING)
    started_at = models.DateTimeField()
    started_by = models.TextField()
    moved_at = models.DateTimeField(help_text="when the last page was kept")
    ended_at = models.DateTimeField(null=True, blank=True)
    reader = models.UUIDField(help_text="who has it in hand: an earlier one that wakes up again stops")
    place = models.JSONField(default=dict, blank=True, help_text="where the next page is")
    since = models.DateTimeField(
        null=True, blank=True, help_text="only what was modified after this was asked for"
    )
    pages = models.PositiveIntegerField(default=0)
    items = models.PositiveIntegerField(default=0)
    requests = models.PositiveIntegerField(default=0)
    bytes_read = models.PositiveBigIntegerField(default=0)
    notes = models.JSONField(default=list, blank=True, help_text="what could not be read of it, and why")
    why = models.TextField(blank=True, help_text="why it ended before its end")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["feed"],
                condition=Q(state__in=[ReadingState.READING, ReadingState.STOPPED]),
                name="directory_feed_read_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=False) & ~Q(started_by=""),
                name="directory_feedreading_both_started_set",
            ),
        ]
        indexes = [models.Index(fields=["feed", "started_at"], name="directory_reading_of_feed")]


class FeedItem(ScopedModel):
    """What a feed now says of one thing, whole, until it says otherwise. Listings are made from these."""

    wall = walls.Wall(
        reason="a feed may hold what will not be published, such as the address of a refuge",
        rows=STAFF_ONLY,
        grants=walls.FREE,
    )
    data = PersonalData(("none",), "while the feed holds it", "a directory's own words")

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="items")
    collection = models.CharField(
        max_length=100, help_text="services, locations; of OpenActive the kind of item"
    )
    key = models.CharField(max_length=100)
    content = models.JSONField()
    listed = models.CharField(max_length=64, help_text="digest of what the list says of it")
    modified = models.CharField(max_length=60, blank=True)
    is_whole = models.BooleanField(default=True, help_text="false: only what the list says is known")
    seen_in = models.UUIDField(help_text="the reading that met it last")
    missed = models.PositiveSmallIntegerField(
        default=0, help_text="in how many readings of a list that did not add up it was not met"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "collection", "key"], name="directory_feed_item_once")
        ]
        indexes = [models.Index(fields=["feed", "seen_in"], name="directory_item_seen")]
