from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q

from fingerpost.web.directory.enums import Accompaniment, ForGender, ListingStatus, Way
from fingerpost.web.directory.models.sources import PUBLISHED, SourcedModel
from fingerpost.web.foundation.base import tracked
from fingerpost.web.foundation.personal_data import NONE


@tracked(exclude=("source_row",))
class Provider(SourcedModel):
    """The organisation behind listings. It becomes an organisation of tenancy only when it has accounts."""

    wall = PUBLISHED
    data = NONE

    name = models.CharField(max_length=300)
    alternate_name = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    email = models.EmailField(blank=True, help_text="may be used only as EmailAddress says")
    url = models.TextField(blank=True)
    kind = models.CharField(
        max_length=100, blank=True, help_text="charity, club, council: in the source's words"
    )
    legal_status = models.CharField(max_length=200, blank=True)
    year_founded = models.PositiveSmallIntegerField(null=True, blank=True)
    logo = models.TextField(
        blank=True, help_text="the address of a picture; shown by nobody but its own site"
    )
    gone_at = models.DateTimeField(null=True, blank=True, help_text="when its source stopped naming it")

    def __str__(self) -> str:
        return self.name


@tracked(exclude=("source_row", "search_vector"))
class Listing(SourcedModel):
    """A community service as the directory shows it (the “service” of HSDS)."""

    wall = PUBLISHED
    data = NONE

    provider = models.ForeignKey(
        Provider, null=True, blank=True, on_delete=models.PROTECT, related_name="listings"
    )
    name = models.CharField(max_length=300)
    alternate_name = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    email = models.EmailField(blank=True, help_text="may be used only as EmailAddress says")
    url = models.TextField(blank=True)
    status = models.CharField(max_length=20, choices=ListingStatus, default=ListingStatus.NOT_STATED)
    status_by_person = models.BooleanField(
        default=False, help_text="a person set it: a source no longer does"
    )
    how_to_join = models.TextField(blank=True)
    what_to_expect = models.TextField(blank=True, help_text="the first visit, in words")
    accompaniment = models.CharField(
        max_length=10,
        choices=Accompaniment,
        blank=True,
        default=Accompaniment.NOT_KNOWN,
        help_text="may somebody come along the first time",
    )
    transport = models.TextField(blank=True, help_text="lifts, bus, parking: in words")
    additional_urls = ArrayField(models.TextField(), default=list, blank=True)
    programme = models.CharField(max_length=300, blank=True)
    required_documents = models.TextField(blank=True)
    eligibility = models.TextField(blank=True)
    for_gender = models.CharField(max_length=10, choices=ForGender, blank=True, default=ForGender.ANYONE)
    minimum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    cost = models.TextField(blank=True, help_text="in words")
    cost_pence = models.PositiveIntegerField(null=True, blank=True, help_text="0 is free; empty is not known")
    wait_time = models.TextField(blank=True, help_text="what the source says; the live state is in capacity")
    schedule_note = models.TextField(blank=True)
    interpretation = models.TextField(blank=True)
    languages = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    access = models.TextField(blank=True)
    ways = ArrayField(models.CharField(max_length=10, choices=Way), default=list, blank=True)
    needs = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    search_words = models.TextField(blank=True, help_text="words people use for it, beside those on its page")
    accreditations = models.TextField(blank=True)
    licences = models.TextField(blank=True)
    alert = models.TextField(blank=True)
    assured_on = models.DateField(null=True, blank=True)
    assured_by = models.CharField(max_length=200, blank=True)
    source_modified_at = models.DateTimeField(null=True, blank=True)
    related_words = models.TextField(blank=True, help_text="provider and places by name, kept for search")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.TextField(blank=True)
    closed_reason = models.CharField(max_length=200, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_here"
    )
    search_vector = models.GeneratedField(
        expression=Func(
            F("name"),
            F("alternate_name"),
            F("search_words"),
            F("description"),
            F("eligibility"),
            F("what_to_expect"),
            F("related_words"),
            F("needs"),
            function="directory_listing_vector",
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta(SourcedModel.Meta):
        indexes = [
            models.Index(fields=["system_id", "status"], name="directory_listing_status"),
            # The published list is read in the order of ids, and counted, without looking at the rows.
            models.Index(
                fields=["system_id", "id"],
                condition=Q(gone_at=None, merged_into=None)
                & ~Q(status__in=[ListingStatus.DEFUNCT, ListingStatus.INACTIVE]),
                name="directory_listing_open",
            ),
        ]
        constraints = [
            *SourcedModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(minimum_age=None) | Q(maximum_age=None) | Q(maximum_age__gte=F("minimum_age")),
                name="directory_listing_ages_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="directory_listing_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by="") | (Q(closed_at__isnull=False) & ~Q(closed_by="")),
                name="directory_listing_both_closed_set",
            ),
        ]

    def __str__(self) -> str:
        return self.name
