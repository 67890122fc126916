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


# What a change of a connection writes about it, by where it leads: kinds of which exactly one is written.
_TELLS: dict[str, frozenset[str]] = {
    "waiting_list": frozenset({K.LOST}),
    "full": frozenset({K.LOST}),
    "returned": frozenset({K.LOST}),
    "declined": frozenset({K.LOST}),
    "accepted": frozenset({K.PROVIDER_ACCEPTED}),
    "attended": frozenset({K.FIRST_ATTENDED}),
}
_MAY_ADD: dict[str, frozenset[str]] = {
    "attended": frozenset({K.SUSTAINED}),
    "finished": frozenset({K.SUSTAINED}),
}


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of a connection: `by_reply` of the group or of a worker for it, `with_case` as its case closed."""

    was: str
    now: str
    is_undone: bool = False
    with_case: bool = False


def faults_of(change: Change, subject: UUID, before: Iterable[Fact], written: Iterable[Fact]) -> list[str]:
    """Where the facts that were written about a connection are not those that its change must write."""
    held = {fact.id: fact for fact in before}
    stood = [fact for fact in standing(held.values()) if fact.subject_id == subject]
    own = [fact for fact in written if fact.subject_id == subject]
    taken_back = [held[f.corrects_id] for f in written if f.corrects_id in held]
    taken_back = [fact for fact in taken_back if fact.subject_id == subject]
    told = [
        f"a connection from {change.was} to {change.now} wrote {[str(f.kind) for f in own]},"
        f" and took back {[str(f.kind) for f in taken_back]}"
    ]
    if change.now == "entered_in_error":
        return told if own or len(taken_back) != len(stood) else []
    if change.is_undone:  # whatever the answer wrote is taken back, and what it took back stands again
        return told if any(fact.kind != K.LOST for fact in own) else []
    if change.now in ("stopped", "withdrawn"):
        least = 0 if change.with_case else 1
        is_right = not taken_back and least <= len(own) <= 1 and all(f.kind == K.LOST for f in own)
        return [] if is_right else told
    if change.was == "stopped":
        lost = [fact for fact in stood if fact.kind == K.LOST]
        if [fact.id for fact in taken_back] != [fact.id for fact in lost[-1:]]:
            return told
        taken_back = []
    wanted = _TELLS.get(change.now, frozenset())
    had = any(fact.kind in wanted for fact in stood) and change.now == "attended"
    main = [fact for fact in own if fact.kind in wanted]
    more = [fact for fact in own if fact.kind not in wanted]
    right = len(main) == (0 if had or not wanted else 1) and len(more) <= 1
    return (
        []
        if right and not taken_back and {f.kind for f in more} <= _MAY_ADD.get(change.now, frozenset())
        else told
    )
