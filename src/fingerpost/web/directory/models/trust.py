from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from fingerpost.web.directory.models.listings import Listing
from fingerpost.web.directory.models.sources import STAFF_ONLY
from fingerpost.web.directory.trust_enums import (
    AssuranceRule,
    HowVerified,
    OwnerSays,
    ProposalState,
    ProposedBy,
    QuestionKind,
    TrustState,
)
from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import NONE, PersonalData

# A link is for one listing: through it nothing is written about another, whatever the code believes.
_IN_SYSTEM = f"{{t}}.{walls.SYSTEM}"
_OWN_BY_LINK = "{t}.listing_id = (SELECT fp_link_subject())"
_BY_STAFF_OR_LINK = f"{STAFF_ONLY} OR ({_IN_SYSTEM} AND {_OWN_BY_LINK})"
_OWN_PROPOSAL = f"{STAFF_ONLY} OR ({_IN_SYSTEM} AND {_OWN_BY_LINK} AND {{t}}.origin = 'provider')"


@tracked()
class AreaRules(ScopedModel):
    """What an area has agreed about its directory. One row a system; without one the defaults hold."""

    wall = walls.Wall(
        reason="whoever uses the directory goes by the agreed rules; only people of the system agree them",
        rows=_IN_SYSTEM,
        new_rows=STAFF_ONLY,
        changed_rows=STAFF_ONLY,
    )
    data = PersonalData(("staff",), "as long as the system", "who agreed it")

    review_months = models.PositiveSmallIntegerField(
        default=12, validators=[MinValueValidator(1), MaxValueValidator(36)]
    )
    grace_days = models.PositiveSmallIntegerField(default=60, validators=[MaxValueValidator(365)])
    ask_again_days = models.PositiveSmallIntegerField(
        default=30,
        validators=[MinValueValidator(7), MaxValueValidator(365)],
        help_text="an owner is not asked twice within these days",
    )
    capacity_days = models.PositiveSmallIntegerField(
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="what was said about room holds so long",
    )
    assurance_rule = models.CharField(max_length=10, choices=AssuranceRule, default=AssuranceRule.WARN)
    assurance_kinds = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, help_text="without which none connects"
    )
    asks_as = models.ForeignKey(
        "tenancy.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="in whose name owners are written to",
    )
    set_at = models.DateTimeField()
    set_by = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system_id"], name="directory_area_rules_once")]


class ListingTrust(ScopedModel):
    """How far each listing is trusted, computed by `trust` and kept for search; rebuilt whenever facts change."""

    wall = walls.published("how far a listing may be relied on is shown with it", walls.KEPT)
    data = NONE

    listing = models.OneToOneField(Listing, on_delete=models.PROTECT, related_name="trust")
    state = models.CharField(max_length=10, choices=TrustState)
    points = models.PositiveSmallIntegerField(help_text="of 100")
    weight = models.FloatField(help_text="what a search multiplies its score by")
    reasons = ArrayField(models.CharField(max_length=20), default=list)
    computed_at = models.DateTimeField()
    dropped_at = models.DateTimeField(
        null=True, blank=True, help_text="when it last fell, until its owner is asked or speaks"
    )

    class Meta:
        indexes = [models.Index(fields=["system_id", "points"], name="directory_trust_points")]
        constraints = [
            models.CheckConstraint(
                condition=Q(points__lte=100, weight__gte=0, weight__lte=1), name="directory_trust_in_bounds"
            )
        ]


class Verification(ScopedModel):
    """Somebody who knows said that a listing is right. Never the same as that somebody saved it."""

    wall = walls.Wall(
        reason="who chooses a listing may know when it was said to be right, and by whom",
        rows=_IN_SYSTEM,
        new_rows=_BY_STAFF_OR_LINK,
        changed_rows=_BY_STAFF_OR_LINK,
    )
    data = PersonalData(("staff",), "while the listing is in the directory", "who said it")

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="verifications")
    how = models.CharField(max_length=10, choices=HowVerified)
    verified_at = models.DateTimeField()
    verified_by = models.TextField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["listing", "-verified_at"], name="directory_verified")]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by="") | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
                name="directory_verification_both_undone_set",
            )
        ]


class OwnerQuestion(ScopedModel):
    """One question to whoever runs a listing, sent by e-mail; settled by an answer."""

    wall = walls.Wall(
        reason="staff see what was asked; the holder of the listing's link settles it",
        rows=_BY_STAFF_OR_LINK,
        new_rows=STAFF_ONLY,
    )
    data = PersonalData(("staff",), "3 years", "the provider's own address")

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="questions")
    kind = models.CharField(max_length=10, choices=QuestionKind)
    reasons = ArrayField(models.CharField(max_length=20), default=list)
    sent_to = models.EmailField()
    link_id = models.UUIDField(
        help_text="the link in it: an answer through it shows that the address is theirs"
    )
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["listing", "-asked_at"], name="directory_question_listing")]


class OwnerAnswer(ScopedModel):
    """What the holder of a listing's link pressed, and how it stood before, for undoing."""

    wall = walls.Wall(
        reason="staff see what was answered; the holder of the listing's link answers and undoes",
        rows=_BY_STAFF_OR_LINK,
    )
    data = PersonalData(("none",), "3 years", "what a provider said of itself")

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="owner_answers")
    question = models.ForeignKey(
        OwnerQuestion, null=True, blank=True, on_delete=models.PROTECT, related_name="answers"
    )
    says = models.CharField(max_length=15, choices=OwnerSays)
    before = models.JSONField(default=dict)
    answered_at = models.DateTimeField()
    answered_by = models.TextField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["listing", "-answered_at"], name="directory_answer_listing")]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by="") | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
                name="directory_owneranswer_both_undone_set",
            )
        ]


class Proposal(ScopedModel):
    """Changes to a listing that somebody proposes, field by field, and what became of them."""

    wall = walls.Wall(
        reason="staff decide; a provider sees its own; somebody without an account may put one in and see none",
        rows=_OWN_PROPOSAL,
        new_rows=f"{_OWN_PROPOSAL} OR ({_IN_SYSTEM} AND (SELECT fp_actor()) = 'public'"
        " AND {t}.origin = 'public' AND {t}.state = 'waiting')",
    )
    data = PersonalData(("staff",), "3 years", "who decided; writers are asked to name nobody")

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="proposals")
    origin = models.CharField(max_length=10, choices=ProposedBy)
    changes = models.JSONField(default=dict, help_text="field -> [as it was seen, as it is proposed]")
    note = models.TextField(blank=True, help_text="in the words of who proposes")
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.WAITING)
    applied_fields = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.TextField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.TextField(blank=True)
    decided_because = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["system_id", "proposed_at"],
                condition=Q(state=ProposalState.WAITING),
                name="directory_proposal_waiting",
            ),
            models.Index(fields=["listing", "-proposed_at"], name="directory_proposal_listing"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by="", state=ProposalState.WAITING)
                | (Q(decided_at__isnull=False) & ~Q(decided_by="") & ~Q(state=ProposalState.WAITING)),
                name="directory_proposal_both_decided_set",
            )
        ]


class ListingUse(ScopedModel):
    """How often people were put in touch with a listing or told about it, by month. Names nobody."""

    wall = walls.system_wide("counts of use order the steward's work", walls.KEPT)
    data = NONE

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="uses")
    month = models.DateField(help_text="its first day")
    times = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listing", "month"], name="directory_use_once_a_month")
        ]


class RiskTaken(ScopedModel):
    """Somebody connected a person although the area's rule stops it, and answers for it by name."""

    wall = walls.Wall(
        reason="who took a risk, and why, is seen by the area's people; it never changes",
        rows=STAFF_ONLY,
        grants=walls.APPEND_ONLY,
    )
    data = PersonalData(("staff",), "8 years", "who took it; a connection's id and no person")

    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="risks_taken")
    about_id = models.UUIDField(help_text="the connection")
    lapsed = ArrayField(models.CharField(max_length=20), help_text="kinds of assurance that were missing")
    because = models.CharField(max_length=300)
    taken_at = models.DateTimeField()
    taken_by = models.TextField()
    taken_by_name = models.CharField(max_length=200)
