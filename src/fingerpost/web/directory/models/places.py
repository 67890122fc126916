from __future__ import annotations

from django.db import models
from django.db.models import Q

from fingerpost.web.directory.enums import LocationKind
from fingerpost.web.directory.models.listings import Listing, Provider
from fingerpost.web.directory.models.sources import PUBLISHED, STAFF_ONLY, SourcedModel
from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import NONE, PersonalData


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
    landed_by = models.UUIDField(null=True, blank=True)
    replaced_by = models.UUIDField(null=True, blank=True, help_text="the import since which it is another")
    withheld = models.JSONField(
        default=dict,
        blank=True,
        help_text="what was kept back of a place or a part of it, and why; empty where its source keeps the secret",
    )


@tracked()
class AddressDecision(ScopedModel):
    """A steward's word whether the address of a place may be shown. It outlasts what the source says."""

    wall = walls.Wall(
        reason="which places stewards keep secret is for staff of the system",
        rows=STAFF_ONLY,
        grants=walls.KEPT,
    )
    data = PersonalData(("staff",), "while the location is in the directory", "who decided")

    location = models.OneToOneField(Location, on_delete=models.PROTECT, related_name="address_decision")
    is_public = models.BooleanField()
    decided_at = models.DateTimeField()
    decided_by = models.TextField()
    decided_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=False) & ~Q(decided_by=""),
                name="directory_addressdecision_both_decided_set",
            )
        ]


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


class ListingAtLocation(SourcedModel):
    """A listing at one of its places (HSDS “service at location”)."""

    wall = PUBLISHED
    data = NONE

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="at_locations")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="at_listings")
    description = models.TextField(blank=True)


class Accessibility(SourcedModel):
    """How easy a place is to get into and be in, in the source's words."""

    wall = PUBLISHED
    data = NONE

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="accessibility")
    description = models.TextField(blank=True)
    details = models.TextField(blank=True)
    url = models.TextField(blank=True)
