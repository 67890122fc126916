"""Writing to the pathway. Called by the apps above within their own action's transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fingerpost.codes.pathway import EventKind, loss_reason
from fingerpost.kernel.ids import new_id
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pathway.models import Journey, PathwayEvent


def mint_journey(
    *,
    source: str,
    by: Actor,
    at: datetime,
    person_id: UUID | None = None,
    scheme_id: UUID | None = None,
    referrer_id: UUID | None = None,
) -> Journey:
    """Begin a journey; its id is carried by everything that follows."""
    journey = Journey(
        id=new_id(at),
        person_id=person_id,
        source=source,
        scheme_id=scheme_id,
        scheme_ids=[scheme_id] if scheme_id else [],
        referrer_id=referrer_id,
        minted_at=at,
    )
    journey.save(force_insert=True)
    return journey


def move_to_scheme(*, journey: Journey, scheme_id: UUID, by: Actor, at: datetime) -> Journey:
    """A redirected journey goes on with another scheme; what happened before stays with the first."""
    journey.scheme_id = scheme_id
    journey.scheme_ids = [*journey.scheme_ids, scheme_id]
    journey.save(update_fields=["scheme_id", "scheme_ids"])
    return journey


def record(
    *,
    journey: Journey,
    kind: EventKind,
    by: Actor,
    at: datetime,
    occurred_at: datetime | None = None,
    after: EventKind | None = None,
    reason: str = "",
    subject: tuple[str, UUID] | None = None,
    corrects: PathwayEvent | None = None,
) -> PathwayEvent:
    """Append one fact. `at` is when it is recorded; `occurred_at` when it happened, if earlier.

    Raises `NotFound` when a loss is given a reason that the pathway vocabulary does not know.
    """
    if kind is EventKind.LOST:
        loss_reason(reason)
    event = PathwayEvent(
        id=new_id(at),
        journey=journey,
        kind=kind,
        after=after or "",
        reason=reason,
        occurred_at=min(occurred_at or at, at),
        recorded_at=at,
        scheme_id=journey.scheme_id,
        referrer_id=journey.referrer_id,
        subject_kind=subject[0] if subject else "",
        subject_id=subject[1] if subject else None,
        corrects_id=corrects.id if corrects else None,
        actor_id=by.id,
    )
    event.save(force_insert=True)
    return event
