"""Small steps that every action on a connection shares: lock, move, write to the pathway."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fingerpost.codes.pathway import EventKind
from fingerpost.kernel.errors import Conflict
from fingerpost.web.connections.enums import ConnectionStatus
from fingerpost.web.connections.lifecycle import ENDS, STEP_REACHED, TRANSITIONS
from fingerpost.web.connections.models import Connection
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.lifecycle import check_transition
from fingerpost.web.pathway import api as pathway

SUBJECT = "connection"
_STATE = ("status", "status_reason", "status_note", "waiting_weeks")
_TIMES = ("status_at", "asked_at", "nudged_at", "details_sent_at")


def lock(connection: Connection) -> Connection:
    """The row, held until the transaction ends. Without the person or the case: a link sees neither."""
    rows = Connection.objects.select_for_update(of=("self",)).select_related("journey", "listing")
    return rows.get(id=connection.id)


def move(
    connection: Connection,
    to: ConnectionStatus,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    note: str = "",
    **more: Any,
) -> None:
    """Change the status of a locked row and save it. Raises `IllegalTransition`."""
    check_transition(TRANSITIONS, now=ConnectionStatus(connection.status), to=to, what=_("This connection"))
    if to not in ENDS and not connection.is_live:
        check_no_other_live(connection)
    values = {"status_reason": reason, "status_note": note.strip(), "waiting_weeks": None, "full_until": None}
    for name, value in {**values, **more, "status": to, "status_at": at, "status_by": by.id}.items():
        setattr(connection, name, value)
    connection.seen_at = connection.seen_by = None
    connection.save()


def check_no_other_live(connection: Connection) -> None:
    """One open connection of a case to a listing: an ended one comes back only if none is newer."""
    same = Connection.objects.filter(case_id=connection.case_id, listing_id=connection.listing_id)
    if same.exclude(id=connection.id).exclude(status__in=ENDS).exists():
        raise Conflict(
            _("This person has been connected to %(listing)s again since.")
            % {"listing": connection.listing_name},
            remedy=_("Use the newer connection."),
        )


def remembered(connection: Connection) -> dict[str, Any]:
    """How a connection stands, as JSON, for `restore`."""
    state: dict[str, Any] = {name: getattr(connection, name) for name in _STATE}
    for name in (*_TIMES, "full_until"):
        value = getattr(connection, name)
        state[name] = value.isoformat() if value else None
    return state


def restore(connection: Connection, before: dict[str, Any], *, by: Actor) -> None:
    """Put a locked row back to how it stood."""
    if ConnectionStatus(before["status"]) not in ENDS and not connection.is_live:
        check_no_other_live(connection)
    for name in _STATE:
        setattr(connection, name, before[name])
    for name in _TIMES:
        setattr(connection, name, datetime.fromisoformat(before[name]) if before[name] else None)
    connection.full_until = date.fromisoformat(before["full_until"]) if before["full_until"] else None
    connection.status_by = by.id
    connection.save()


def event(
    connection: Connection,
    kind: EventKind,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    after: EventKind | None = None,
    occurred_at: datetime | None = None,
) -> UUID:
    """Write one pathway event about the connection; returns its id."""
    written = pathway.record(
        journey=connection.journey,
        kind=kind,
        by=by,
        at=at,
        occurred_at=occurred_at,
        after=after,
        reason=reason,
        subject=(SUBJECT, connection.id),
    )
    return written.id


def lost(connection: Connection, reason: str, *, by: Actor, at: datetime, was: ConnectionStatus) -> UUID:
    """The dated loss of a connection that stood at `was`."""
    after = STEP_REACHED.get(was) or pathway.last_step(
        pathway.events_of(by, journey_id=connection.journey_id)
    )
    return event(connection, EventKind.LOST, by=by, at=at, reason=reason, after=after or EventKind.ACCEPTED)


def has_event(connection: Connection, kind: EventKind, *, by: Actor) -> bool:
    """Whether a standing event of this kind was written about the connection."""
    events = pathway.standing(pathway.events_of(by, journey_id=connection.journey_id))
    return any(e.kind == kind and e.subject_id == connection.id for e in events)


def void_events(
    connection: Connection, *, by: Actor, at: datetime, only: frozenset[UUID] | None = None
) -> None:
    """Mark standing events about the connection (all, or `only` these) as mistakes."""
    for written in pathway.standing(pathway.events_of(by, journey_id=connection.journey_id)):
        if written.subject_id == connection.id and (only is None or written.id in only):
            _mark(connection, written, by=by, at=at)


def take_back_stop(connection: Connection, *, by: Actor, at: datetime) -> list[UUID]:
    """They came after all: mark the loss by which they had stopped. None, when the case had ended it without one."""
    events = pathway.standing(pathway.events_of(by, journey_id=connection.journey_id))
    losses = [e for e in events if e.kind == EventKind.LOST and e.subject_id == connection.id]
    return [_mark(connection, loss, by=by, at=at) for loss in losses[-1:]]


def _mark(connection: Connection, wrong: pathway.PathwayEvent, *, by: Actor, at: datetime) -> UUID:
    written = pathway.record(
        journey=connection.journey, kind=EventKind.ENTERED_IN_ERROR, by=by, at=at, corrects=wrong
    )
    return written.id


def write_again(connection: Connection, *, marks: frozenset[UUID], by: Actor, at: datetime) -> None:
    """What these marks took back stands once more: written anew, at its own time, for no event is ever changed."""
    events = {e.id: e for e in pathway.events_of(by, journey_id=connection.journey_id)}
    for mark in (events[one] for one in marks if one in events):
        taken_back = events.get(mark.corrects_id) if mark.corrects_id else None
        if taken_back is not None:
            event(
                connection,
                EventKind(taken_back.kind),
                by=by,
                at=at,
                reason=taken_back.reason,
                after=EventKind(taken_back.after) if taken_back.after else None,
                occurred_at=taken_back.occurred_at,
            )
