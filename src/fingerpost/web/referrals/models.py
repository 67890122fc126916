from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import CARE_RECORD, PersonalData
from fingerpost.web.referrals.enums import AgreedHow, ReferralStatus, Source


@tracked()
class Referral(ScopedModel):
    """A request that a scheme work with a person, who has agreed to it."""

    wall = walls.person_rows(
        organisations=("referrer_id", "scheme_id"),
        cover="scheme_id",
        reason="seen by who referred and by the scheme it was sent to, while they are involved with the person",
        new_rows=f"{{t}}.{walls.SYSTEM} AND {walls.SEES_PEOPLE} AND {walls.involved('person_id')}",
    )
    data = PersonalData(("health", "activity"), CARE_RECORD, "the reason is free text and can be sensitive")

    journey = models.ForeignKey("pathway.Journey", on_delete=models.PROTECT, related_name="referrals")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="referrals")
    source = models.CharField(max_length=20, choices=Source)
    referrer = models.ForeignKey("tenancy.Organisation", on_delete=models.PROTECT, related_name="+")
    scheme = models.ForeignKey("tenancy.Organisation", on_delete=models.PROTECT, related_name="+")
    referred_by = models.UUIDField(help_text="the account that referred")
    referred_at = models.DateTimeField()
    referred_by_name = models.CharField(max_length=200)
    needs = ArrayField(models.CharField(max_length=40))
    reason = models.TextField(help_text="what matters and why now, in the referrer's words")
    is_urgent = models.BooleanField(
        default=False, help_text="to be looked at first; never an emergency route"
    )
    urgent_reason = models.CharField(max_length=200, blank=True)
    agreed_at = models.DateTimeField(help_text="when the person agreed")
    agreed_how = models.CharField(max_length=20, choices=AgreedHow)
    maybe_known = models.BooleanField(default=False, help_text="same name and birth date as somebody known")
    status = models.CharField(max_length=20, choices=ReferralStatus)
    status_at = models.DateTimeField()
    status_by = models.UUIDField()
    status_reason = models.CharField(max_length=40, blank=True, help_text="a loss reason of the pathway")
    status_note = models.TextField(blank=True)
    redirected_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["scheme", "status", "referred_at"], name="referrals_referral_queue"),
            models.Index(fields=["referrer", "-referred_at"], name="referrals_referral_mine"),
            # Whoever acts for several practices: the newest of all of them, without sorting each one's whole past.
            models.Index(fields=["system_id", "-referred_at", "referrer"], name="referrals_referral_sent"),
            models.Index(fields=["person"], name="referrals_referral_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ReferralStatus.values), name="referrals_referral_known_status"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["declined", "redirected"]) | ~Q(status_reason=""),
                name="referrals_referral_no_needs_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(is_urgent=False) | ~Q(urgent_reason=""), name="referrals_referral_urgent_says_why"
            ),
            models.UniqueConstraint(
                fields=["person", "scheme"],
                condition=Q(status="received"),
                name="referrals_referral_one_waiting",
            ),
        ]


@tracked()
class Signposting(ScopedModel):
    """Information given at the front desk, no referral: a need and where it pointed. No person is named."""

    wall = walls.organisation_rows("organisation_id", reason="the desk that gave it; nobody is named")
    data = PersonalData(("none",), "3 years")

    journey = models.ForeignKey("pathway.Journey", on_delete=models.PROTECT, related_name="signpostings")
    organisation = models.ForeignKey("tenancy.Organisation", on_delete=models.PROTECT, related_name="+")
    need = models.CharField(max_length=40)
    listing_id = models.UUIDField(null=True, blank=True)
    pointed_to = models.CharField(max_length=200)
    signposted_at = models.DateTimeField()
    signposted_by = models.UUIDField()
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(entered_in_error_at=None, entered_in_error_by=None)
                | Q(entered_in_error_at__isnull=False, entered_in_error_by__isnull=False),
                name="referrals_signposting_both_entered_in_error_set",
            )
        ]
