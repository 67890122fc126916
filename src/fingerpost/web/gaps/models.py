from __future__ import annotations

from django.db import models
from django.db.models import Q

from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import PersonalData
from fingerpost.web.gaps.enums import WouldHaveHelped


@tracked()
class Gap(ScopedModel):
    """A need that nothing nearby could meet. Nobody is named: who it was stands in the pathway of their journey."""

    wall = walls.system_wide("a gap names nobody; those who answer gaps belong to no scheme")
    data = PersonalData(("staff",), "5 years", "need, first half of a postcode, who recorded it; no person")

    scheme_id = models.UUIDField()
    need = models.CharField(max_length=60, help_text="an id of fingerpost.codes.needs")
    area = models.CharField(
        max_length=10, blank=True, help_text="the first half of a postcode; empty: not known"
    )
    helped_by = models.CharField(max_length=20, choices=WouldHaveHelped)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    mistake_at = models.DateTimeField(null=True, blank=True)
    mistake_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["system_id", "recorded_at"], name="gaps_gap_recorded")]
        constraints = [
            models.CheckConstraint(
                condition=Q(helped_by__in=WouldHaveHelped.values), name="gaps_gap_known_help"
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=False, recorded_by__isnull=False),
                name="gaps_gap_both_recorded_set",
            ),
            models.CheckConstraint(
                condition=Q(mistake_at=None, mistake_by=None)
                | Q(mistake_at__isnull=False, mistake_by__isnull=False),
                name="gaps_gap_both_mistake_set",
            ),
        ]
