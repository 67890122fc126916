from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from fingerpost.web.connections.enums import AskedBy, ConnectionKind, ConnectionStatus, ReplyKind
from fingerpost.web.connections.lifecycle import DETAILS_SHOWN, ENDS, UNDO_WITHIN
from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import CARE_RECORD, PersonalData

_REFERENCE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look alike
_SHOWN = ", ".join(f"'{status.value}'" for status in sorted(DETAILS_SHOWN))
_PROVIDER_IS_CONSIDERING = (
    "EXISTS (SELECT 1 FROM connections_connection c WHERE c.id = {t}.connection_id"  # noqa: S608 - constants
    f" AND c.details_sent_at IS NOT NULL AND c.status IN ({_SHOWN}))"
)


@tracked()
class Connection(ScopedModel):
    """The link of a person to one listing. The provider's link reads this row: no detail is in it."""

    wall = walls.person_rows(
        organisations=("scheme_id",),
        cover="scheme_id",
        link=walls.linked("id", kind="subject"),
        reason="the scheme that works with the person; the provider, through a link to this one connection",
    )
    data = PersonalData(("activity",), CARE_RECORD, "ids, dates and the provider's own words")

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="connections")
    journey = models.ForeignKey("pathway.Journey", on_delete=models.PROTECT, related_name="connections")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    scheme = models.ForeignKey("tenancy.Organisation", on_delete=models.PROTECT, related_name="+")
    listing = models.ForeignKey("directory.Listing", on_delete=models.PROTECT, related_name="connections")
    listing_name = models.CharField(max_length=300, help_text="as it was called then")
    provider_name = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=20, choices=ConnectionKind)
    consent = models.ForeignKey(
        "people.Consent", null=True, blank=True, on_delete=models.PROTECT, related_name="connections"
    )
    connected_at = models.DateTimeField()
    connected_by = models.UUIDField()
    connected_by_name = models.CharField(max_length=200)
    asked_by = models.CharField(max_length=10, choices=AskedBy)
    sent_to = models.EmailField(blank=True, help_text="the listing's address that is written to")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="when the question now open was put")
    nudged_at = models.DateTimeField(null=True, blank=True)
    details_sent_at = models.DateTimeField(
        null=True, blank=True, help_text="from when on the provider may read what the person agreed to share"
    )
    status = models.CharField(max_length=20, choices=ConnectionStatus)
    status_at = models.DateTimeField()
    status_by = models.TextField(help_text="id of the actor: staff, the holder of a link, a job")
    status_reason = models.CharField(max_length=40, blank=True, help_text="a loss reason of the pathway")
    status_note = models.TextField(blank=True)
    waiting_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    full_until = models.DateField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text="when the worker took note of an end")
    seen_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "connected_at"], name="connections_case"),
            models.Index(fields=["scheme", "status", "asked_at"], name="connections_waiting"),
            models.Index(fields=["listing"], name="connections_listing"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ConnectionStatus.values), name="connections_connection_known_status"
            ),
            models.CheckConstraint(
                condition=Q(connected_at__isnull=False, connected_by__isnull=False),
                name="connections_connection_both_connected_set",
            ),
            models.CheckConstraint(
                condition=Q(status_at__isnull=False) & ~Q(status_by=""),
                name="connections_connection_both_status_set",
            ),
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="connections_connection_both_seen_set",
            ),
            models.CheckConstraint(
                condition=Q(asked_at=None, asked_by=AskedBy.NOBODY)
                | (Q(asked_at__isnull=False) & ~Q(asked_by=AskedBy.NOBODY)),
                name="connections_connection_both_asked_set",
            ),
            models.CheckConstraint(
                condition=Q(kind=ConnectionKind.SIGNPOST, consent=None, details_sent_at=None)
                | (~Q(kind=ConnectionKind.SIGNPOST) & Q(consent__isnull=False)),
                name="connections_connection_shares_by_consent",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["declined", "returned", "stopped"]) | ~Q(status_reason=""),
                name="connections_connection_loss_needs_a_reason",
            ),
            models.UniqueConstraint(
                fields=["case", "listing"],
                condition=~Q(status__in=sorted(status.value for status in ENDS)),
                name="connections_connection_one_live",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing_name}, {self.reference}"

    @property
    def reference(self) -> str:
        """Six signs to say on the phone; tells nothing and opens nothing."""
        number, signs = self.id.int & ((1 << 62) - 1), ""
        for _place in range(6):
            number, sign = divmod(number, len(_REFERENCE_SIGNS))
            signs += _REFERENCE_SIGNS[sign]
        return signs

    @property
    def is_live(self) -> bool:
        return self.status not in ENDS

    @property
    def details_seen(self) -> bool:
        """Whether the provider has been given what the person agreed to share."""
        return self.details_sent_at is not None


@tracked()
class SharedDetails(ScopedModel):
    """Exactly what the provider may read of a person; out of reach until they said they take people."""

    wall = walls.person_rows(
        organisations=("scheme_id",),
        cover="scheme_id",
        link=f"{walls.linked('connection_id', kind='subject')} AND {_PROVIDER_IS_CONSIDERING}",
        reason="as the connection; for the provider only once they take people, until it ends",
        grants=walls.APPEND_ONLY,
    )
    data = PersonalData(
        ("identity", "contact", "health"), CARE_RECORD, "the fields of one consent, and a message"
    )

    connection = models.OneToOneField(Connection, on_delete=models.PROTECT, related_name="details")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    scheme_id = models.UUIDField()
    first_name = models.CharField(max_length=100, help_text="the most that an e-mail may say")
    fields = models.JSONField(help_text="SharedField to text: name, phone, email, age, access_needs, reason")


@tracked()
class ProviderReply(ScopedModel):
    """One answer of a provider, given through a link or told to a worker; may be undone for ten minutes."""

    wall = walls.person_rows(
        organisations=("scheme_id",),
        cover="scheme_id",
        link=walls.linked("connection_id", kind="subject"),
        reason="as the connection",
    )
    data = PersonalData(("activity",), CARE_RECORD, "the provider's own words")

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="replies")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    scheme_id = models.UUIDField()
    kind = models.CharField(max_length=20, choices=ReplyKind)
    happened_on = models.DateField(null=True, blank=True, help_text="came or did not come: on which day")
    reason = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    waiting_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    full_until = models.DateField(null=True, blank=True)
    given_at = models.DateTimeField()
    given_by = models.TextField(help_text="id of the actor")
    given_by_name = models.CharField(max_length=200)
    before = models.JSONField(help_text="how the connection stood, so that it can be undone")
    event_ids = ArrayField(models.UUIDField(), default=list, blank=True, help_text="pathway events it wrote")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.TextField(blank=True, help_text="id of the actor")

    class Meta:
        indexes = [models.Index(fields=["connection", "given_at"], name="connections_reply_of")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ReplyKind.values), name="connections_reply_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(given_at__isnull=False) & ~Q(given_by=""), name="connections_reply_both_given_set"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by="") | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
                name="connections_reply_both_undone_set",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["came", "did_not_come"], happened_on__isnull=False)
                | (~Q(kind__in=["came", "did_not_come"]) & Q(happened_on=None)),
                name="connections_reply_attendance_has_a_day",
            ),
        ]

    @property
    def by_provider(self) -> bool:
        return self.given_by.startswith("link:")

    def is_undoable(self, at: datetime) -> bool:
        return self.undone_at is None and at - self.given_at <= UNDO_WITHIN


@tracked()
class SuggestionRule(ScopedModel):
    """How much one rule of `suggestion_rules` weighs in this system; without a row it weighs what it came with."""

    wall = walls.system_wide("every account of the system is suggested listings by these rules", walls.FREE)
    data = PersonalData(("staff",), "while the rule stands", "who changed it")

    key = models.CharField(max_length=40)
    weight = models.PositiveSmallIntegerField(help_text="0 switches it off")
    changed_at = models.DateTimeField()
    changed_by = models.TextField()
    changed_by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system_id", "key"], name="connections_rule_once"),
            models.CheckConstraint(condition=Q(weight__lte=10), name="connections_rule_weight_to_ten"),
            models.CheckConstraint(
                condition=Q(changed_at__isnull=False) & ~Q(changed_by=""),
                name="connections_suggestionrule_both_changed_set",
            ),
        ]
