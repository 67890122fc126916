from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from fingerpost.codes.pathway import EventKind
from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import ScopedModel, tracked
from fingerpost.web.foundation.personal_data import CARE_RECORD, PersonalData

_EVENT_KINDS = [(kind.value, kind.value) for kind in EventKind]
_BY_LINK = f"{{t}}.{walls.SYSTEM} AND {{t}}.%s = (SELECT fp_link_journey())"
_COVERED_JOURNEY = f"({walls.SEES_PEOPLE} AND {walls.covered('ANY({t}.scheme_ids)')})"
_COVERED_EVENT = (
    f"({walls.SEES_PEOPLE} AND (SELECT people_covers_any()) AND EXISTS (SELECT 1 FROM pathway_journey cj"  # noqa: S608 - a policy, made of constants
    f" WHERE cj.id = {{t}}.journey_id AND {walls.covered('{t}.scheme_id', of='cj.person_id')}))"
)


@tracked()
class Journey(ScopedModel):
    """One person's way through one episode. Minted at the first event and carried by all that follows."""

    wall = walls.Wall(
        reason="ids and dates of the referrer's and the scheme's own work, and of work that is covered; a link reaches"
        " the journey it is about",
        rows=f"({{t}}.{walls.SYSTEM} AND ({walls.in_organisations('referrer_id')}"
        f" OR {{t}}.scheme_ids && (SELECT fp_organisations()) OR {_COVERED_JOURNEY})) OR ({_BY_LINK % 'id'})",
        new_rows=f"{{t}}.{walls.SYSTEM}",
    )
    data = PersonalData(("activity",), CARE_RECORD, "a person's id, no name")

    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="journeys"
    )
    source = models.CharField(max_length=30, help_text="where it began: practice, self, agency, reception")
    scheme = models.ForeignKey(
        "tenancy.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    scheme_ids = ArrayField(models.UUIDField(), default=list, help_text="every scheme it has been with")
    referrer = models.ForeignKey(
        "tenancy.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    minted_at = models.DateTimeField()


class PathwayEvent(ScopedModel):
    """One dated fact about a journey. Never changed, never deleted; a mistake is corrected by a further event."""

    wall = walls.Wall(
        reason="as the journey; append-only for everyone",
        rows=f"({{t}}.{walls.SYSTEM} AND ({walls.in_organisations('scheme_id', 'referrer_id')}"
        f" OR {_COVERED_EVENT}))"
        f" OR ({_BY_LINK % 'journey_id'})",
        new_rows=f"{{t}}.{walls.SYSTEM}",
        grants=walls.APPEND_ONLY,
    )
    data = PersonalData(("activity",), CARE_RECORD, "no free text: a kind, a reason code, dates")

    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=30, choices=_EVENT_KINDS)
    after = models.CharField(max_length=30, blank=True, help_text="for a loss: the step last reached")
    reason = models.CharField(max_length=40, blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    scheme_id = models.UUIDField(null=True, blank=True)
    referrer_id = models.UUIDField(null=True, blank=True)
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    corrects_id = models.UUIDField(
        null=True, blank=True, help_text="the event that this one marks as a mistake"
    )
    actor_id = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["journey", "occurred_at"], name="pathway_event_journey"),
            models.Index(
                fields=["system_id", "scheme_id", "kind", "occurred_at"], name="pathway_event_counting"
            ),
            models.Index(fields=["subject_id"], name="pathway_event_subject"),
            # The policy asks "of my scheme, or referred by me": without this one it would read every event there is.
            models.Index(fields=["system_id", "referrer_id"], name="pathway_event_referrer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=EventKind.LOST, after__gt="", reason__gt="")
                | (~Q(kind=EventKind.LOST) & Q(after="")),
                name="pathway_event_loss_has_step_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in EventKind]), name="pathway_event_known_kind"
            ),
        ]
