"""Delivering one message: at least once, with the truth about it in the row at every moment.

The row decides, the job only wakes: an attempt begins with a commit ("sending"), and ends with one under
a lock on the row. Whoever gets that lock and finds "sending" knows that the attempt before was broken off.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotAllowed
from fingerpost.kernel.ids import new_id
from fingerpost.web.foundation.jobs import in_scope
from fingerpost.web.foundation.lifecycle import check_transition
from fingerpost.web.messaging import mime, transports
from fingerpost.web.messaging.actions import enqueue
from fingerpost.web.messaging.enums import FaultKind, Outcome, State
from fingerpost.web.messaging.lifecycle import ON_ITS_WAY, TRANSITIONS
from fingerpost.web.messaging.models import Attachment, Delivery, Message
from fingerpost.web.messaging.policies import check_may_go
from fingerpost.web.messaging.transports import Result
from fingerpost.web.tenancy.api import organisation, systems

logger = logging.getLogger(__name__)

# How long to wait after each attempt that was put off. When they are used up, in two days, it has failed.
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440))

_STATE_AFTER = {
    Outcome.SENT: State.SENT,
    Outcome.DELIVERED: State.DELIVERED,
    Outcome.REFUSED: State.FAILED,
    Outcome.PUT_OFF: State.QUEUED,
    Outcome.INTERRUPTED: State.QUEUED,
}


def deliver(*, message_id: UUID, system_id: UUID, organisation_id: UUID) -> State | None:
    """Make one attempt. Returns the state after it, or None when there was nothing to do.

    Safe to call at any time and any number of times. Reads the clock. Never call it inside a transaction that
    has other work to lose, because a mail server may take a minute.
    """
    reach = {"system_id": system_id, "organisation_ids": [organisation_id], "reason": "outbox"}
    with in_scope(**reach):  # type: ignore[arg-type]
        attempt = _begin(message_id)
    if attempt is None:
        return None
    with in_scope(**reach):  # type: ignore[arg-type]
        message = _locked(message_id)
        if message is None or message.state != State.SENDING or message.attempts != attempt:
            return None
        began_at = message.next_attempt_at
        transport = transports.chosen(tests_only=_tests_only(system_id))
        result = _forbidden(message) or _carry(message, transport)
        return _end(message, transport.name, result, began_at=began_at)


def _begin(message_id: UUID) -> int | None:
    """Mark the message as being sent; the number of this attempt, or None when it is not for us."""
    message, now = _locked(message_id), clock.now()
    if message is None or message.state not in ON_ITS_WAY:
        return None
    if message.state == State.SENDING:
        broken_off = Result(outcome=Outcome.INTERRUPTED)
        _end(message, "", broken_off, began_at=message.next_attempt_at)
        if message.state == State.FAILED:
            return None
    elif message.next_attempt_at > now:
        enqueue(message, at=message.next_attempt_at)
        return None
    _move(message, State.SENDING)
    message.attempts += 1
    message.next_attempt_at = now
    message.save(update_fields=["state", "attempts", "next_attempt_at"])
    return message.attempts


def _locked(message_id: UUID) -> Message | None:
    """The row under our lock; None while somebody else is sending it."""
    return Message.objects.select_for_update(skip_locked=True, of=("self",)).filter(id=message_id).first()


def _forbidden(message: Message) -> Result | None:
    """Asked at the last moment: since it was written the person may have said that they must not be reached so."""
    try:
        check_may_go(
            channel=message.channel,
            address=message.address,
            about_person_id=message.person_id,
            to_person_id=message.to_person_id,
            requested_by=message.requested_by,
        )
    except NotAllowed as refusal:
        return Result(outcome=Outcome.REFUSED, fault=FaultKind.NOT_ALLOWED, answer=refusal.reason)
    return None


def _carry(message: Message, transport: transports.Transport) -> Result:
    sender = organisation(organisation_id=message.organisation_id)
    attachments = list(Attachment.objects.filter(message=message).order_by("id"))
    try:
        mail = mime.build(message, attachments, sender_name=sender.name, reply_to=sender.email)
        return transport.carry(mail, sender=mime.sender_address(), to=message.address)
    except Exception as error:
        # The words of an unknown error may repeat the message, and logs are not the place for it.
        name = type(error).__name__
        logger.error("message %s: unexpected %s while sending", message.id, name)
        return Result(outcome=Outcome.PUT_OFF, fault=FaultKind.UNEXPECTED, answer=name)


def _end(message: Message, transport: str, result: Result, *, began_at: datetime) -> State:
    """Record how an attempt ended, and what follows from it."""
    now = clock.now()
    Delivery(
        id=new_id(now),
        message=message,
        organisation_id=message.organisation_id,
        attempt=message.attempts,
        transport=transport,
        began_at=began_at,
        ended_at=max(now, began_at),
        outcome=result.outcome,
        fault=result.fault or "",
        answer=result.answer,
    ).save(force_insert=True)
    state = _STATE_AFTER[result.outcome]
    tried = message.attempts - message.attempts_before
    if state == State.QUEUED and tried > len(WAITS):
        state = State.FAILED
    _move(message, state)
    if result.outcome == Outcome.INTERRUPTED:
        message.last_fault = FaultKind.UNEXPECTED
    else:
        message.last_fault = result.fault or ""
    message.sent_at = now if state in (State.SENT, State.DELIVERED) else None
    message.failed_at = now if state == State.FAILED else None
    message.next_attempt_at = now
    if result.outcome == Outcome.PUT_OFF and state == State.QUEUED:
        message.next_attempt_at = now + WAITS[tried - 1]
        enqueue(message, at=message.next_attempt_at)
    message.save(update_fields=["state", "last_fault", "sent_at", "failed_at", "next_attempt_at"])
    logger.info("message %s: attempt %d %s, now %s", message.id, message.attempts, result.outcome, state)
    return state


def _move(message: Message, to: State) -> None:
    check_transition(TRANSITIONS, now=State(message.state), to=to, what=_("The message"))
    message.state = to


def _tests_only(system_id: UUID) -> bool:
    return any(system.pk == system_id and system.email_domain_for_tests for system in systems())
