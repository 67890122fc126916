from __future__ import annotations

from django.db import models

from fingerpost.web.directory.models.listings import Listing, Provider
from fingerpost.web.directory.models.places import Location
from fingerpost.web.directory.models.sources import PUBLISHED, SourcedModel
from fingerpost.web.foundation.personal_data import NONE


class Taxonomy(SourcedModel):
    """A published list of terms: needs, kinds of service, activities."""

    wall = PUBLISHED
    data = NONE

    name = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    uri = models.TextField(blank=True)
    version = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.name


class TaxonomyTerm(SourcedModel):
    """One term of a list, perhaps below another."""

    wall = PUBLISHED
    data = NONE

    taxonomy = models.ForeignKey(Taxonomy, null=True, on_delete=models.PROTECT, related_name="terms")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    code = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    language = models.CharField(max_length=20, blank=True)
    uri = models.TextField(blank=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta(SourcedModel.Meta):
        indexes = [models.Index(fields=["taxonomy", "code"], name="directory_term_code")]

    def __str__(self) -> str:
        return self.name


class Attribute(SourcedModel):
    """A term said of a listing, a place or a provider."""

    wall = PUBLISHED
    data = NONE

    term = models.ForeignKey(TaxonomyTerm, on_delete=models.PROTECT, related_name="attributes")
    listing = models.ForeignKey(Listing, null=True, on_delete=models.PROTECT, related_name="attributes")
    location = models.ForeignKey(Location, null=True, on_delete=models.PROTECT, related_name="attributes")
    provider = models.ForeignKey(Provider, null=True, on_delete=models.PROTECT, related_name="attributes")
    link_type = models.CharField(max_length=100, blank=True)
    value = models.TextField(blank=True)
    label = models.CharField(max_length=300, blank=True)
