"""Raise the walls: turn every model's declaration into policies, grants and functions, after each migration.

Runs as the owning role. Idempotent; a table whose wall has not changed is left untouched (its comment carries a
hash). Tables of other packages are listed in `settings.FINGERPOST_FOREIGN_TABLES`, each with its own wall.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connections, models, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor

from fingerpost.kernel.errors import ConfigurationError
from fingerpost.web.foundation.personal_data import PersonalData
from fingerpost.web.foundation.walls import READ_ONLY, Wall

VERSION = "1"


def after_migrate(sender: AppConfig, using: str, **_: Any) -> None:
    """Signal receiver, sent once all migrations have run: raise all walls unless the migration stopped half-way."""
    if _is_migrated(using):
        raise_walls(using)


def raise_walls(using: str) -> None:
    """Define functions, policies and grants for every table, in one transaction. Raises `ConfigurationError`."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        present = set(connections[using].introspection.table_names(cursor))
        # A model whose migration is not written yet has no table, and so nothing to guard.
        declared = {table: wall for table, wall in declared_walls() if table in present}
        _check_roles(cursor)
        clock = ["clock_of_tests.sql"] if settings.FINGERPOST_CLOCK_MAY_BE_SET else []
        for name in ("functions.sql", *clock, *_sql_of_apps()):
            cursor.execute(_sql(name))
        for table, wall in declared.items():
            _raise_wall(cursor, table, wall)
        _grant_the_rest(cursor, set(declared))
        _harden_trigger_functions(cursor)


def declared_walls() -> Iterator[tuple[str, Wall]]:
    """Every table of every installed app with its wall. A model without one is an error that names it."""
    faults = []
    for model in tables_of_models():
        wall = wall_of(model)
        if wall is None:
            faults.append(f"{model._meta.label} (table {model._meta.db_table})")
        else:
            yield model._meta.db_table, wall
    if faults:
        raise ConfigurationError(
            "Some tables declare no wall: " + ", ".join(faults),
            expected="`wall = walls.…` on the model, or an entry in FINGERPOST_FOREIGN_TABLES",
            remedy="decide which rows the web process may reach, and write it on the model",
        )


def tables_of_models() -> list[type[models.Model]]:
    """The models that stand for a table each: no proxies, and unmanaged ones only if their package makes a table."""
    foreign = foreign_walls()
    found = apps.get_models(include_auto_created=True)
    return [m for m in found if not m._meta.proxy and (m._meta.managed or m._meta.db_table in foreign)]


def foreign_walls() -> dict[str, Wall]:
    """Walls of the tables that installed packages bring, by table."""
    walls: dict[str, Wall] = import_module(settings.FINGERPOST_FOREIGN_TABLES).WALLS
    return walls


def wall_of(model: type[models.Model]) -> Wall | None:
    """The wall of a model; a history table stands behind the same condition as what it records, read-only."""
    tracked_model = getattr(model, "pgh_tracked_model", None)
    if tracked_model is not None:
        wall = wall_of(tracked_model)
        return wall.granting(READ_ONLY) if wall else None
    return getattr(model, "wall", None) or foreign_walls().get(model._meta.db_table)


def data_of_table(table: str) -> PersonalData | None:
    """What a table holds about people; a history table and a table between two models hold what their model does."""
    foreign: dict[str, PersonalData] = import_module(settings.FINGERPOST_FOREIGN_TABLES).DATA
    if table in foreign:
        return foreign[table]
    model: Any = next((m for m in tables_of_models() if m._meta.db_table == table), None)
    model = getattr(model, "pgh_tracked_model", None) or model
    data: PersonalData | None = getattr(model, "data", None)
    return data


def _is_migrated(using: str) -> bool:
    executor = MigrationExecutor(connections[using])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _sql(name: str) -> str:
    package, _, path = name.rpartition(":")
    return files(package or "fingerpost.web.foundation").joinpath("sql", path).read_text()


def _sql_of_apps() -> list[str]:
    """`sql/functions.sql` of the apps above: functions that cross a wall on purpose, each with its reason."""
    found = []
    for config in apps.get_app_configs():
        if config.name.startswith("fingerpost.web.") and config.label != "foundation":
            path = files(config.name).joinpath("sql", "functions.sql")
            if path.is_file():
                found.append(f"{config.name}:functions.sql")
    return found


def _check_roles(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.FINGERPOST_APP_ROLE])
    if cursor.fetchone() is None:
        raise ConfigurationError(
            f"The database has no role {settings.FINGERPOST_APP_ROLE!r}.",
            expected="the role that the web process connects as, without superuser or bypass rights",
            remedy=f"CREATE ROLE {settings.FINGERPOST_APP_ROLE} LOGIN PASSWORD '…'",
        )


def _raise_wall(cursor: CursorWrapper, table: str, wall: Wall) -> None:
    statements = wall_sql(table, wall)
    mark = _mark(statements)
    cursor.execute("SELECT obj_description(%s::regclass)", [f'"{table}"'])
    if cursor.fetchone()[0] == mark:
        return
    cursor.execute(
        "SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = %s", [table]
    )
    for (policy,) in cursor.fetchall():
        cursor.execute(f'DROP POLICY "{policy}" ON "{table}"')
    cursor.execute(statements)
    cursor.execute(f"COMMENT ON TABLE \"{table}\" IS '{mark}'")


def _mark(statements: str) -> str:
    return f"wall {VERSION} {hashlib.sha256(statements.encode()).hexdigest()[:16]}"


def tables_out_of_step(using: str) -> list[str]:
    """Tables that are missing, or whose wall is not the declared one, or has been broken by hand."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, obj_description(c.oid, 'pg_class'), c.relrowsecurity AND c.relforcerowsecurity,"
            " coalesce(array_agg(p.polname::text) FILTER (WHERE p.polname IS NOT NULL), '{}')"
            " FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace GROUP BY c.oid"
        )
        found = {name: (mark, forced, set(policies)) for name, mark, forced, policies in cursor.fetchall()}
    return [table for table, wall in declared_walls() if found.get(table) != _as_declared(table, wall)]


_POLICIES = {"SELECT": "fp_read", "INSERT": "fp_add", "UPDATE": "fp_change", "DELETE": "fp_remove"}


def _as_declared(table: str, wall: Wall) -> tuple[str, bool, set[str]]:
    """The mark, whether row security is forced, and the names of the policies that a table should have."""
    mark = _mark(wall_sql(table, wall))
    if wall.rows is None:
        return mark, False, set()
    return mark, True, {"fp_owner", *(_POLICIES[grant] for grant in wall.grants)}


def wall_sql(table: str, wall: Wall) -> str:
    """The statements that raise one wall."""
    role = f'"{settings.FINGERPOST_APP_ROLE}"'
    lines = [
        f'REVOKE ALL ON "{table}" FROM PUBLIC, {role};',
        f'GRANT {_granted(wall)} ON "{table}" TO {role};' if wall.grants else "",
    ]
    if wall.rows is None:
        lines.append(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;')
        return "\n".join(lines)
    lines += [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;',
        # The owner is bound by FORCE as well; migrations and definer functions work through this policy.
        f'CREATE POLICY fp_owner ON "{table}" TO CURRENT_USER USING (true) WITH CHECK (true);',
    ]
    rows, new, changed = (
        condition.replace("{t}", f'"{table}"')
        for condition in (wall.rows, wall.new_rows or wall.rows, wall.changed_rows or wall.rows)
    )
    if "SELECT" in wall.grants:
        lines.append(f'CREATE POLICY fp_read ON "{table}" FOR SELECT TO {role} USING ({rows});')
    if "INSERT" in wall.grants:
        lines.append(f'CREATE POLICY fp_add ON "{table}" FOR INSERT TO {role} WITH CHECK ({new});')
    if "UPDATE" in wall.grants:
        lines.append(
            f'CREATE POLICY fp_change ON "{table}" FOR UPDATE TO {role} USING ({rows}) WITH CHECK ({changed});'
        )
    if "DELETE" in wall.grants:
        lines.append(f'CREATE POLICY fp_remove ON "{table}" FOR DELETE TO {role} USING ({rows});')
    return "\n".join(lines)


def _granted(wall: Wall) -> str:
    columns = ", ".join(f'"{name}"' for name in wall.changes)
    return ", ".join(f"UPDATE ({columns})" if each == "UPDATE" and columns else each for each in wall.grants)


def _grant_the_rest(cursor: CursorWrapper, declared: set[str]) -> None:
    """Sequences and functions; tables that no model declares stay out of reach."""
    role = f'"{settings.FINGERPOST_APP_ROLE}"'
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}; REVOKE CREATE ON SCHEMA public FROM PUBLIC;")
    # A temporary table or type would stand before ours in every name that is looked up.
    cursor.execute("SELECT quote_ident(current_database())")
    cursor.execute(f"REVOKE TEMPORARY ON DATABASE {cursor.fetchone()[0]} FROM PUBLIC, {role}")
    cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};")
    cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role};")
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in cursor.fetchall():
        if table not in declared:
            cursor.execute(f'REVOKE ALL ON "{table}" FROM PUBLIC, {role}')
    # The names of migrations that have run: lets the web process see that it and its database are in step.
    cursor.execute(f"GRANT SELECT ON django_migrations TO {role}")


def _harden_trigger_functions(cursor: CursorWrapper) -> None:
    """History triggers write tables that the application role cannot: they run as the owner, fixed search path."""
    cursor.execute(
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = 'public' AND p.prorettype = 'trigger'::regtype AND p.proname LIKE 'pgtrigger_%%'"
        " AND NOT p.prosecdef"
    )
    for (signature,) in cursor.fetchall():
        cursor.execute(f"ALTER FUNCTION {signature} SECURITY DEFINER SET search_path = public, pg_temp")
