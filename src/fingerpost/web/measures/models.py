from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import CARE_RECORD, PersonalData
from fingerpost.web.measures.enums import AnsweredHow, OccasionKind


@tracked()
class Occasion(ScopedModel):
    """One instrument answered once: what was said, what it scores, and what was skipped."""

    wall = walls.person_rows(
        organisations=("scheme_id",),
        cover="scheme_id",
        reason="seen by the scheme that works with the person, while it is involved",
    )
    data = PersonalData(("health", "activity"), CARE_RECORD, "answers to questionnaires; no free text")

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="occasions")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    scheme_id = models.UUIDField()
    instrument_id = models.CharField(max_length=40)
    instrument_version = models.CharField(max_length=20, help_text="scores compare within one version only")
    kind = models.CharField(max_length=12, choices=OccasionKind)
    answers = models.JSONField(help_text="item to answer; null where it was skipped")
    scores = models.JSONField(help_text="score to value; null where too much is missing to give it")
    missing = ArrayField(models.CharField(max_length=40), default=list, blank=True, help_text="items skipped")
    answered_how = models.CharField(max_length=10, choices=AnsweredHow)
    taken_at = models.DateTimeField(help_text="when it was answered")
    taken_by = models.UUIDField(help_text="who wrote it down")
    taken_by_name = models.CharField(max_length=200)
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "instrument_id", "taken_at"], name="measures_occasion_series")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OccasionKind.values), name="measures_occasion_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(answered_how__in=AnsweredHow.values), name="measures_occasion_known_how"
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=False, taken_by__isnull=False),
                name="measures_occasion_both_taken_set",
            ),
            models.CheckConstraint(
                condition=Q(entered_in_error_at=None, entered_in_error_by=None)
                | Q(entered_in_error_at__isnull=False, entered_in_error_by__isnull=False),
                name="measures_occasion_both_entered_in_error_set",
            ),
        ]
