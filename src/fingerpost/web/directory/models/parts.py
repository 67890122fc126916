from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from fingerpost.web.directory.enums import AssuranceKind, WithdrawnWhy
from fingerpost.web.directory.models.listings import Listing, Provider
from fingerpost.web.directory.models.places import Location
from fingerpost.web.directory.models.sources import CONTACTS, PUBLISHED, SourcedModel
from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import NONE, PersonalData


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
    timezone = models.CharField(max_length=60, blank=True, help_text="empty: the time of the place")
    wkst = models.CharField(max_length=2, blank=True)
    byweekno = models.CharField(max_length=60, blank=True)
    byyearday = models.CharField(max_length=60, blank=True)
    count = models.PositiveSmallIntegerField(null=True, blank=True)
    attending_type = models.CharField(max_length=60, blank=True)
    schedule_link = models.TextField(blank=True)
    notes = models.TextField(blank=True)
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


class ScheduleException(SourcedModel):
    """Days on which it is otherwise: a bank holiday, a summer break, other hours at Christmas."""

    wall = PUBLISHED
    data = NONE

    listing = models.ForeignKey(
        Listing, null=True, on_delete=models.PROTECT, related_name="schedule_exceptions"
    )
    location = models.ForeignKey(
        Location, null=True, on_delete=models.PROTECT, related_name="schedule_exceptions"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="inclusive")
    is_closed = models.BooleanField(default=True)
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta(SourcedModel.Meta):
        constraints = [
            *SourcedModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="directory_exception_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(is_closed=True, opens_at=None, closes_at=None) | Q(is_closed=False),
                name="directory_exception_closed_has_no_hours",
            ),
        ]


class ServiceArea(SourcedModel):
    """Where people may live who take part. Codes and the shape are looked at; a name alone is only shown."""

    wall = PUBLISHED
    data = NONE

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="service_areas")
    name = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    codes = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        help_text="codes of areas (E...), or the first half of postcodes, in capitals",
    )
    extent = models.JSONField(null=True, blank=True, help_text="GeoJSON Polygon or MultiPolygon, WGS 84")
    uri = models.TextField(blank=True)
    south = models.FloatField(null=True, blank=True)
    west = models.FloatField(null=True, blank=True)
    north = models.FloatField(null=True, blank=True)
    east = models.FloatField(null=True, blank=True)

    class Meta(SourcedModel.Meta):
        constraints = [
            *SourcedModel.Meta.constraints,
            models.CheckConstraint(
                condition=Q(extent=None, south=None, west=None, north=None, east=None)
                | Q(
                    extent__isnull=False,
                    south__range=(-90, 90),
                    north__range=(-90, 90),
                    west__range=(-180, 180),
                    east__range=(-180, 180),
                ),
                name="directory_servicearea_shape_has_its_box",
            ),
        ]


class CostOption(SourcedModel):
    """One price of a listing. Amounts in the smallest coin; 0 is free and empty is not known."""

    wall = PUBLISHED
    data = NONE

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="cost_options")
    name = models.CharField(max_length=300, blank=True, help_text="for whom or what")
    amount_pence = models.PositiveIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="GBP")
    description = models.TextField(blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)


class Funding(SourcedModel):
    """Who pays for it."""

    wall = PUBLISHED
    data = NONE

    listing = models.ForeignKey(Listing, null=True, on_delete=models.PROTECT, related_name="funding")
    provider = models.ForeignKey(Provider, null=True, on_delete=models.PROTECT, related_name="funding")
    source_of_funds = models.TextField()


class Language(SourcedModel):
    """A language that is spoken there, with its code (BCP 47) where the source gives one."""

    wall = PUBLISHED
    data = NONE

    listing = models.ForeignKey(Listing, null=True, on_delete=models.PROTECT, related_name="language_rows")
    location = models.ForeignKey(Location, null=True, on_delete=models.PROTECT, related_name="languages")
    name = models.CharField(max_length=100, blank=True)
    code = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)


class Identifier(SourcedModel):
    """A number under which others know the provider: of a charity, a company, an ODS code."""

    wall = PUBLISHED
    data = NONE

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=100, help_text="GB-CHC, GB-COH, ODS ... or in the source's words")
    value = models.CharField(max_length=100)
    uri = models.TextField(blank=True)


class RoomCount(SourcedModel):
    """How many are free of how many, in what unit, as the source says. The live state is in `Capacity`."""

    wall = PUBLISHED
    data = NONE

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="room_counts")
    unit = models.CharField(max_length=100, help_text="places, beds, hours ...")
    available = models.PositiveIntegerField(null=True, blank=True)
    maximum = models.PositiveIntegerField(null=True, blank=True)
    description = models.TextField(blank=True)
    updated_at = models.DateTimeField(null=True, blank=True)


@tracked()
class Assurance(ScopedModel):
    """Something that was checked about a provider or one of its listings, and until when it holds."""

    wall = walls.system_wide("whoever chooses a listing may know what was checked", walls.KEPT)
    data = PersonalData(("staff",), "2 years after it ended", "who looked; numbers of policies")

    listing = models.ForeignKey(Listing, null=True, on_delete=models.PROTECT, related_name="assurances")
    provider = models.ForeignKey(Provider, null=True, on_delete=models.PROTECT, related_name="assurances")
    kind = models.CharField(max_length=20, choices=AssuranceKind)
    detail = models.CharField(max_length=300, blank=True, help_text="number, level, insurer: in words")
    checked_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    checked_by = models.TextField()
    checked_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.TextField(blank=True)
    withdrawn_why = models.CharField(max_length=10, choices=WithdrawnWhy, blank=True)
    withdrawn_note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["system_id", "expires_on"], name="directory_assurance_expiry")]
        constraints = [
            models.CheckConstraint(
                condition=Q(listing__isnull=False, provider=None) | Q(listing=None, provider__isnull=False),
                name="directory_assurance_of_one",
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("checked_on")),
                name="directory_assurance_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=False) & ~Q(checked_by=""),
                name="directory_assurance_both_checked_set",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by="")),
                name="directory_assurance_both_withdrawn_set",
            ),
        ]
