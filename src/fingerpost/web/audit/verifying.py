"""Walk every seal and every trace, as the owner or the maintenance role, and say what no longer fits.

Nothing here calls a function that the database's owner could have put in place of ours.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from fingerpost.web.audit.sealing import GONE, HEARTBEAT, SealedRows

_SEALS_AT_ONCE = 20
_GAP = 2 * HEARTBEAT  # a busy queue may be late; a stopped one is later
_KEY = {"audit_access": "id"}


@dataclass
class Verification:
    """What was walked, and every fault in words. A gap is a fault of its own kind: see `verify`."""

    seals: int = 0
    rows: int = 0
    waiting: int = 0
    faults: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)


def verify(
    *,
    using: str,
    key: str,
    kept: tuple[int, str] | None,
    at: datetime,
    gaps_since: datetime | None = None,
) -> Verification:
    """Check the chain, each sealed row, and that no row stands outside it, all as of one moment.

    While nothing is sealed, a row can be removed together with its note and nothing shows. So every such time is told,
    but for those that were over before `gaps_since`: somebody has looked into them.
    """
    found = Verification()
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL search_path = pg_catalog, public; SET LOCAL timezone = 'UTC'")
        sealed_at = _walk_chain(cursor, found, key, kept)
        _find_unsealed(cursor, found)
    found.gaps = _gaps(sealed_at, at, gaps_since)
    return found


def _gaps(sealed_at: list[tuple[datetime, bool]], at: datetime, since: datetime | None) -> list[str]:
    """Times without a seal. Those before the first seal over nothing say nothing: they were not made then."""
    if not sealed_at:
        return ["Nothing has ever been sealed: no worker has run with this database."]
    first = next((n for n, (_, is_empty) in enumerate(sealed_at) if is_empty), len(sealed_at))
    moments = [moment for moment, _ in sealed_at[first:]]
    told = [
        f"Nothing was sealed between {_moment(before)} and {_moment(after)}: what was removed then would not show."
        for before, after in pairwise(moments)
        if after - before > _GAP and (since is None or after > since)
    ]
    newest = sealed_at[-1][0]
    if at - newest > _GAP:
        told.append(f"Nothing has been sealed since {_moment(newest)}: is the worker running?")
    return told


def _walk_chain(
    cursor: CursorWrapper, found: Verification, key: str, kept: tuple[int, str] | None
) -> list[tuple[datetime, bool]]:
    """Returns when each seal was made, and whether it is one over nothing."""
    expected, previous, marks, false_marks = 1, "", {}, []
    sealed_at = []
    for seal, mark in _seals(cursor):
        if seal.number != expected:
            found.faults.append(_missing_seals(expected, seal.number - 1))
        elif seal.previous != previous:
            found.faults.append(f"Seal {seal.number} does not follow the seal before it.")
        if not hmac.compare_digest(mark, seal.mark(key)):
            false_marks.append(seal.number)
        if seal.row_ids:
            _check_rows(cursor, found, seal)
        sealed_at.append((seal.sealed_at, not seal.row_ids))
        found.seals, found.rows = found.seals + 1, found.rows + len(seal.row_ids)
        marks[seal.number] = mark
        expected, previous = seal.number + 1, mark
    if false_marks and len(false_marks) == found.seals:
        found.faults.append(
            f"None of the {found.seals} seals was made with this key: FINGERPOST_SEAL_KEY is not the one that"
            " the worker seals with, or somebody has made every seal again."
        )
    else:
        found.faults += [f"Seal {number} was edited, or made without the key." for number in false_marks]
    if kept is not None and marks.get(kept[0]) != kept[1]:
        found.faults.append(
            f"Seal {kept[0]}, which this machine remembers as made, is not in the database as it was:"
            " the end of the chain was removed or made again."
        )
    return sealed_at


def _missing_seals(first: int, last: int) -> str:
    which = f"Seal {first} is" if first == last else f"Seals {first} to {last} are"
    return f"{which} missing: removed after they were made."


def _seals(cursor: CursorWrapper) -> Iterator[tuple[SealedRows, str]]:
    after = 0
    while True:
        cursor.execute(
            'SELECT number, sealed_at, "table", columns, row_ids, digests, previous, mark FROM public.audit_seal'
            " WHERE number > %s ORDER BY number LIMIT %s",
            [after, _SEALS_AT_ONCE],
        )
        rows = cursor.fetchall()
        for number, at, table, columns, ids, digests, previous, mark in rows:
            yield (
                SealedRows(
                    number=number,
                    sealed_at=at,
                    table=table,
                    columns=columns,
                    row_ids=ids,
                    digests=bytes(digests),
                    previous=previous,
                ),
                mark,
            )
        if len(rows) < _SEALS_AT_ONCE:
            return
        after = rows[-1][0]


def _check_rows(cursor: CursorWrapper, found: Verification, seal: SealedRows) -> None:
    now = _digests(cursor, seal)
    if now is None:
        found.faults.append(f"{_place(seal)}: the table is gone, with {len(seal.row_ids)} sealed rows.")
        return
    tally: Counter[str] = Counter()
    for place, row_id in enumerate(seal.row_ids):
        sealed = seal.digests[32 * place : 32 * place + 32]
        present = now.get(row_id)
        if sealed == GONE:
            tally["removed before they could be sealed"] += 1
        elif present is None:
            tally["missing: removed after sealing"] += 1
        elif present != sealed:
            tally["changed after sealing"] += 1
    found.faults += [f"{_place(seal)}: {_rows(count)} {what}." for what, count in tally.items()]


def _digests(cursor: CursorWrapper, seal: SealedRows) -> dict[str, bytes] | None:
    """Digests of the rows as they are, over the columns that the seal covers."""
    present = _columns(cursor, seal.table)
    if not present:
        return None
    key = _KEY.get(seal.table, "pgh_id")
    cursor.execute(
        f"SELECT {key}::text, sha256(convert_to((to_jsonb(t) - %s::text[])::text, 'UTF8'))"  # noqa: S608 - names from the catalogue, quoted
        f" FROM public.{_quoted(seal.table)} t WHERE {key} = ANY (%s::{present[key]}[])",
        [sorted(set(present) - set(seal.columns)), list(seal.row_ids)],
    )
    return {row_id: bytes(digest) for row_id, digest in cursor.fetchall()}


def _columns(cursor: CursorWrapper, table: str) -> dict[str, str]:
    cursor.execute(
        "SELECT a.attname, format_type(a.atttypid, NULL) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relname = %s AND a.attnum > 0 AND NOT a.attisdropped",
        [table],
    )
    return dict(cursor.fetchall())


def _find_unsealed(cursor: CursorWrapper, found: Verification) -> None:
    """Rows that are neither sealed nor waiting: put there past the trigger, or taken off the list."""
    cursor.execute("SELECT count(*) FROM public.audit_unsealed")
    found.waiting = cursor.fetchone()[0]
    cursor.execute(
        "SELECT c.relname, coalesce(t.tgenabled IN ('O', 'A'), false) FROM pg_class c"
        " LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgname = 'audit_watched'"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND (c.relname = 'audit_access' OR EXISTS"
        " (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'pgh_id' AND NOT a.attisdropped))"
        " ORDER BY 1"
    )
    for table, watched in cursor.fetchall():
        if not watched:
            found.faults.append(f"{table} is not watched: its trigger audit_watched is gone or switched off.")
        key, at = (_KEY[table], "at") if table in _KEY else ("pgh_id", "pgh_created_at")
        cursor.execute(
            f"SELECT count(*), min({at}), max({at}) FROM public.{_quoted(table)} t WHERE NOT EXISTS"  # noqa: S608 - as above
            ' (SELECT 1 FROM (SELECT unnest(row_ids) AS row_id FROM public.audit_seal WHERE "table" = %s) s'
            f" WHERE s.row_id = t.{key}::text) AND NOT EXISTS (SELECT 1 FROM public.audit_unsealed u"
            f' WHERE u."table" = %s AND u.row_id = t.{key}::text)',
            [table, table],
        )
        count, first, last = cursor.fetchone()
        if count:
            found.faults.append(
                f"{table}: {_rows(count)} added outside the seals, dated {_moment(first)} to {_moment(last)}."
            )


def _place(seal: SealedRows) -> str:
    return f"{seal.table}, seal {seal.number} of {_moment(seal.sealed_at)}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
