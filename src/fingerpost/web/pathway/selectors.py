from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from fingerpost.codes.pathway import STEPS, EventKind
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pathway.models import Journey, PathwayEvent


def standing(events: Iterable[PathwayEvent]) -> list[PathwayEvent]:
    """Events that no later event marks as a mistake, oldest first. A mark without a target voids all before it."""
    ordered = sorted(events, key=lambda e: (e.occurred_at, e.recorded_at, e.id))
    voided = {e.corrects_id for e in ordered if e.kind == EventKind.ENTERED_IN_ERROR and e.corrects_id}
    if any(e.kind == EventKind.ENTERED_IN_ERROR and e.corrects_id is None for e in ordered):
        return []
    return [e for e in ordered if e.id not in voided and e.kind != EventKind.ENTERED_IN_ERROR]


def events_of(actor: Actor, *, journey_id: UUID) -> list[PathwayEvent]:
    """Every event of a journey that the actor may see, oldest first, mistakes included."""
    found = PathwayEvent.objects.filter(journey_id=journey_id)
    return list(found.order_by("occurred_at", "recorded_at", "id"))


def events_of_journeys(actor: Actor, *, journey_ids: Sequence[UUID]) -> dict[UUID, list[PathwayEvent]]:
    found: dict[UUID, list[PathwayEvent]] = {journey_id: [] for journey_id in journey_ids}
    query = PathwayEvent.objects.filter(journey_id__in=found).order_by("occurred_at", "recorded_at", "id")
    for event in query:
        found[event.journey_id].append(event)
    return found


def last_step(events: Iterable[PathwayEvent]) -> EventKind | None:
    """The furthest step of the path that has been reached."""
    reached = {EventKind(e.kind) for e in standing(events)} & set(STEPS)
    return max(reached, key=STEPS.index, default=None)


def events_for_counting(actor: Actor) -> QuerySet[PathwayEvent]:
    """All events of the actor's organisations, for funnels and extracts: ids, kinds and dates only.

    Named here though the wall asks the same: it also opens what is covered, which no index answers and nobody counts
    as their own.
    """
    mine = actor.organisation_ids
    return PathwayEvent.objects.filter(Q(scheme_id__in=mine) | Q(referrer_id__in=mine))


def journeys(actor: Actor) -> QuerySet[Journey]:
    return Journey.objects.all()
