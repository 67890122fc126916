from __future__ import annotations

from django.db import models
from django.db.models import Q

from fingerpost.web.casework.enums import CaseStatus, ContactMode, GoalStatus, Outcome
from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import CARE_RECORD, PersonalData

_CASE_WALL = walls.person_rows(
    organisations=("scheme_id",),
    cover="scheme_id",
    reason="seen by the scheme that works with the person while it is involved, and by one that covers for it",
)
_CONTACT_WALL = walls.person_rows(
    organisations=("scheme_id",),
    cover="scheme_id",
    sealable=("id",),
    reason="as the case; one that is sealed only by those whom the seal names",
)
_CARE = PersonalData(("health", "activity"), CARE_RECORD, "free text from conversations")


@tracked()
class Case(ScopedModel):
    """The work with one person from acceptance to closure."""

    wall = _CASE_WALL
    data = _CARE

    referral = models.OneToOneField("referrals.Referral", on_delete=models.PROTECT, related_name="case")
    journey = models.ForeignKey("pathway.Journey", on_delete=models.PROTECT, related_name="cases")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="cases")
    scheme = models.ForeignKey("tenancy.Organisation", on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(
        "tenancy.User", null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    assigned_by = models.UUIDField(null=True, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField()
    status = models.CharField(max_length=20, choices=CaseStatus)
    status_at = models.DateTimeField()
    next_step = models.CharField(max_length=200, blank=True)
    next_step_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    closed_reason = models.CharField(max_length=40, blank=True, help_text="a completion or a loss reason")
    closed_story = models.TextField(blank=True, help_text="what changed, in the person's words")

    class Meta:
        indexes = [
            models.Index(fields=["scheme", "worker", "status"], name="casework_case_caseload"),
            models.Index(fields=["person"], name="casework_case_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=CaseStatus.values), name="casework_case_known_status"
            ),
            models.CheckConstraint(
                condition=Q(assigned_at=None, assigned_by=None)
                | Q(assigned_at__isnull=False, assigned_by__isnull=False),
                name="casework_case_both_assigned_set",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=False, opened_by__isnull=False),
                name="casework_case_both_opened_set",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="casework_case_both_closed_set",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | (Q(closed_at__isnull=False) & ~Q(closed_reason="")),
                name="casework_case_closed_has_reason",
            ),
        ]


@tracked()
class Contact(ScopedModel):
    """One interaction with a person, or an attempt at one."""

    wall = _CONTACT_WALL
    data = _CARE

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contacts")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    scheme_id = models.UUIDField()
    contacted_on = models.DateTimeField(help_text="when it took place")
    mode = models.CharField(max_length=10, choices=ContactMode)
    outcome = models.CharField(max_length=20, choices=Outcome)
    minutes = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True)
    logged_at = models.DateTimeField()
    logged_by = models.UUIDField()
    logged_by_name = models.CharField(max_length=200)
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    entered_in_error_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "-contacted_on"], name="casework_contact_timeline")]
        constraints = [
            models.CheckConstraint(
                condition=Q(entered_in_error_at=None, entered_in_error_by=None)
                | Q(entered_in_error_at__isnull=False, entered_in_error_by__isnull=False),
                name="casework_contact_both_entered_in_error_set",
            ),
            models.CheckConstraint(
                condition=Q(logged_at__isnull=False, logged_by__isnull=False),
                name="casework_contact_both_logged_set",
            ),
            models.CheckConstraint(condition=Q(minutes__lte=720), name="casework_contact_minutes_in_a_day"),
        ]


@tracked()
class Plan(ScopedModel):
    """What matters to the person, agreed with them. `version` lets two editors see each other's changes."""

    wall = _CASE_WALL
    data = _CARE

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="plan")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    scheme_id = models.UUIDField()
    what_matters = models.TextField(help_text="in the person's own words")
    strengths = models.TextField(blank=True, help_text="who and what already helps")
    version = models.PositiveIntegerField(default=1)
    agreed_at = models.DateTimeField()
    agreed_by = models.UUIDField()
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField()
    changed_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=False, agreed_by__isnull=False),
                name="casework_plan_both_agreed_set",
            ),
            models.CheckConstraint(
                condition=Q(changed_at__isnull=False, changed_by__isnull=False),
                name="casework_plan_both_changed_set",
            ),
        ]


@tracked()
class Goal(ScopedModel):
    """One thing the person wants to reach."""

    wall = _CASE_WALL
    data = _CARE

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="goals")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    scheme_id = models.UUIDField()
    words = models.CharField(max_length=300)
    status = models.CharField(max_length=20, choices=GoalStatus)
    set_at = models.DateTimeField()
    set_by = models.UUIDField()
    status_at = models.DateTimeField()
    status_by = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=GoalStatus.values), name="casework_goal_known_status"
            ),
            models.CheckConstraint(
                condition=Q(set_at__isnull=False, set_by__isnull=False), name="casework_goal_both_set_set"
            ),
            models.CheckConstraint(
                condition=Q(status_at__isnull=False, status_by__isnull=False),
                name="casework_goal_both_status_set",
            ),
        ]
