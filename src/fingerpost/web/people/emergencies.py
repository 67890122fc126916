"""What stands open in an emergency, and what leads review. Read through the database's own functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from fingerpost.kernel.ids import new_id
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.people.enums import EmergencyFinding, EmergencyOutcome, EmergencyReason, InvolvementKind
from fingerpost.web.people.policies import check_can_review_emergencies


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """One opening, or one that found nobody, as the lead reads it."""

    id: UUID
    outcome: EmergencyOutcome
    opened_at: datetime
    ends_at: datetime | None
    closed_at: datetime | None
    opened_by_name: str
    is_mine: bool
    organisation: str
    reason_kind: EmergencyReason
    reason: str
    person: str
    birth_date: date | None
    finding: str
    finding_note: str
    reviewed_at: datetime | None
    reviewed_by_name: str

    @property
    def finding_word(self) -> str:
        return str(EmergencyFinding(self.finding).label) if self.finding else ""

    @property
    def is_to_review(self) -> bool:
        return self.finding in ("", EmergencyFinding.FOLLOW_UP) and not self.is_mine


@dataclass(frozen=True)
class AtWork:
    """An organisation that works with a person, and how to ring it."""

    name: str
    phone: str
    kind: InvolvementKind


def at_work_with(actor: Actor, *, person_id: UUID) -> list[AtWork]:
    """Whom to ring about a person whose record the actor has open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, kind FROM people_works_with(%s)", [person_id])
        return [AtWork(name, phone, InvolvementKind(kind)) for name, phone, kind in cursor.fetchall()]


def emergencies(actor: Actor, *, since: datetime, page: str) -> list[Emergency]:
    """Every opening and every try in the system since a moment, newest first; that they were read is logged."""
    check_can_review_emergencies(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM people_emergencies(%s, %s, %s, %s)",
            [new_id(), actor.organisation_id, page, since],
        )
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [
        Emergency(
            **{
                **row,
                "outcome": EmergencyOutcome(row["outcome"]),
                "reason_kind": EmergencyReason(row["reason_kind"]),
            }
        )
        for row in rows
    ]
