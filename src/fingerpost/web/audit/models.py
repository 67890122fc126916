from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from fingerpost.web.foundation import walls
from fingerpost.web.foundation.base import WalledModel
from fingerpost.web.foundation.models import ScopedModel
from fingerpost.web.foundation.personal_data import NONE, PersonalData

_OUT_OF_REACH = walls.Wall(
    reason="written by definer functions and read by `fingerpost audit verify` alone", rows="false", grants=()
)


class Access(ScopedModel):
    """One look at a person's record, a list of people, or a search. Written only by `audit_record_access()`.

    Actor and subject are an id and a label, without foreign keys: the log outlives what it speaks of.
    """

    class Kind(models.TextChoices):
        VIEW = "view"
        LIST = "list"
        SEARCH = "search"
        EXPORT = "export"

    wall = walls.Wall(
        reason="read by the organisation whose people looked, by roles that work with people: it bears the names of"
        " those who were looked at, and so no look at somebody sealed; added to by a definer function, never changed",
        rows=f"{{t}}.{walls.SYSTEM} AND {walls.SEES_PEOPLE} AND {walls.in_organisations('organisation_id')}"  # noqa: S608 - a policy, made of constants
        f" AND NOT {{t}}.person_ids && {walls.SEALED_AWAY}"
        " AND (NOT (SELECT people_works_beside_seals())"
        " OR NOT EXISTS (SELECT 1 FROM unnest({t}.person_ids) one"
        " WHERE people_is_sealed_here(one, {t}.organisation_id)))",
        grants=walls.READ_ONLY,
    )
    data = PersonalData(("activity", "staff"), "8 years; may be archived, never edited")

    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind)
    actor_id = models.TextField()
    actor_label = models.TextField()
    organisation_id = models.UUIDField(null=True)
    page = models.CharField(max_length=200)
    person_ids = ArrayField(models.UUIDField())
    person_label = models.TextField(blank=True)
    query_hash = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["system_id", "-at"], name="audit_access_recent"),
            GinIndex(fields=["person_ids"], name="audit_access_person"),
        ]


class Seal(WalledModel):
    """What some rows of one trace table looked like when they were sealed; each seal names the one before it.

    `mark` is keyed with a secret that the database never sees, so that whoever owns the database cannot make one.
    """

    wall = _OUT_OF_REACH
    data = NONE

    number = models.BigIntegerField(unique=True)
    sealed_at = models.DateTimeField()
    table = models.TextField()
    columns = ArrayField(
        models.TextField(), help_text="what the rows consisted of then: later columns are not covered"
    )
    row_ids = ArrayField(models.TextField())
    digests = models.BinaryField(help_text="SHA-256 of each row, one after another, in the order of the ids")
    previous = models.CharField(max_length=64, blank=True)
    mark = models.CharField(max_length=64)


class Unsealed(WalledModel):
    """A row of a trace table that waits for its seal: noted by a trigger in the transaction that wrote it."""

    wall = _OUT_OF_REACH
    data = NONE

    table = models.TextField()
    row_id = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["table", "row_id"], name="audit_unsealed_row")]
