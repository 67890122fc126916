from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F

from fingerpost.web.directory.models.listings import Listing
from fingerpost.web.directory.models.sources import PUBLISHED
from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel
from fingerpost.web.foundation.personal_data import NONE


class SearchFacts(ScopedModel):
    """What search looks at of one open listing, in one narrow row. The database writes it (sql/search_facts.sql).

    `words` holds the words of the listing and, as words of their own, what it offers: `day/mo`, `cost/free`.
    """

    wall = PUBLISHED
    data = NONE

    listing = models.OneToOneField(Listing, on_delete=models.CASCADE, related_name="search_facts")
    name = models.CharField(max_length=300)
    title = SearchVectorField(help_text="its names, the words people use for it, and what it offers")
    words = SearchVectorField(help_text="all its words, and what it offers")
    minimum_age = models.PositiveSmallIntegerField(null=True)
    maximum_age = models.PositiveSmallIntegerField(null=True)
    for_gender = models.CharField(max_length=10, blank=True)
    cost_pence = models.PositiveIntegerField(null=True)
    places = models.PositiveSmallIntegerField(help_text="how many open places it has whose position is known")
    latitude = models.FloatField(null=True, help_text="of its only place, or the middle of them")
    longitude = models.FloatField(null=True)
    south = models.FloatField(null=True)
    north = models.FloatField(null=True)
    west = models.FloatField(null=True)
    east = models.FloatField(null=True)
    has_area = models.BooleanField(help_text="says where people may live, in a way that can be looked up")
    assured_on = models.DateField(null=True)
    runs_until = models.DateField(
        null=True, help_text="the last day of its schedules; empty: no end is known"
    )

    worth = models.FloatField(db_default=0.9, help_text="the weight of its trust, as last computed")
    is_trusted = models.BooleanField(
        db_default=False, help_text="its trust, as last computed, is the best there is"
    )

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="directory_facts_words", fastupdate=False),
            GinIndex(fields=["title"], name="directory_facts_title", fastupdate=False),
            # The best of very many are read in their order, without looking at the others.
            models.Index(
                F("system_id"), F("worth").desc(), F("name"), F("listing_id"), name="directory_facts_order"
            ),
        ]


class SearchLexeme(ScopedModel):
    """The words of the text index, in alphabetical order, so that the beginning of a word is looked up as whole words.

    The database writes it (sql/search_whole_words.sql).
    """

    wall = walls.published("single words of published text", walls.FREE)
    data = NONE

    lexeme = models.TextField(db_collation="C")

    class Meta:
        indexes = [models.Index(fields=["system_id", "lexeme"], name="directory_lexeme_order")]
