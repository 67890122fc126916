from __future__ import annotations

from django.db import models
from django.db.models import Q

from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import CARE_RECORD, PersonalData


@tracked(exclude=("pdf",))
class Letter(ScopedModel):
    """What the referrer is told when the work ends. The PDF is set by a job; until then `pdf` is empty."""

    wall = walls.person_rows(
        organisations=("referrer_id", "scheme_id"),
        reason="read by the practice it is for and the scheme that wrote it, while they are involved",
    )
    data = PersonalData(("identity", "health", "activity"), CARE_RECORD)

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="letters")
    journey = models.ForeignKey("pathway.Journey", on_delete=models.PROTECT, related_name="letters")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey("referrals.Referral", on_delete=models.PROTECT, related_name="letters")
    referrer = models.ForeignKey("tenancy.Organisation", on_delete=models.PROTECT, related_name="+")
    scheme = models.ForeignKey("tenancy.Organisation", on_delete=models.PROTECT, related_name="+")
    told = models.TextField(help_text="what the referrer reads, in plain words")
    story = models.TextField(
        blank=True, help_text="what changed, in the person's words, if they agreed to it"
    )
    signatory = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    written_by = models.UUIDField()
    pdf = models.BinaryField(null=True)
    set_at = models.DateTimeField(null=True, help_text="when the PDF was made")
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["referral"], name="feedback_letter_referral")]
        constraints = [
            models.CheckConstraint(
                condition=Q(written_at__isnull=False, written_by__isnull=False),
                name="feedback_letter_both_written_set",
            ),
            models.CheckConstraint(
                condition=Q(entered_in_error_at=None, entered_in_error_by=None)
                | Q(entered_in_error_at__isnull=False, entered_in_error_by__isnull=False),
                name="feedback_letter_both_entered_in_error_set",
            ),
        ]
