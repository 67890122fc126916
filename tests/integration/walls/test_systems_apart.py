"""No row crosses from one system into another, for every table; and nobody without a scope sees anything."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ForeignKey, Model, UUIDField
from tests.integration.routes.planted import Planted

from fingerpost.kernel.ids import new_id
from fingerpost.web.foundation.personal_data import PersonalData
from fingerpost.web.foundation.scope import SETTINGS
from fingerpost.web.foundation.walls_sync import tables_of_models, wall_of

WALLED = [
    m for m in tables_of_models() if (wall := wall_of(m)) and not wall.is_open and "SELECT" in wall.grants
]
OF_A_SYSTEM = [m for m in WALLED if any(f.column == "system_id" for f in m._meta.concrete_fields)]
ADDED = [m for m in OF_A_SYSTEM if "INSERT" in wall_of(m).grants]  # type: ignore[union-attr]
CHANGED = [m for m in OF_A_SYSTEM if "UPDATE" in wall_of(m).grants]  # type: ignore[union-attr]
WHO = ("worker", "lead", "gp", "manager", "administrator", "receptionist", "job")


def state_of(statement: str, given: list[object]) -> str:
    """The SQLSTATE that a statement ends in, or nothing when it was carried out; undone either way."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, given)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(getattr(error.__cause__, "sqlstate", "unknown"))
    return ""


def one_row(table: str) -> dict[str, Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t LIMIT 1')
        found = cursor.fetchone()
    return json.loads(found[0]) if found else None


def keys_of(planted: Planted, model: type[Model]) -> dict[str, Any]:
    """A row of which only the keys are filled, all with what the story holds."""
    known = {name: str(value) for name, value in planted.ids.items()}
    own = {"system_id": str(planted.world.system_id), "id": str(new_id())}
    scheme = dict.fromkeys(
        ("organisation_id", "scheme_id", "parent_id", "predecessor_id", "successor_id"),
        str(planted.world.scheme.id),
    )
    own["user_id"] = str(planted.world.second_worker.user_id)
    columns = {f.column for f in model._meta.concrete_fields if isinstance(f, UUIDField | ForeignKey)}
    return {name: value for name, value in (known | scheme | own).items() if name in columns}


def test_row_of_another_system_is_refused_though_the_same_row_is_welcome_in_ones_own(
    planted: Planted,
) -> None:
    """Each table's own row, taken again: with a new id, then the same with the other system's id in it."""
    tried, wrong = set(), []
    for who in WHO:
        with planted.world.as_(planted.world.job() if who == "job" else who):
            for model in ADDED:
                table = model._meta.db_table
                if table in tried:
                    continue
                insert = f'INSERT INTO "{table}" SELECT (jsonb_populate_record(null::"{table}", %s::jsonb)).*'
                # A row of the story; else one of keys alone: the wall is asked before anything else.
                for row in filter(None, (one_row(table), keys_of(planted, model))):
                    if isinstance(model._meta.pk, UUIDField):
                        row[model._meta.pk.column] = str(new_id())
                    own = state_of(insert, [json.dumps(row)])
                    if own != "42501":
                        break
                else:
                    continue  # this role may not add such a row at all: another one shall try
                away = state_of(insert, [json.dumps(row | {"system_id": str(planted.elsewhere.system_id)})])
                tried.add(table)
                if away != "42501":
                    wrong.append((table, who, own, away))
    assert wrong == []
    assert {m._meta.db_table for m in ADDED} - tried == set()


def test_row_of_another_system_cannot_be_changed_or_removed(planted: Planted) -> None:
    away, wrong = planted.elsewhere.system_id, []
    for model in OF_A_SYSTEM:
        table, wall = model._meta.db_table, wall_of(model)
        assert wall is not None
        for who in ("worker", "administrator", "manager"):
            with transaction.atomic():
                with planted.world.as_(who), connection.cursor() as cursor:
                    cursor.execute(f'SELECT count(*) FROM "{table}" WHERE system_id = %s', [away])
                    touched = cursor.fetchone()[0]
                    if "UPDATE" in wall.grants:
                        column = wall.changes[0] if wall.changes else "system_id"
                        cursor.execute(
                            f'UPDATE "{table}" SET "{column}" = "{column}" WHERE system_id = %s', [away]
                        )
                        touched += cursor.rowcount
                    if "DELETE" in wall.grants:
                        cursor.execute(f'DELETE FROM "{table}" WHERE system_id = %s', [away])
                        touched += cursor.rowcount
                transaction.set_rollback(True)
            if touched:
                wrong.append((table, who, touched))
    assert wrong == []
    assert len(CHANGED) > 15


@pytest.mark.parametrize("left_out", ["system_id", "organisation_ids", "everything"])
def test_nobody_sees_a_row_when_part_of_the_scope_is_missing(planted: Planted, left_out: str) -> None:
    """As a pooled connection would be on which somebody forgot to say who acts."""
    seen = {}
    with transaction.atomic():
        with planted.world.as_("worker"), connection.cursor() as cursor:
            for name in SETTINGS if left_out == "everything" else (left_out,):
                cursor.execute("SELECT set_config(%s, '', true)", [f"fingerpost.{name}"])
            for model in WALLED:
                data = getattr(getattr(model, "pgh_tracked_model", model), "data", None)
                of_people = isinstance(data, PersonalData) and data.about_a_person
                if left_out == "organisation_ids" and not of_people:
                    continue  # the system's own rows, in which nobody is named
                cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
                if count := cursor.fetchone()[0]:
                    seen[model._meta.db_table] = count
        transaction.set_rollback(True)
    # With the account known and nothing else: itself, and where it works.
    own = {t for t in seen if t.startswith("tenancy_")} | {"account_emailaddress", "foundation_submission"}
    assert set(seen) <= (set() if left_out == "everything" else own)
    if left_out == "everything":
        with planted.world.as_("worker"):
            assert one_row("people_person")
