from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q

from fingerpost.web.directory.enums import (
    CapacityState,
    EmailState,
    EvidenceKind,
    FaultKind,
    ForGender,
    ListingStatus,
    LocationKind,
    SourceKind,
    Way,
)
from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import NONE, PersonalData

PUBLISHED = walls.published(
    "what is offered is published; text search needs its index, which a row policy would bar"
)
CONTACTS = PersonalData(
    ("staff",), "while the listing is published", "names and numbers that a provider publishes"
)
# Text operators in a row condition keep an index from being used, but these rows are found by id only.
STAFF_ONLY = (
    f"{{t}}.{walls.SYSTEM} AND ((SELECT fp_user()) IS NOT NULL OR (SELECT fp_actor()) LIKE 'system:%')"
)


class Source(ScopedModel):
    """Where listings come from: a file or feed that can be read again, or people who type."""

    wall = walls.system_wide("every account of the system may see where a listing came from")
    data = NONE

    name = models.SlugField(
        max_length=60, help_text="short and lasting: reading it again finds what it said before"
    )
    label = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=SourceKind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system_id", "name"], name="directory_source_name_once")
        ]

    def __str__(self) -> str:
        return self.label


class SourceImport(ScopedModel):
    """One reading of a source: when, by whom, and where every row went."""

    wall = walls.system_wide("every account of the system may see what was imported", walls.APPEND_ONLY)
    data = NONE

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="imports")
    imported_at = models.DateTimeField()
    imported_by = models.TextField()
    counts = models.JSONField(help_text="rows read, landed, rejected, new, changed, unchanged, gone, by file")


class RejectedRow(ScopedModel):
    """A row that could not land, kept whole with its reason."""

    wall = walls.system_wide(
        "every account of the system may see what was refused and why", walls.APPEND_ONLY
    )
    data = CONTACTS

    source_import = models.ForeignKey(SourceImport, on_delete=models.PROTECT, related_name="rejects")
    file = models.CharField(max_length=200)
    line = models.PositiveIntegerField(help_text="rows as a spreadsheet counts them: the heading is 1")
    text_line = models.PositiveIntegerField(
        help_text="lines of text; differs where a cell holds several lines"
    )
    column = models.CharField(max_length=200, blank=True)
    value = models.TextField(blank=True)
    reason = models.TextField()
    source_row = models.JSONField(default=dict)


class SourcedModel(ScopedModel):
    """A row that a source gave. `source_key` is the source's id; `fingerprint` tells whether it changed."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    source_key = models.CharField(max_length=100)
    source_row = models.JSONField(default=dict, blank=True, help_text="what the source wrote, whole")
    fingerprint = models.CharField(max_length=64)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["source", "source_key"], name="directory_%(class)s_key_once")
        ]


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
    gone_at = models.DateTimeField(null=True, blank=True, help_text="when its source stopped naming it")

    def __str__(self) -> str:
        return self.name


@tracked(exclude=("source_row",))
class Location(SourcedModel):
    """A place where something happens. A confidential one has its address in `PrivateAddress`, never here."""

    wall = PUBLISHED
    data = NONE

    provider = models.ForeignKey(
        Provider, null=True, blank=True, on_delete=models.PROTECT, related_name="locations"
    )
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=LocationKind, default=LocationKind.PHYSICAL)
    alternate_name = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    transportation = models.TextField(blank=True)
    address = models.TextField(blank=True)
    town = models.CharField(max_length=200, blank=True)
    region = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=100, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    placed_by = models.CharField(
        max_length=10, blank=True, help_text="source, or postcode: looked up in the gazetteer"
    )
    access = models.TextField(blank=True, help_text="step-free, toilets, hearing loop: in words")
    is_confidential = models.BooleanField(default=False)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta(SourcedModel.Meta):
        indexes = [
            models.Index(fields=["system_id", "latitude", "longitude"], name="directory_location_place")
        ]
        constraints = [
            *SourcedModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None, placed_by="")
                | (Q(latitude__range=(-90, 90), longitude__range=(-180, 180)) & ~Q(placed_by="")),
                name="directory_location_is_somewhere_or_nowhere",
            ),
            # Nothing can leak that is not there: whatever reads this table, a refuge has no address in it.
            models.CheckConstraint(
                condition=Q(is_confidential=False)
                | Q(address="", town="", postcode="", latitude=None, longitude=None),
                name="directory_location_confidential_has_no_address",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PrivateAddress(ScopedModel):
    """The address of a confidential location, behind a row policy."""

    wall = walls.Wall(
        reason="the address of a refuge is for staff of the system, never for the public or a link",
        rows=STAFF_ONLY,
        grants=walls.FREE,
    )
    data = PersonalData(("none",), "while the location is in the directory", "where people at risk live")

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="private_addresses")
    address = models.TextField(blank=True)
    town = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    source_row = models.JSONField(default=dict, blank=True)


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
            GinIndex(fields=["search_vector"], name="directory_listing_words"),
            models.Index(fields=["system_id", "status"], name="directory_listing_status"),
        ]
        constraints = [
            *SourcedModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(minimum_age=None) | Q(maximum_age=None) | Q(maximum_age__gte=F("minimum_age")),
                name="directory_listing_ages_in_order",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by="") | (Q(closed_at__isnull=False) & ~Q(closed_by="")),
                name="directory_listing_both_closed_set",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ListingAtLocation(SourcedModel):
    """A listing at one of its places (HSDS “service at location”)."""

    wall = PUBLISHED
    data = NONE

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="at_locations")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="at_listings")
    description = models.TextField(blank=True)


class Schedule(SourcedModel):
    """When, in the parts of RFC 5545. A day without times is kept: the source named it and said no more."""

    wall = PUBLISHED
    data = NONE

    listing = models.ForeignKey(Listing, null=True, on_delete=models.PROTECT, related_name="schedules")
    location = models.ForeignKey(Location, null=True, on_delete=models.PROTECT, related_name="schedules")
    frequency = models.CharField(max_length=10, blank=True)
    byday = models.CharField(max_length=60, blank=True)
    bymonthday = models.CharField(max_length=60, blank=True)
    interval = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    description = models.TextField(blank=True)

    class Meta(SourcedModel.Meta):
        constraints = [
            *SourcedModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(listing__isnull=False) | Q(location__isnull=False),
                name="directory_schedule_of_something",
            ),
        ]


class ListingContact(SourcedModel):
    """A name that a provider publishes for a listing, a place or itself."""

    wall = PUBLISHED
    data = CONTACTS

    listing = models.ForeignKey(Listing, null=True, on_delete=models.PROTECT, related_name="contacts")
    location = models.ForeignKey(Location, null=True, on_delete=models.PROTECT, related_name="contacts")
    provider = models.ForeignKey(Provider, null=True, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=200, blank=True)
    department = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)


class ListingPhone(SourcedModel):
    """A telephone number as the source writes it, of whatever it belongs to."""

    wall = PUBLISHED
    data = CONTACTS

    listing = models.ForeignKey(Listing, null=True, on_delete=models.PROTECT, related_name="phones")
    location = models.ForeignKey(Location, null=True, on_delete=models.PROTECT, related_name="phones")
    provider = models.ForeignKey(Provider, null=True, on_delete=models.PROTECT, related_name="phones")
    contact = models.ForeignKey(ListingContact, null=True, on_delete=models.PROTECT, related_name="phones")
    number = models.CharField(max_length=60)
    extension = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    languages = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)


class PostalAddress(SourcedModel):
    """Where post goes."""

    wall = PUBLISHED
    data = NONE

    location = models.ForeignKey(
        Location, null=True, on_delete=models.PROTECT, related_name="postal_addresses"
    )
    provider = models.ForeignKey(
        Provider, null=True, on_delete=models.PROTECT, related_name="postal_addresses"
    )
    attention = models.CharField(max_length=200, blank=True)
    address = models.TextField()
    town = models.CharField(max_length=200, blank=True)
    region = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=100, blank=True)


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
