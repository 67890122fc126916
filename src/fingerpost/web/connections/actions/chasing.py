"""Silence: one reminder, then back to the worker. A job calls this each morning, system by system."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import FingerpostError
from fingerpost.kernel.working_days import age_in_working_days
from fingerpost.web.connections import policies, selectors
from fingerpost.web.connections.actions import directory_side, rows, telling
from fingerpost.web.connections.enums import AskedBy, ConnectionStatus
from fingerpost.web.connections.lifecycle import AWAITING_ANSWER
from fingerpost.web.connections.models import Connection
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.messaging import api as messaging

NUDGE_AFTER = 3  # working days since the question
RETURN_AFTER = 7
ASK_IF_CAME_AFTER = 10
_SILENT = "provider_no_answer"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chased:
    """What one round did, by count of connections."""

    nudged: int = 0
    returned: int = 0
    bounced: int = 0
    failed: int = 0


def chase(*, by: Actor, at: datetime) -> Chased:
    """Look once at every open question of the scope's schemes; one that fails stops no other."""
    policies.check_can_chase(by)
    done = [_chase_if_possible(connection, by, at) for connection in selectors.open_questions(by)]
    return Chased(*(done.count(what) for what in ("nudged", "returned", "bounced", "failed")))


def _chase_if_possible(connection: Connection, by: Actor, at: datetime) -> str:
    try:
        return chase_one(connection=connection, by=by, at=at)
    except FingerpostError:
        logger.exception("connection %s could not be chased", connection.id)
        return "failed"


@transaction.atomic
def chase_one(*, connection: Connection, by: Actor, at: datetime) -> str:
    """Remind, or give back to the worker, if it is time: "nudged", "returned", "bounced" or nothing."""
    policies.check_can_chase(by)
    held = rows.lock(connection)
    if held.asked_at is None or held.status not in {*AWAITING_ANSWER, ConnectionStatus.ACCEPTED}:
        return ""
    days = age_in_working_days(held.asked_at, at)
    if held.status == ConnectionStatus.ACCEPTED:
        return _remind(held, by=by, at=at) if days >= ASK_IF_CAME_AFTER else ""
    if _came_back(held, by):
        directory_side.learn_bounce(held, by=by, at=at)
        _give_back(held, by=by, at=at, note=_("The e-mail could not be delivered."))
        return "bounced"
    if days >= RETURN_AFTER:
        if held.asked_by == AskedBy.EMAIL:
            directory_side.learn_silence(held, by=by, at=at)
        _give_back(held, by=by, at=at)
        return "returned"
    return _remind(held, by=by, at=at) if days >= NUDGE_AFTER else ""


def _remind(held: Connection, *, by: Actor, at: datetime) -> str:
    """Once for each question, and only to an address that may still be used."""
    route = telling.route_of(held, by)
    if held.nudged_at is not None or route is None:
        return ""
    telling.nudge(held, route=route, by=by, at=at)
    held.nudged_at = at
    held.save(update_fields=["nudged_at"])
    return "nudged"


def _give_back(held: Connection, *, by: Actor, at: datetime, note: str = "") -> None:
    """No answer. The provider's link stays open: a late yes is better than none."""
    was = ConnectionStatus(held.status)
    rows.move(held, ConnectionStatus.RETURNED, by=by, at=at, reason=_SILENT, note=note)
    rows.lost(held, _SILENT, by=by, at=at, was=was)


def _came_back(held: Connection, by: Actor) -> bool:
    """Whether the last message about the connection was refused by the other side."""
    last = messaging.messages_about(by, (rows.SUBJECT, held.id)).first()
    return (
        last is not None
        and last.state == messaging.State.FAILED
        and last.last_fault == messaging.FaultKind.ADDRESS_REFUSED
    )
