"""What pathway events alone say about how a referral, a case and a connection stand. Pure: no database.

Some statuses the pathway does not tell apart (asked, and details shared; declined, and taken back by the practice): the
answer is a set, and the row must be in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fingerpost.codes.pathway import EventKind as K


@dataclass(frozen=True)
class Fact:
    """One event, as it is stored."""

    id: UUID
    kind: str
    reason: str
    recorded_at: datetime
    subject_id: UUID | None
    corrects_id: UUID | None


Statuses = frozenset[str]
IN_ERROR: Statuses = frozenset({"entered_in_error"})

_PAUSED = {
    "provider_full": frozenset({"full", "details_sent"}),
    "provider_waiting_list": frozenset({"waiting_list", "details_sent"}),
    "provider_no_answer": frozenset({"returned", "details_sent"}),
}
_LOST: Statuses = frozenset({"declined", "stopped", "withdrawn"})
_CONNECTION: dict[str, Statuses] = {
    K.CONNECTED: frozenset({"asked", "details_sent"}),
    K.SIGNPOSTED: frozenset({"told"}),
    K.PROVIDER_ACCEPTED: frozenset({"accepted"}),
    K.FIRST_ATTENDED: frozenset({"attended", "finished"}),
    K.SUSTAINED: frozenset({"attended", "finished"}),
}


def standing(facts: Iterable[Fact]) -> list[Fact]:
    """What no mark of a mistake has voided, in the order in which it was written down."""
    ordered = sorted(facts, key=lambda fact: (fact.recorded_at, fact.id))
    marks = [fact for fact in ordered if fact.kind == K.ENTERED_IN_ERROR]
    if any(mark.corrects_id is None for mark in marks):
        return []
    voided = {mark.corrects_id for mark in marks}
    return [fact for fact in ordered if fact.kind != K.ENTERED_IN_ERROR and fact.id not in voided]


def referral(facts: Iterable[Fact], subject: UUID) -> Statuses:
    found = IN_ERROR
    for fact in standing(facts):
        if fact.subject_id != subject:
            continue
        if fact.kind == K.RECEIVED:
            found = frozenset({"received"})
        elif fact.kind == K.ACCEPTED:
            found = frozenset({"accepted"})
        elif fact.kind == K.LOST:
            found = frozenset({"redirected"} if fact.reason == "redirected" else {"declined", "withdrawn"})
    return found


def case(facts: Iterable[Fact], subject: UUID) -> Statuses:
    left = standing(facts)
    if not any(fact.kind == K.ACCEPTED for fact in left):
        return IN_ERROR
    closed = any(fact.kind == K.CLOSED and fact.subject_id == subject for fact in left)
    return frozenset({"closed"} if closed else {"open"})


def connection(facts: Iterable[Fact], subject: UUID) -> Statuses:
    """As far as the connection's own events tell; a case that closes may end it without a word of its own."""
    left = standing(facts)
    found = IN_ERROR
    for fact in left:
        if fact.subject_id == subject:
            if fact.kind == K.LOST:
                found = _PAUSED.get(fact.reason, _LOST) | ({"withdrawn"} if fact.reason in _PAUSED else set())
            else:
                found = _CONNECTION[fact.kind]
    ended_with_case = any(fact.kind == K.CLOSED for fact in left) or not left
    was_closed = any(fact.kind == K.CLOSED for fact in facts)
    if found != IN_ERROR and (ended_with_case or was_closed):
        found = found | {"withdrawn", "finished", "stopped"}
    return found
