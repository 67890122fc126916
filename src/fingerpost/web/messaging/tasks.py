"""Jobs of the outbox. The row is the truth and these only wake it, so a job that vanishes loses nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from procrastinate.contrib.django import app

from fingerpost.kernel import clock
from fingerpost.web.foundation import jobs
from fingerpost.web.messaging import delivery, selectors
from fingerpost.web.messaging.actions import DELIVER

# A job is late when it is this much overdue. An attempt that still runs holds a lock: waking it does no harm.
LATE = timedelta(minutes=2)
BROKEN_OFF = timedelta(minutes=5)
AT_A_TIME = 500


@app.task(name=DELIVER)
def deliver(message_id: str, system_id: str, organisation_id: str) -> None:
    """One attempt. The queue does not retry: an attempt puts off the next, and `sweep` catches the rest."""
    delivery.deliver(
        message_id=UUID(message_id), system_id=UUID(system_id), organisation_id=UUID(organisation_id)
    )


@app.periodic(cron="* * * * *")
@app.task(name="messaging.sweep", queueing_lock="messaging.sweep")
def sweep(timestamp: int) -> None:
    """Wake messages whose job has vanished, or whose attempt was broken off."""
    now = clock.now()
    late = selectors.overdue(waiting_since=now - LATE, sending_since=now - BROKEN_OFF, how_many=AT_A_TIME)
    for message_id, system_id, organisation_id in late:
        jobs.defer(
            DELIVER,
            key=str(message_id),
            message_id=message_id,
            system_id=system_id,
            organisation_id=organisation_id,
        )
