"""A crash at any statement of any action: all of it happened or none, and what tells of it agrees."""

from __future__ import annotations

import copy
import os
import random
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection
from tests.factories.action_rows import Row
from tests.factories.faults import Breaker, Fingerprint, changed, disagreements
from tests.factories.stage import Stage
from tests.factories.write_actions import ELSEWHERE, READ_ONLY, ROWS, write_actions

from fingerpost.kernel import clock
from fingerpost.web.foundation.scope import scope

EVERY = os.environ.get("FINGERPOST_EVERY_STATEMENT") == "1"
KILLED = (
    "referrals.refer",
    "casework.accept",
    "casework.log_contact",
    "connections.connect",
    "connections.provider_accepts",
    "feedback.close",
)
_WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE|SELECT (people|tenancy|directory|messaging)_\w+\()")
BY_NAME = {row.action: row for row in ROWS}


class Rehearsal(Exception):
    """Ends a run that was only to be counted."""


@pytest.fixture(scope="module")
def fingerprint(past_walls: psycopg.Connection[Any]) -> Fingerprint:
    return Fingerprint(past_walls)


@pytest.fixture(autouse=True)
def _mended(committed: None) -> Iterator[None]:
    yield
    connection.close()


def test_every_action_that_writes_has_a_row() -> None:
    rows = [row.action for row in ROWS]
    assert len(rows) == len(set(rows))
    assert set(rows) | set(ELSEWHERE) == write_actions(), (
        "write a row for it in tests/factories/write_actions.py"
    )
    assert not READ_ONLY & set(rows)


@contextmanager
def acting(row: Row, stage: Stage, planted: Any) -> Iterator[Callable[[], object]]:
    """Inside its actor's scope, on a copy of what was planted; committed at the end of the block."""
    by = row.actor(stage, planted)
    with clock.fixed(stage.at), scope(by):
        fresh = copy.deepcopy(planted)
        yield lambda: row.call(stage, fresh, by)


def statements_of(row: Row, stage: Stage, planted: Any) -> list[str]:
    """What it says to the database, undone again."""
    counter = Breaker()
    with suppress(Rehearsal), acting(row, stage, planted) as run:
        with connection.execute_wrapper(counter):
            run()
        raise Rehearsal
    assert counter.statements, "an action that says nothing to the database proves nothing"
    return counter.statements


def broken(row: Row, stage: Stage, planted: Any, breaker: Breaker, *, writes: int = 2) -> None:
    """Run and break it; whoever called it catches the error and commits what there is, as a page may.

    Django gives up the whole transaction when a write fails; that is taken back, so that an error between two
    writes shows as well. One write is whole by itself.
    """
    caught = () if row.is_round else (DatabaseError,)
    with suppress(DatabaseError), acting(row, stage, planted) as run:
        with suppress(*caught), connection.execute_wrapper(breaker):
            run()
        if writes > 1:
            connection.set_rollback(False)
    assert breaker.struck


def writes_in(statements: list[str]) -> list[int]:
    """The numbers of those that change something, or call a function of ours, which may."""
    return [at for at, sql in enumerate(statements, 1) if _WRITE.match(sql) or "defer_jobs" in sql]


def chosen(statements: list[str]) -> list[tuple[int, bool]]:
    """Where to break: everywhere, or where most is half done: after the first write, and before the last."""
    everywhere = [(at, after) for at in range(1, len(statements) + 1) for after in (False, True)]
    if EVERY:
        return everywhere
    writes = writes_in(statements)
    if not writes:
        return [random.Random(len(statements)).choice(everywhere)]
    return [(writes[0], True), (writes[-1], False)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.action)
def test_all_or_none_at_each_statement(row: Row, stage: Stage, fingerprint: Fingerprint) -> None:
    planted = row.plant(stage)
    statements = statements_of(row, stage, planted)
    before, struck = fingerprint.take(), []
    breaks = chosen(statements)
    for at, after in breaks:
        broken(row, stage, planted, Breaker(at=at, after=after), writes=len(writes_in(statements)))
        struck.append(f"{'after' if after else 'before'} statement {at}: {statements[at - 1][:80]}")
        if EVERY or len(struck) == len(
            breaks
        ):  # to look costs more than to break: the suite looks once, at the end
            left = changed(before, fingerprint.take())
            assert not left, f"{row.action} crashed {'; '.join(struck)} and left something in {left}"
    with acting(row, stage, planted) as run:
        run()
    assert changed(before, fingerprint.take()), "in the end it must be able to do what it does"


@pytest.mark.parametrize("action", KILLED if not EVERY else BY_NAME)
def test_all_or_none_when_the_connection_is_lost(
    action: str, stage: Stage, fingerprint: Fingerprint, as_cluster: psycopg.Connection[Any]
) -> None:
    row = BY_NAME[action]
    planted = row.plant(stage)
    count = len(statements_of(row, stage, planted))
    before = fingerprint.take()

    def cut() -> None:
        assert connection.connection is not None
        as_cluster.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])

    for at in {1, count} if not EVERY else {1, count, (count + 1) // 2}:
        broken(row, stage, planted, Breaker(at=at, strike=cut), writes=0)
        connection.close()
        assert changed(before, fingerprint.take()) == []


@pytest.mark.parametrize("action", KILLED)
def test_all_or_none_when_the_process_is_killed(action: str, stage: Stage, fingerprint: Fingerprint) -> None:
    row = BY_NAME[action]
    planted = row.plant(stage)
    statements = statements_of(row, stage, planted)
    before = fingerprint.take()
    for at in sorted({at for at, _ in chosen(statements)}):
        _in_a_process_that_dies(row, stage, planted, at=at)
        assert changed(before, fingerprint.take()) == []
    _in_a_process_that_dies(row, stage, planted, at=0)
    assert changed(before, fingerprint.take()), "it was committed before the process died"


def test_after_all_that_rows_history_events_and_jobs_agree(past_walls: psycopg.Connection[Any]) -> None:
    assert disagreements(past_walls) == []


def _in_a_process_that_dies(row: Row, stage: Stage, planted: Any, *, at: int) -> None:
    """Kill a process with no warning at a statement; 0: just after it has committed."""
    connection.close()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            breaker = Breaker(at=at, strike=lambda: os.kill(os.getpid(), signal.SIGKILL))
            with acting(row, stage, planted) as run, connection.execute_wrapper(breaker):
                run()
            os.kill(os.getpid(), signal.SIGKILL)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"{row.action} failed before it was killed"
    assert os.WTERMSIG(status) == signal.SIGKILL
