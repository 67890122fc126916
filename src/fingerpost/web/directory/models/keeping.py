from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q

from fingerpost.web.directory.enums import CapacityState, EmailState, EvidenceKind, FaultKind
from fingerpost.web.directory.models.listings import Listing, Provider
from fingerpost.web.directory.models.places import Location
from fingerpost.web.directory.models.sources import Source
from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import NONE, PersonalData


@tracked()
class EmailAddress(ScopedModel):
    """How far an e-mail address may be relied on, whoever lists it. Never deleted: a refusal stays."""

    wall = walls.published(
        "addresses that providers publish; their state is needed wherever a listing is", walls.KEPT
    )
    data = PersonalData(("staff",), "while the listing is published, a refusal for good")

    address = models.EmailField(help_text="in small letters")
    state = models.CharField(max_length=10, choices=EmailState, default=EmailState.UNCHECKED)
    state_set_at = models.DateTimeField(null=True, blank=True)
    state_set_by = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system_id", "address"], name="directory_email_once"),
            # Nobody's word, no state: an address is relied on only because somebody said so, at some time.
            models.CheckConstraint(
                condition=Q(state=EmailState.UNCHECKED, state_set_at=None, state_set_by="")
                | (~Q(state=EmailState.UNCHECKED) & Q(state_set_at__isnull=False) & ~Q(state_set_by="")),
                name="directory_emailaddress_both_state_set_set",
            ),
        ]


@tracked()
class Capacity(ScopedModel):
    """Whether a listing has room, as last said. One row a listing; its history is kept."""

    wall = walls.published("whether there is room is published with the listing", walls.KEPT)
    data = NONE

    listing = models.OneToOneField(Listing, on_delete=models.PROTECT, related_name="capacity")
    state = models.CharField(max_length=15, choices=CapacityState, default=CapacityState.UNKNOWN)
    waiting_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    full_until = models.DateField(null=True, blank=True)
    set_at = models.DateTimeField()
    set_by = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(waiting_weeks=None) | Q(state=CapacityState.WAITING_LIST),
                name="directory_capacity_weeks_when_waiting",
            ),
            models.CheckConstraint(
                condition=Q(full_until=None) | Q(state=CapacityState.FULL),
                name="directory_capacity_until_when_full",
            ),
        ]


class Evidence(ScopedModel):
    """One thing learnt about a listing by using it. Says nothing about the person it was learnt with."""

    wall = walls.system_wide("what is known of a listing serves everybody who chooses one", walls.APPEND_ONLY)
    data = PersonalData(("none",), "5 years", "kind, date and reporter; no free text, no person")

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=20, choices=EvidenceKind)
    reported_at = models.DateTimeField()
    reported_by = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["listing", "reported_at"], name="directory_evidence_listing")]


class SourceFault(ScopedModel):
    """Something that a source left out or got wrong, by name; replaced whenever the source is read again."""

    wall = walls.published("faults of published data", walls.FREE)
    data = NONE

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="faults")
    kind = models.CharField(max_length=30, choices=FaultKind)
    file = models.CharField(max_length=200)
    line = models.PositiveIntegerField(null=True, blank=True, help_text="empty: about the file as a whole")
    column = models.CharField(max_length=200, blank=True)
    value = models.TextField(blank=True)
    rows = models.PositiveIntegerField(default=1, help_text="how many rows it stands for")
    listing = models.ForeignKey(Listing, null=True, on_delete=models.PROTECT, related_name="source_faults")
    location = models.ForeignKey(Location, null=True, on_delete=models.PROTECT, related_name="source_faults")
    provider = models.ForeignKey(Provider, null=True, on_delete=models.PROTECT, related_name="source_faults")

    class Meta:
        indexes = [models.Index(fields=["source", "kind"], name="directory_fault_kind")]


class SearchWord(ScopedModel):
    """The words that listings use, to find what a misspelt one was meant to be. Rebuilt from the listings."""

    wall = walls.published("single words of published text", walls.FREE)
    data = NONE

    word = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system_id", "word"], name="directory_word_once")]
        indexes = [GinIndex(OpClass(F("word"), "gin_trgm_ops"), name="directory_word_spelling")]


class ListingChange(ScopedModel):
    """When anything published about a listing last changed. Triggers keep it, whatever changes what."""

    wall = walls.published("dates of published data", walls.KEPT)
    data = NONE

    listing = models.OneToOneField(Listing, on_delete=models.CASCADE, related_name="change")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["system_id", "changed_at"], name="directory_change_when")]
