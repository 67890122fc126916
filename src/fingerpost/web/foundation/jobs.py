"""Jobs: put off work within the transaction that needs it, and take up a scope when it runs.

A job's arguments are ids and nothing else: the queue's tables are not behind a wall.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope


@contextmanager
def in_scope(
    *,
    system_id: UUID | str,
    organisation_ids: Iterable[UUID | str],
    reason: str,
    permissions: Iterable[str] = (),
    sees_people: bool = True,
) -> Iterator[Actor]:
    """Open a transaction in which the job itself acts, within one system and these organisations."""
    actor = Actor.system(
        reason=reason,
        system_id=_as_uuid(system_id),
        organisation_ids=[_as_uuid(each) for each in organisation_ids],
        permissions=permissions,
        sees_people=sees_people,
    )
    with scope(actor):
        yield actor


def defer(task: str, *, key: str, at: datetime | None = None, **ids: UUID) -> bool:
    """Queue a job in the current transaction: it exists if and only if the transaction commits.

    At most one job with the same `key` waits at a time; false when there was one already. `at` puts it off.
    """
    for name, value in ids.items():
        if not isinstance(value, UUID):
            raise TypeError(f"a job is given ids only, and {name} is a {type(value).__name__}")
    arguments = {name: str(value) for name, value in ids.items()}
    try:
        # A savepoint: a refused insert must not take the caller's transaction with it.
        with transaction.atomic():
            app.configure_task(task, queueing_lock=f"{task}:{key}", schedule_at=at).defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


def _as_uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
