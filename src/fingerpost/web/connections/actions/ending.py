"""Ending connections: taken back, consent withdrawn, case closed, a mistake. Links end with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.codes.pathway import EventKind, loss_reason
from fingerpost.kernel.errors import InvalidValue, NotFound
from fingerpost.kernel.london import to_london
from fingerpost.web.casework import api as casework
from fingerpost.web.connections import policies
from fingerpost.web.connections.actions import rows, telling
from fingerpost.web.connections.actions.attendance import days_came, kept_going
from fingerpost.web.connections.enums import ConnectionStatus, ReplyKind
from fingerpost.web.connections.lifecycle import AWAITING_ANSWER, BACK_WITH_WORKER, DETAILS_SHOWN, ENDS
from fingerpost.web.connections.models import Connection, ProviderReply
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.people import api as people

FINISHED = "finished"  # an end that is no loss
NOTHING_LOST = ""
_CONSENT = "consent_withdrawn"
# The group was asked and has not said yes: a reason that is recorded when the connection ends for no other.
_UNANSWERED = "provider_no_answer"


@transaction.atomic
def withdraw(*, connection: Connection, reason: str, by: Actor, at: datetime, note: str = "") -> Connection:
    """The worker or the person takes it back, with a loss reason. The provider is told, not why."""
    policies.check_can_steer(by, connection)
    _check_reason(reason)
    held = rows.lock(connection)
    was = ConnectionStatus(held.status)
    _end(held, ConnectionStatus.WITHDRAWN, reason=reason, note=note, by=by, at=at)
    rows.lost(held, reason, by=by, at=at, was=was)
    return held


@transaction.atomic
def consent_withdrawn(*, consent: people.Consent, by: Actor, at: datetime) -> list[Connection]:
    """The person took back their agreement: every connection under it ends at once, and its links with it."""
    people.withdraw_consent(consent=consent, by=by, at=at)
    under = Connection.objects.filter(consent=consent).exclude(status=ConnectionStatus.ENTERED_IN_ERROR)
    ended = []
    for connection in under:
        policies.check_can_steer(by, connection)
        links.revoke(subject_id=connection.id, reason=_CONSENT, at=at)
        if connection.is_live:
            ended.append(withdraw(connection=connection, reason=_CONSENT, by=by, at=at))
    return ended


@transaction.atomic
def end_open_connections(
    *,
    case: casework.Case,
    by: Actor,
    at: datetime,
    loss: str = NOTHING_LOST,
    ends: Mapping[UUID, str] = MappingProxyType({}),
) -> list[Connection]:
    """End what is open when a case closes. `ends`: for each connection `"finished"`, a loss reason, or
    nothing lost.

    Those not named end as `usual_end` says. `loss` is the reason the case itself is lost for, if it is: then
    the closing writes that loss once, and the connections write none of their own.
    """
    casework.check_can_close(by, case)
    open_ones = Connection.objects.filter(case=case).exclude(status__in=ENDS).order_by("connected_at", "id")
    chosen = [(one, ends.get(one.id, loss or usual_end(one))) for one in open_ones]
    return [_end_with_case(one, end, writes_loss=not loss, by=by, at=at) for one, end in chosen]


def usual_end(connection: Connection) -> str:
    """How an open connection most likely ends with its case: `"finished"`, a loss reason, or nothing lost."""
    status = ConnectionStatus(connection.status)
    if status in (ConnectionStatus.ATTENDED, ConnectionStatus.TOLD):
        return FINISHED
    if status in AWAITING_ANSWER:
        return _UNANSWERED
    if status == ConnectionStatus.ACCEPTED and _last_did_not_come(connection):
        return "did_not_come"
    # Waiting, full, no answer: that loss is written already. Accepted and never heard of: nobody knows.
    return NOTHING_LOST


@transaction.atomic
def mark_entered_in_error(*, connection: Connection, by: Actor, at: datetime, note: str = "") -> Connection:
    """It should never have been: wrong person, wrong listing, twice. Kept with the trace, counted nowhere."""
    policies.check_can_mark_error(by, connection)
    held = rows.lock(connection)
    _end(held, ConnectionStatus.ENTERED_IN_ERROR, note=note, by=by, at=at)
    rows.void_events(held, by=by, at=at)
    return held


def mark_seen(*, connection: Connection, by: Actor, at: datetime) -> Connection:
    """The worker has taken note that it came back; it leaves their list."""
    policies.check_can_steer(by, connection)
    if connection.status in BACK_WITH_WORKER and connection.seen_at is None:
        connection.seen_at, connection.seen_by = at, by.user_id
        connection.save(update_fields=["seen_at", "seen_by"])
    return connection


def _end(
    held: Connection, to: ConnectionStatus, *, by: Actor, at: datetime, reason: str = "", note: str = ""
) -> None:
    """Move a locked connection to an end that the provider did not choose, and close every door to it."""
    knew = held.details_seen and held.status in DETAILS_SHOWN
    rows.move(held, to, by=by, at=at, reason=reason, note=note)
    links.revoke(subject_id=held.id, reason=reason or to.value, at=at)
    route = telling.route_of(held, by)
    if knew and route is not None:
        telling.say_it_ended(held, route=route, by=by, at=at)


def _end_with_case(
    connection: Connection, end: str, *, writes_loss: bool, by: Actor, at: datetime
) -> Connection:
    held = rows.lock(connection)
    was = ConnectionStatus(held.status)
    if end == FINISHED:
        _finish(held, by=by, at=at)
        return held
    if end != NOTHING_LOST:
        _check_reason(end)
    to = ConnectionStatus.STOPPED if was == ConnectionStatus.ATTENDED and end else ConnectionStatus.WITHDRAWN
    _end(held, to, reason=end, by=by, at=at)
    if end != NOTHING_LOST and writes_loss:
        rows.lost(held, end, by=by, at=at, was=was)
    return held


def _finish(held: Connection, *, by: Actor, at: datetime) -> None:
    """A good end. The provider is told nothing: the person may well go on coming."""
    attended = held.status == ConnectionStatus.ATTENDED
    rows.move(held, ConnectionStatus.FINISHED, by=by, at=at)
    links.revoke(subject_id=held.id, reason=FINISHED, at=at)
    went_on = attended and kept_going(days_came(held), ended_on=to_london(at).date())
    if went_on and not rows.has_event(held, EventKind.SUSTAINED, by=by):
        rows.event(held, EventKind.SUSTAINED, by=by, at=at)


def _last_did_not_come(connection: Connection) -> bool:
    attendance = ProviderReply.objects.filter(
        connection=connection, undone_at=None, kind__in=[ReplyKind.CAME, ReplyKind.DID_NOT_COME]
    )
    last = attendance.order_by("-happened_on", "-given_at").first()
    return last is not None and last.kind == ReplyKind.DID_NOT_COME


def _check_reason(code: str) -> None:
    try:
        loss_reason(code)
    except NotFound as fault:
        raise InvalidValue(_("Choose a reason from the list."), field="reason") from fault
