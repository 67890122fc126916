"""Tables of the ground floor: signed links and handled form submissions."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from fingerpost.web.foundation import walls
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.base import ScopedModel, WalledModel, tracked
from fingerpost.web.foundation.personal_data import NONE, PersonalData

_ISSUED_HERE = f"{{t}}.{walls.SYSTEM} AND {walls.in_organisations('organisation_id')}"


@tracked()
class SignedLink(ScopedModel):
    """Permission for whoever holds the token to see and do one thing about one subject, until it expires."""

    wall = walls.Wall(
        reason="a link is read by its holder and by the organisation that issued it; made by the latter only; and"
        " the one thing that ever changes is that it ends",
        rows=f"{{t}}.id = (SELECT fp_link()) OR ({_ISSUED_HERE})",
        new_rows=_ISSUED_HERE,
        changed_rows="{t}.revoked_at IS NOT NULL",
        changes=("revoked_at", "revoked_reason"),
    )
    data = PersonalData(("activity",), "with the record it opens", "ids only; who was told is in the outbox")

    organisation_id = models.UUIDField(help_text="the organisation that issued the link")
    purpose = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    journey_id = models.UUIDField(null=True, blank=True)
    holder_label = models.CharField(max_length=200, help_text="who the link was sent to, for the traces")
    maker_id = models.UUIDField(
        null=True, blank=True, help_text="the account that answers for it, where it ends with their role"
    )
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_id", "purpose"], name="foundation_link_subject")]

    def is_live(self, at: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > at

    def actor(self) -> Actor:
        """The holder of this link, who reaches its subject and nothing else."""
        return Actor(
            kind="link",
            id=f"link:{self.id}",
            label=self.holder_label,
            system_id=self.system_id,
            link_id=self.id,
            organisation_id=self.organisation_id,
            permissions=frozenset({self.purpose}),
        )


class LinkUse(WalledModel):
    """How often something was tried through a link in one stretch of time: the limit that all processes share."""

    wall = walls.Wall(
        reason="written and read only by fp_count_link_use, for the link that is open",
        rows="false",
        grants=(),
    )
    data = NONE

    link = models.ForeignKey(SignedLink, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=20)
    since = models.DateTimeField()
    times = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "what", "since"], name="foundation_link_use_once")
        ]


class Submission(WalledModel):
    """A form already handled, by its one-time key, so that a double click or a retry changes nothing twice."""

    wall = walls.Wall(
        reason="a key is a random value known only to the page that carried it; it is read by the same actor",
        rows="{t}.actor_id = (SELECT fp_actor())",
        grants=walls.APPEND_ONLY,
    )
    data = NONE

    actor_id = models.TextField()
    key = models.UUIDField()
    result_path = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_id", "key"], name="foundation_submission_once")]


class CacheEntry(models.Model):
    """One value of the shared cache (`foundation.cache`): counters of limits, codes that have been used."""

    wall = walls.published(
        "counters and used codes, needed before anybody is known; keys are keyed digests", walls.FREE
    )
    data = NONE

    key = models.CharField(max_length=64, primary_key=True)
    value = models.TextField(help_text="JSON")
    expires_at = models.DateTimeField(null=True, db_index=True)
