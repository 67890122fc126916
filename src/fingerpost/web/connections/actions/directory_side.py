"""What the directory learns from a connection. Saying "full" changes room, never standing."""

from __future__ import annotations

from datetime import datetime

from fingerpost.web.connections.actions.replies import Reply
from fingerpost.web.connections.enums import ReplyKind
from fingerpost.web.connections.models import Connection
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import CapacityState, EvidenceKind
from fingerpost.web.foundation.actor import Actor

_CAPACITY = {
    ReplyKind.TAKES_PEOPLE: CapacityState.TAKING,
    ReplyKind.ACCEPTS: CapacityState.TAKING,
    ReplyKind.WAITING_LIST: CapacityState.WAITING_LIST,
    ReplyKind.FULL: CapacityState.FULL,
}
NOT_RUNNING = "provider_closed"


def learn(connection: Connection, reply: Reply, *, by: Actor, at: datetime) -> None:
    """Pass on what one answer says about the listing."""
    if by.kind == "link" and connection.sent_to:
        directory.confirm_email(address=connection.sent_to, by=by, at=at)
    kind = _evidence(reply)
    if kind is not None:
        directory.report_evidence(listing_id=connection.listing_id, kind=kind, by=by, at=at)
    if reply.kind == ReplyKind.FULL:  # said something, so is not silent; that it is full is no part of that
        directory.report_evidence(listing_id=connection.listing_id, kind=EvidenceKind.ANSWERED, by=by, at=at)
    if reply.kind in _CAPACITY:  # after the evidence: "full" alone would forget until when
        directory.set_capacity(
            listing_id=connection.listing_id,
            state=_CAPACITY[reply.kind],
            waiting_weeks=reply.waiting_weeks,
            full_until=reply.full_until,
            by=by,
            at=at,
        )


def _evidence(reply: Reply) -> EvidenceKind | None:
    if reply.kind == ReplyKind.DECLINES:
        return EvidenceKind.NOT_RUNNING if reply.reason == NOT_RUNNING else EvidenceKind.DECLINED
    if reply.kind == ReplyKind.FULL:
        return EvidenceKind.FULL
    if reply.kind in (ReplyKind.TAKES_PEOPLE, ReplyKind.ACCEPTS, ReplyKind.WAITING_LIST):
        return EvidenceKind.ANSWERED
    return None


def learn_silence(connection: Connection, *, by: Actor, at: datetime) -> None:
    directory.report_evidence(listing_id=connection.listing_id, kind=EvidenceKind.SILENT, by=by, at=at)


def learn_bounce(connection: Connection, *, by: Actor, at: datetime) -> None:
    directory.report_evidence(listing_id=connection.listing_id, kind=EvidenceKind.BOUNCED, by=by, at=at)
