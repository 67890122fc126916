"""Breaking an action at one of its statements, and comparing all that the database holds before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import OperationalError

from fingerpost.localstack.postgres import MAINTENANCE

Execute = Callable[[str, Any, bool, Any], Any]


class Crash(OperationalError):
    """What Django raises when the database goes away in the middle of a statement."""


def crash() -> None:
    raise Crash("the connection was lost")


@dataclass
class Breaker:
    """Counts the statements of a block; at number `at` it strikes, before the statement or after it (lost answer)."""

    at: int = 0
    after: bool = False
    strike: Callable[[], None] = crash
    count: int = 0
    struck: bool = False
    statements: list[str] = field(default_factory=list)

    def __call__(self, execute: Execute, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.struck:
            return execute(sql, params, many, context)
        self.count += 1
        self.statements.append(sql)
        if self.count != self.at:
            return execute(sql, params, many, context)
        self.struck = True
        if not self.after:
            self.strike()
        try:
            return execute(sql, params, many, context)
        finally:  # whatever the answer was, it never arrives
            if self.after:
                self.strike()


class Fingerprint:
    """Everything that is committed, table by table, read past the walls."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        names = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        )
        self.tables = [name for (name,) in names]
        self._query = " UNION ALL ".join(
            f"SELECT '{name}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {name} t"
            for name in self.tables
        )

    def take(self) -> Mapping[str, tuple[int, str]]:
        rows = self._connection.execute(self._query).fetchall()
        return {name: (count, digest) for name, count, digest in rows}


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """The tables that are not as they were."""
    return [name for name in before if before[name] != after.get(name)]


def disagreements(connection: psycopg.Connection[Any]) -> list[str]:
    """Rows whose history, job or event is missing: what a half-done action would leave behind."""
    found = _rows_without_their_history(connection)
    for what, query in _LEFT_ALONE.items():
        found += [f"{what}: {row[0]}" for row in connection.execute(query).fetchall()]
    return found


_JOB = (
    "NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE j.task_name = '{task}' AND j.status IN ('todo', 'doing')"
    " AND j.args->>'{key}' = t.id::text)"
)
_LEFT_ALONE = {
    "a message that waits without a job": "SELECT t.id FROM messaging_message t WHERE t.state = 'queued' AND "
    + _JOB.format(task="messaging.deliver", key="message_id"),
    "a letter without a PDF and without a job": "SELECT t.id FROM feedback_letter t WHERE t.pdf IS NULL AND "
    + _JOB.format(task="feedback.set_letter", key="letter_id"),
    "a referral without its events": "SELECT t.id FROM referrals_referral t WHERE NOT EXISTS"
    " (SELECT FROM pathway_pathwayevent e WHERE e.subject_id = t.id AND e.kind = 'received')",
    "an accepted referral without an event": "SELECT t.id FROM referrals_referral t WHERE t.status = 'accepted'"
    " AND NOT EXISTS (SELECT FROM pathway_pathwayevent e WHERE e.subject_id = t.id AND e.kind = 'accepted')",
    "a closed case without an event": "SELECT t.id FROM casework_case t WHERE t.status = 'closed' AND NOT EXISTS"
    " (SELECT FROM pathway_pathwayevent e WHERE e.subject_id = t.id AND e.kind = 'closed')",
    "a contact without an event": "SELECT t.id FROM casework_contact t WHERE NOT EXISTS"
    " (SELECT FROM pathway_pathwayevent e WHERE e.subject_id = t.id)",
    "a connection without an event": "SELECT t.id FROM connections_connection t WHERE NOT EXISTS"
    " (SELECT FROM pathway_pathwayevent e WHERE e.subject_id = t.id AND e.kind IN ('connected', 'signposted'))",
    "a connection with a shared person and no consent": "SELECT t.id FROM connections_connection t"
    " WHERE t.kind <> 'signpost' AND t.consent_id IS NULL",
}


def _rows_without_their_history(connection: psycopg.Connection[Any]) -> list[str]:
    """Tracked rows whose newest history is not what the row says."""
    from django.apps import apps

    found = []
    for model in apps.get_models():
        tracked = getattr(model, "pgh_tracked_model", None)
        if tracked is None:
            continue
        own = {f.column for f in tracked._meta.local_concrete_fields}
        kept = sorted({f.column for f in model._meta.local_concrete_fields} & own)
        columns = ", ".join(f'{{t}}."{name}"' for name in kept)
        query = (
            f"SELECT r.id FROM {tracked._meta.db_table} r LEFT JOIN LATERAL"
            f" (SELECT * FROM {model._meta.db_table} h WHERE h.pgh_obj_id = r.id ORDER BY h.pgh_id DESC LIMIT 1) h"
            f" ON true WHERE ROW({columns.format(t='r')}) IS DISTINCT FROM ROW({columns.format(t='h')})"
        )
        rows = connection.execute(query).fetchall()
        found += [f"{tracked._meta.db_table} {row[0]} is not what its history says" for row in rows]
    return found


def maintenance(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True)


__all__ = ["MAINTENANCE", "Breaker", "Crash", "Fingerprint", "changed", "disagreements", "maintenance"]
