"""A provider's answers, through a link or told to a worker, and their undoing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.codes.pathway import EventKind, reasons_after
from fingerpost.kernel.errors import IllegalTransition, InvalidValue
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.london import to_london
from fingerpost.web.connections import policies
from fingerpost.web.connections.actions import directory_side, rows, telling
from fingerpost.web.connections.actions.attendance import days_came, kept_going
from fingerpost.web.connections.actions.replies import Reply
from fingerpost.web.connections.enums import ConnectionStatus, ReplyKind
from fingerpost.web.connections.lifecycle import ENDS, STEP_REACHED, replies_from
from fingerpost.web.connections.models import Connection, ProviderReply, SharedDetails
from fingerpost.web.foundation.actor import Actor

_LOSS = {ReplyKind.WAITING_LIST: "provider_waiting_list", ReplyKind.FULL: "provider_full"}
_MIDDAY = time(12, tzinfo=UTC)


@transaction.atomic
def record_reply(*, connection: Connection, reply: Reply, by: Actor, at: datetime) -> ProviderReply:
    """Take one answer: the connection moves, the pathway and the directory learn of it, mail follows.

    `by` is the holder of the connection's link, or a worker who was told on the phone. Raises
    `IllegalTransition` when the answer does not fit where the connection stands, `Faults` when the answer
    makes no sense.
    """
    held = rows.lock(connection)
    policies.check_can_reply(by, held)
    was = ConnectionStatus(held.status)
    to = _where_it_leads(held, reply.kind)
    reply.check(status=was, details_seen=held.details_seen, connected_at=held.connected_at, at=at)
    reason = _loss_reason(reply, was, by=by, on=to_london(at).date())
    before = rows.remembered(held)
    if to != was:
        _move(held, to, reply, reason, by=by, at=at)
    row = ProviderReply(
        id=new_id(at),
        connection=held,
        person_id=held.person_id,
        scheme_id=held.scheme_id,
        kind=reply.kind,
        happened_on=reply.happened_on,
        reason=reason,
        note=reply.note.strip(),
        waiting_weeks=reply.waiting_weeks,
        full_until=reply.full_until,
        given_at=at,
        given_by=by.id,
        given_by_name=by.label,
        before=before,
        event_ids=_events(held, reply, reason, was, by=by, at=at),
    )
    row.save(force_insert=True)
    directory_side.learn(held, reply, by=by, at=at)
    _write_back(held, was, by=by, at=at)
    return row


def provider_takes_people(*, connection: Connection, by: Actor, at: datetime) -> ProviderReply:
    return record_reply(connection=connection, reply=Reply(kind=ReplyKind.TAKES_PEOPLE), by=by, at=at)


def provider_accepts(*, connection: Connection, by: Actor, at: datetime, note: str = "") -> ProviderReply:
    return record_reply(connection=connection, reply=Reply(kind=ReplyKind.ACCEPTS, note=note), by=by, at=at)


def provider_declines(
    *, connection: Connection, reason: str, by: Actor, at: datetime, note: str = ""
) -> ProviderReply:
    reply = Reply(kind=ReplyKind.DECLINES, reason=reason, note=note)
    return record_reply(connection=connection, reply=reply, by=by, at=at)


def provider_waiting_list(
    *, connection: Connection, weeks: int, by: Actor, at: datetime, note: str = ""
) -> ProviderReply:
    reply = Reply(kind=ReplyKind.WAITING_LIST, waiting_weeks=weeks, note=note)
    return record_reply(connection=connection, reply=reply, by=by, at=at)


def provider_full(
    *, connection: Connection, by: Actor, at: datetime, until: date | None = None, note: str = ""
) -> ProviderReply:
    reply = Reply(kind=ReplyKind.FULL, full_until=until, note=note)
    return record_reply(connection=connection, reply=reply, by=by, at=at)


def provider_came(
    *, connection: Connection, by: Actor, at: datetime, on: date | None = None, note: str = ""
) -> ProviderReply:
    reply = Reply(kind=ReplyKind.CAME, happened_on=on or to_london(at).date(), note=note)
    return record_reply(connection=connection, reply=reply, by=by, at=at)


def provider_did_not_come(
    *, connection: Connection, by: Actor, at: datetime, on: date | None = None, note: str = ""
) -> ProviderReply:
    reply = Reply(kind=ReplyKind.DID_NOT_COME, happened_on=on or to_london(at).date(), note=note)
    return record_reply(connection=connection, reply=reply, by=by, at=at)


def provider_finished(*, connection: Connection, by: Actor, at: datetime, note: str = "") -> ProviderReply:
    return record_reply(connection=connection, reply=Reply(kind=ReplyKind.FINISHED, note=note), by=by, at=at)


def provider_stopped(
    *, connection: Connection, by: Actor, at: datetime, reason: str = "", note: str = ""
) -> ProviderReply:
    reply = Reply(kind=ReplyKind.STOPPED, reason=reason, note=note)
    return record_reply(connection=connection, reply=reply, by=by, at=at)


@transaction.atomic
def undo(*, reply: ProviderReply, by: Actor, at: datetime) -> Connection:
    """Take back the latest answer within ten minutes. What it wrote on the pathway is marked as a mistake.

    A message that has gone cannot be called back, nor what the directory learnt: the next answer corrects
    that.
    """
    held = rows.lock(reply.connection)
    row = ProviderReply.objects.select_for_update().get(id=reply.id)
    policies.check_can_undo(by, held, row, at)
    newer = ProviderReply.objects.filter(connection=held, undone_at=None, id__gt=row.id)
    moved_since = held.status_at > row.given_at
    if newer.exists() or moved_since:
        raise IllegalTransition(
            _("Something else has happened since this answer, so it cannot be undone."),
            remedy=_("Give the answer that is right now, or ring us."),
        )
    rows.restore(held, row.before, by=by)
    rows.void_events(held, by=by, at=at, only=frozenset(row.event_ids))
    rows.write_again(held, marks=frozenset(row.event_ids), by=by, at=at)
    row.undone_at, row.undone_by = at, by.id
    row.save(update_fields=["undone_at", "undone_by"])
    return held


def _where_it_leads(connection: Connection, kind: ReplyKind) -> ConnectionStatus:
    status = ConnectionStatus(connection.status)
    leads = replies_from(status, details_seen=connection.details_seen)
    if kind not in leads:
        raise IllegalTransition(
            _("This answer does not fit any more: the page has changed since you opened it."),
            current=status.value,
            wanted=kind.value,
            expected=_("one of the answers that the page offers now"),
            remedy=_("Open the page again to see how it stands."),
        )
    return leads[kind]


def _loss_reason(reply: Reply, was: ConnectionStatus, *, by: Actor, on: date) -> str:
    """The pathway's reason for an answer that loses something; empty for the others."""
    if reply.kind in _LOSS:
        return _LOSS[reply.kind]
    if reply.kind == ReplyKind.DECLINES:
        return reply.reason
    if reply.kind != ReplyKind.STOPPED:
        return ""
    usual = "stopped_coming" if was == ConnectionStatus.ATTENDED else "did_not_come"
    if by.kind == "link" or not reply.reason:
        return usual
    offered = reasons_after(STEP_REACHED.get(was, EventKind.CONNECTED), on=on)
    if reply.reason not in {reason.code for reason in offered}:
        raise InvalidValue(_("Choose a reason from the list."), field="reason")
    return reply.reason


def _move(
    held: Connection, to: ConnectionStatus, reply: Reply, reason: str, *, by: Actor, at: datetime
) -> None:
    if to == ConnectionStatus.DETAILS_SENT:
        held.details_sent_at = at
    if to in (ConnectionStatus.DETAILS_SENT, ConnectionStatus.ACCEPTED) and held.sent_to:
        held.asked_at, held.nudged_at = at, None
    rows.move(
        held,
        to,
        by=by,
        at=at,
        reason=reason,
        note=reply.note,
        waiting_weeks=reply.waiting_weeks,
        full_until=reply.full_until,
    )


def _events(
    held: Connection, reply: Reply, reason: str, was: ConnectionStatus, *, by: Actor, at: datetime
) -> list[UUID]:
    """What the answer is on the pathway. Steps are written once for each connection."""
    if reason:
        return [rows.lost(held, reason, by=by, at=at, was=was)]
    if reply.kind == ReplyKind.CAME:
        back = rows.take_back_stop(held, by=by, at=at) if was == ConnectionStatus.STOPPED else []
        return back + _attendance_events(held, reply, by=by, at=at)
    if reply.kind == ReplyKind.ACCEPTS:
        return _once(held, EventKind.PROVIDER_ACCEPTED, by=by, at=at)
    if reply.kind == ReplyKind.FINISHED and kept_going(days_came(held), ended_on=to_london(at).date()):
        return _once(held, EventKind.SUSTAINED, by=by, at=at)
    return []


def _attendance_events(held: Connection, reply: Reply, *, by: Actor, at: datetime) -> list[UUID]:
    day = reply.happened_on or to_london(at).date()
    occurred_at = min(at, datetime.combine(day, _MIDDAY))
    written = _once(held, EventKind.FIRST_ATTENDED, by=by, at=at, occurred_at=occurred_at)
    if kept_going(days_came(held) | {day}):
        written += _once(held, EventKind.SUSTAINED, by=by, at=at, occurred_at=occurred_at)
    return written


def _once(
    held: Connection, step: EventKind, *, by: Actor, at: datetime, occurred_at: datetime | None = None
) -> list[UUID]:
    """Write a step unless it stands already for this connection."""
    if rows.has_event(held, step, by=by):
        return []
    return [rows.event(held, step, by=by, at=at, occurred_at=occurred_at)]


def _write_back(held: Connection, was: ConnectionStatus, *, by: Actor, at: datetime) -> None:
    """Mail that an answer brings: the details once they take people, where to say "came" once they accept."""
    if held.status == was or held.status in ENDS:
        return
    route = telling.route_of(held, by)
    if route is None or not route.detail_allowed:
        return
    send = {ConnectionStatus.DETAILS_SENT: telling.share, ConnectionStatus.ACCEPTED: telling.expect}.get(
        ConnectionStatus(held.status)
    )
    if send is not None:
        send(held, SharedDetails.objects.get(connection=held), route=route, by=by, at=at)
