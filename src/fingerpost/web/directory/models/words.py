from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from fingerpost.web.directory.models.listings import Listing, Provider
from fingerpost.web.directory.models.places import Location
from fingerpost.web.directory.models.sources import Source
from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import PersonalData


@tracked()
class FieldWord(ScopedModel):
    """What one source says of one field, kept wherever more than one speaks of it. The row holds the winner."""

    wall = walls.system_wide("every account may see who says what of a listing", walls.FREE)
    data = PersonalData(("staff",), "while the listing is in the directory", "who said it")

    listing = models.ForeignKey(Listing, null=True, on_delete=models.PROTECT, related_name="words")
    location = models.ForeignKey(Location, null=True, on_delete=models.PROTECT, related_name="words")
    provider = models.ForeignKey(Provider, null=True, on_delete=models.PROTECT, related_name="words")
    field = models.CharField(max_length=60)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    value = models.JSONField(null=True)
    said_at = models.DateTimeField()
    said_by = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "field", "source"], name="directory_word_of_listing_once"
            ),
            models.UniqueConstraint(
                fields=["location", "field", "source"], name="directory_word_of_location_once"
            ),
            models.UniqueConstraint(
                fields=["provider", "field", "source"], name="directory_word_of_provider_once"
            ),
            models.CheckConstraint(
                condition=Q(listing__isnull=False, location=None, provider=None)
                | Q(listing=None, location__isnull=False, provider=None)
                | Q(listing=None, location=None, provider__isnull=False),
                name="directory_word_of_one",
            ),
            models.CheckConstraint(
                condition=Q(said_at__isnull=False) & ~Q(said_by=""), name="directory_fieldword_both_said_set"
            ),
        ]


class ListingMerge(ScopedModel):
    """Two listings of one thing made one by a person, and perhaps made two again."""

    wall = walls.system_wide("every account may see what was merged", walls.KEPT)
    data = PersonalData(("staff",), "while the listing is in the directory", "who merged")

    kept = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="+")
    reasons = models.JSONField(default=dict, help_text="what was alike, and which fields were filled")
    made_at = models.DateTimeField()
    made_by = models.TextField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at=None), name="directory_merged_into_one"
            ),
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="directory_merge_of_two"),
            models.CheckConstraint(
                condition=Q(made_at__isnull=False) & ~Q(made_by=""),
                name="directory_listingmerge_both_made_set",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by="") | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
                name="directory_listingmerge_both_undone_set",
            ),
        ]


class DistinctPair(ScopedModel):
    """Two listings that look alike and are two things: a person has said so."""

    wall = walls.system_wide("every account may see what was found to be two", walls.FREE)
    data = PersonalData(("staff",), "while the listing is in the directory", "who said so")

    first = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    said_by = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="directory_distinct_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="directory_distinct_in_order"),
            models.CheckConstraint(
                condition=Q(said_at__isnull=False) & ~Q(said_by=""),
                name="directory_distinctpair_both_said_set",
            ),
        ]
