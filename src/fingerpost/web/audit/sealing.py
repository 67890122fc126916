"""Seals over the traces: made each minute by a job, checked by `fingerpost audit verify`.

The key stays outside the database, and so does the newest seal (a file beside the worker): whoever can do anything in
the database can still neither make a seal nor cut off the end of the chain without it showing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.backends.utils import CursorWrapper

from fingerpost.kernel.ids import new_id

ROWS_IN_A_SEAL = 10_000
SEALS_AT_ONCE = 20
GONE = bytes(32)  # in place of a digest: the row was noted and had vanished before it could be sealed
# A seal over nothing after so much silence: then a job that was stopped shows. Each minute would be 500,000 a year.
HEARTBEAT = timedelta(minutes=10)
_NO_TABLE = ""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class SealedRows:
    """What one seal says."""

    number: int
    sealed_at: datetime
    table: str
    columns: Sequence[str]
    row_ids: Sequence[str]
    digests: bytes
    previous: str

    def mark(self, key: str) -> str:
        """The keyed digest of all of it."""
        said = [
            self.number,
            self.sealed_at.astimezone(UTC).isoformat(),
            self.table,
            list(self.columns),
            list(self.row_ids),
            self.digests.hex(),
            self.previous,
        ]
        return hmac.new(key.encode(), json.dumps(said).encode(), hashlib.sha256).hexdigest()


def seal_waiting(*, at: datetime) -> int:
    """Seal rows that wait, up to `SEALS_AT_ONCE` seals; the rest is for the next run. Returns how many rows.

    When nothing waits and nothing was sealed for `HEARTBEAT`, a seal over nothing says that the job was running.
    """
    rows = 0
    for _ in range(SEALS_AT_ONCE):
        with transaction.atomic():
            made = _seal_one(at)
        if made is None:
            break
        rows += len(made[0].row_ids)
        _remember(made[0].number, made[1])
    return rows


def _seal_one(at: datetime) -> tuple[SealedRows, str] | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_may_seal()")
        if not cursor.fetchone()[0]:
            return None
        cursor.execute("SELECT number, mark FROM audit_newest_seal()")
        number, previous = cursor.fetchone() or (0, "")
        table, found = _waiting(cursor)
        if not found and not _is_silent(cursor, at):
            return None
        seal = SealedRows(
            number=number + 1,
            sealed_at=at,
            table=table,
            columns=found[0][2] if found else [],
            row_ids=[row[0] for row in found],
            digests=b"".join(GONE if row[1] is None else bytes(row[1]) for row in found),
            previous=previous,
        )
        return seal, _add(cursor, seal)


def _waiting(cursor: CursorWrapper) -> tuple[str, list[Any]]:
    """Some rows of one table that wait for their seal."""
    cursor.execute("SELECT audit_waiting_tables() LIMIT 1")
    waiting = cursor.fetchone()
    if waiting is None:
        return _NO_TABLE, []
    cursor.execute(
        "SELECT row_id, digest, columns FROM audit_unsealed_digests(%s, %s)", [waiting[0], ROWS_IN_A_SEAL]
    )
    return waiting[0], cursor.fetchall()


def _is_silent(cursor: CursorWrapper, at: datetime) -> bool:
    cursor.execute("SELECT audit_newest_sealed_at()")
    [newest] = cursor.fetchone()
    return newest is None or at - newest >= HEARTBEAT


def _add(cursor: CursorWrapper, seal: SealedRows) -> str:
    mark = seal.mark(settings.FINGERPOST_SEAL_KEY)
    cursor.execute(
        "SELECT audit_add_seal(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            new_id(),
            seal.number,
            seal.sealed_at,
            seal.table,
            list(seal.columns),
            list(seal.row_ids),
            seal.digests,
            seal.previous,
            mark,
        ],
    )
    return mark


def kept_outside(using: str = "default") -> tuple[int, str] | None:
    """Number and mark of this database's newest seal as this machine remembers it, or nothing."""
    file = _file(using)
    if not file.is_file():
        return None
    number, mark = file.read_text().split()
    return int(number), mark


def _remember(number: int, mark: str) -> None:
    """Not when what was remembered is gone: then the file is the only witness, and it stays as it is."""
    file, kept = _file(), kept_outside()
    if kept is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT audit_has_seal(%s, %s)", kept)
            if not cursor.fetchone()[0]:
                _log.error("Seal %s is missing from the database; run: fingerpost audit verify", kept[0])
                return
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial")
    partial.write_text(f"{number} {mark}\n")
    partial.replace(file)


def _file(using: str = "default") -> Path:
    """One file for each database: a fresh one, or a copy, begins anew."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier, (SELECT oid FROM pg_database WHERE datname = current_database())"
            " FROM pg_control_system()"
        )
        cluster, database = cursor.fetchone()
    return Path(settings.STATE) / "seals" / f"{cluster}-{database}"
