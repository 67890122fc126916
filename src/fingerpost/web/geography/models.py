from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, WalledModel
from fingerpost.web.foundation.personal_data import NONE


class Postcode(WalledModel):
    """A postcode with what is known of it. Belongs to no system: a place is the same place for everybody."""

    wall = walls.published("places, nothing about a person; shared by all systems of an installation")
    data = NONE

    postcode = models.CharField(max_length=8, unique=True, help_text="as it is written: OX1 2JD")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    area_code = models.CharField(max_length=12, blank=True, help_text="the small area (LSOA, data zone)")
    area_version = models.CharField(
        max_length=20, blank=True, help_text="which drawing of the areas: lsoa11, lsoa21"
    )
    deprivation_quintile = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="1 is most deprived"
    )
    deprivation_version = models.CharField(
        max_length=20, blank=True, help_text="which index: imd2019, iod2025"
    )
    ended_on = models.DateField(null=True, blank=True, help_text="when it was withdrawn; empty while in use")
    source = models.CharField(max_length=100)
    imported_at = models.DateTimeField()
    imported_by = models.TextField()

    objects: ClassVar[models.Manager[Postcode]] = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="geography_postcode_is_somewhere_or_nowhere",
            ),
            # Areas of 2011 and 2021, indices of 2019 and 2025, must never be mixed: no value without version.
            models.CheckConstraint(
                condition=Q(area_code="", area_version="") | (~Q(area_code="") & ~Q(area_version="")),
                name="geography_postcode_area_with_version",
            ),
            models.CheckConstraint(
                condition=Q(deprivation_quintile=None, deprivation_version="")
                | (Q(deprivation_quintile__range=(1, 5)) & ~Q(deprivation_version="")),
                name="geography_postcode_quintile_with_version",
            ),
        ]

    def __str__(self) -> str:
        return self.postcode


class PostcodeImport(ScopedModel):
    """One reading of postcode files on a page: when, by whom, where every row went, and what was refused."""

    wall = walls.system_wide("every account of the system may see what was imported", walls.APPEND_ONLY)
    data = NONE

    source = models.CharField(max_length=100)
    imported_at = models.DateTimeField()
    imported_by = models.TextField()
    counts = models.JSONField(help_text="rows read and rejected by file; postcodes new, changed, unchanged")
    rejects = models.JSONField(help_text="file, line, column, value and reason of every row not taken")

    class Meta:
        indexes = [models.Index(fields=["system_id", "imported_at"], name="geography_import_newest")]
