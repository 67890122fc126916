"""No tracked table takes a row, a change or a removal from nobody, whatever role writes."""

from __future__ import annotations

import psycopg
from django.apps import apps
from django.db import transaction
from tests.integration.routes.planted import plant
from tests.plugins.database import FreshDatabase

from fingerpost.localstack.postgres import OWNER

TRACKED = [
    m._meta.db_table
    for m in apps.get_models()
    if any(hasattr(r.related_model, "pgh_tracked_model") for r in m._meta.related_objects)
]
BY_NOBODY = ("history_names_an_actor", "fingerpost.actor_id", "fingerpost.actor_label")


def test_no_tracked_table_is_written_by_nobody(own_database: FreshDatabase) -> None:
    with transaction.atomic():
        plant()
    faults, tried = [], 0
    with psycopg.connect(own_database.url(OWNER)) as owner:
        for table in TRACKED:
            found = owner.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t LIMIT 1').fetchone()
            owner.rollback()
            if found is None:
                faults += _unwatched(owner, table)
                continue
            tried += 1
            for actor in ("", None):
                faults += _accepted(owner, table, found[0], actor)
    assert faults == []
    assert tried > 15


def _accepted(owner: psycopg.Connection, table: str, row: str, actor: str | None) -> list[str]:
    """Which of the three writes went through without an actor."""
    where = "WHERE id = ('{}'::jsonb || %s::jsonb ->> 'id')::uuid"
    names = ", ".join(_columns(owner, table))
    copy = f'INSERT INTO "{table}" ({names}) SELECT {names} FROM jsonb_populate_record(NULL::"{table}", %s::jsonb)'
    writes = {
        "change": f'UPDATE "{table}" SET id = gen_random_uuid() {where}',
        "removal": f'DELETE FROM "{table}" {where}',
        "row": copy,
    }
    faults = []
    for what, statement in writes.items():
        if what == "row":  # the same row again, so that nothing but its author can be wrong with it
            owner.execute(
                "SELECT set_config('fingerpost.actor_id', 'x', true), set_config('fingerpost.actor_label', 'x', true)"
            )
            owner.execute(writes["removal"], [row])
        if actor is not None or what == "row":
            owner.execute("SELECT set_config('fingerpost.actor_id', %s, true)", [actor or ""])
        try:
            owner.execute(statement, [row])
            faults.append(f"{table} takes a {what} from nobody ({actor!r})")
        except psycopg.Error as refused:
            if not any(name in str(refused) for name in BY_NOBODY):
                faults.append(f"{table}: {what}: {refused}")
        owner.rollback()
    return faults


def _columns(owner: psycopg.Connection, table: str) -> list[str]:
    found = owner.execute(
        "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = ''",
        [f'"{table}"'],
    ).fetchall()
    return [name for (name,) in found]


def _unwatched(owner: psycopg.Connection, table: str) -> list[str]:
    """A table without a planted row is looked at: three triggers that cannot be switched off by who writes."""
    count = owner.execute(
        "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'"
        " AND tgname ~ '^pgtrigger_(insert|update|delete)_'",
        [f'"{table}"'],
    ).fetchone()
    owner.rollback()
    return [] if count == (3,) else [f"{table} has {count} history triggers"]
