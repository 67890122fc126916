"""Web rows as extract rows, streamed: ids become pseudonyms, moments become days in London.

A row is built from named columns only, so that a column added to a model does not leave by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from fingerpost.codes.pathway import EventKind
from fingerpost.interchange.pseudonyms import Kind, Pseudonymiser
from fingerpost.kernel.london import to_london
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pathway import api as pathway
from fingerpost.web.people import api as people

CHUNK = 5_000

Row = dict[str, Any]


class Event(NamedTuple):
    """What is read of one pathway event, and nothing else."""

    id: UUID
    journey_id: UUID
    kind: str
    after: str
    reason: str
    occurred_at: datetime
    recorded_at: datetime
    corrects_id: UUID | None


def held_back(actor: Actor) -> list[UUID]:
    """Journeys of people whose record is sealed: asked once, so that both files leave out the same ones."""
    sealed = people.sealed_persons(actor)
    return list(pathway.journeys(actor).filter(person_id__in=sealed).values_list("id", flat=True))


def journey_rows(
    actor: Actor, names: Pseudonymiser, *, before: datetime, but: Collection[UUID]
) -> Iterator[Row]:
    """One row for each journey minted before a moment, `but` those that are held back."""
    journeys = pathway.journeys(actor).filter(minted_at__lt=before).exclude(id__in=but).order_by("id")
    columns = ("id", "person_id", "scheme_id", "referrer_id", "source", "minted_at")
    for journey, person, scheme, referrer, source, minted_at in journeys.values_list(*columns).iterator(
        CHUNK
    ):
        yield {
            "journey_pseudonym": names.of(Kind.JOURNEY, journey),
            "person_pseudonym": names.of_optional(Kind.PERSON, person),
            "scheme_pseudonym": names.of_optional(Kind.SCHEME, scheme),
            "referrer_pseudonym": names.of_optional(Kind.ORGANISATION, referrer),
            "source": source or None,
            "minted_on": _day(minted_at),
        }


def event_rows(
    actor: Actor, names: Pseudonymiser, *, before: datetime, but: Collection[UUID]
) -> Iterator[Row]:
    """One row for each event recorded before a moment, journey by journey, in the order in which they occurred."""
    events = (
        pathway.events_for_counting(actor)
        .filter(recorded_at__lt=before)
        .exclude(journey_id__in=but)
        .order_by("journey_id", "occurred_at", "recorded_at", "id")
    )
    found = (Event(*values) for values in events.values_list(*Event._fields).iterator(CHUNK))
    for journey_id, group in groupby(found, key=lambda event: event.journey_id):
        yield from _of_one_journey(list(group), names.of(Kind.JOURNEY, journey_id))


def _of_one_journey(events: Sequence[Event], journey: str) -> Iterator[Row]:
    for ordinal, event in enumerate(events, start=1):
        yield {
            "journey_pseudonym": journey,
            "ordinal": ordinal,
            "event": event.kind,
            "lost_after": event.after or None,
            "reason": event.reason or None,
            "occurred_on": _day(event.occurred_at),
            "recorded_on": _day(event.recorded_at),
            "taken_back_on": taken_back_on(event, events),
        }


def taken_back_on(event: Event, events: Sequence[Event]) -> date | None:
    """The day on which an event of a journey was first recorded as a mistake; None while it stands.

    A mark names the event it takes back; one that names none takes back the whole journey. A mark itself is never
    taken back: `pathway.standing` knows no second thoughts.
    """
    if event.kind == EventKind.ENTERED_IN_ERROR:
        return None
    marks = (
        mark.recorded_at
        for mark in events
        if mark.kind == EventKind.ENTERED_IN_ERROR and mark.corrects_id in (None, event.id)
    )
    earliest = min(marks, default=None)
    return None if earliest is None else _day(earliest)


def _day(moment: datetime) -> date:
    return to_london(moment).date()
