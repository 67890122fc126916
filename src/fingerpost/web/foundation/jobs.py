"""Jobs: put off work within the transaction that needs it, and take up a scope when it runs.

A job's arguments are ids and nothing else: the queue's tables are not behind a wall.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from fingerpost.kernel import clock
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
    held = _held.get()
    if held is not None:
        return held.add(task, key, at, arguments)
    try:
        # A savepoint: a refused insert must not take the caller's transaction with it.
        with transaction.atomic():
            app.configure_task(task, queueing_lock=f"{task}:{key}", schedule_at=at).defer(**arguments)
    except AlreadyEnqueued:
        return False
    except ConnectorException as error:
        # The queue lies in the same database: whoever deals with one that is lost hears of it by its own name.
        raise OperationalError(str(error.__cause__ or error)) from error
    return True


class HeldJobs:
    """Jobs kept in memory instead of in the queue: they are lost with the process, so never in live work."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], tuple[datetime | None, dict[str, str]]] = {}

    def add(self, task: str, key: str, at: datetime | None, arguments: dict[str, str]) -> bool:
        """As `defer`: false when a job with this key waits already."""
        if (task, key) in self._waiting:
            return False
        self._waiting[task, key] = (at, arguments)
        return True

    def run_due(self) -> None:
        """Run what is due by the clock, outside any scope, as the worker would."""
        while due := [key for key, (at, _) in self._waiting.items() if at is None or at <= clock.now()]:
            for key in due:
                _at, arguments = self._waiting.pop(key)
                app.tasks[key[0]](**arguments)


_held: ContextVar[HeldJobs | None] = ContextVar("fingerpost_held_jobs", default=None)


@contextmanager
def held() -> Iterator[HeldJobs]:
    """Keep jobs back, for whoever lives through past time on the injected clock and runs them at its moments."""
    jobs = HeldJobs()
    token = _held.set(jobs)
    try:
        yield jobs
    finally:
        _held.reset(token)


def _as_uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
