"""Every table that is in the database, not only those that models stand for; and the role that reaches them.

The models say what they hold (`data`); tables of other packages say it in `config.foreign_tables.DATA`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from tests.plugins.database import FreshDatabase

from fingerpost.localstack.postgres import APP, MAINTENANCE, OWNER, SUPERUSER
from fingerpost.web.foundation.personal_data import PersonalData
from fingerpost.web.foundation.walls_sync import data_of_table, declared_walls

# Only names of migrations: read, so that a process sees whether it and its database are in step.
UNDECLARED = {"django_migrations"}

_TABLES = """
    SELECT c.relname, n.nspname, c.relkind::text, c.relrowsecurity AND c.relforcerowsecurity,
           ARRAY(SELECT p.polname::text FROM pg_policy p WHERE p.polrelid = c.oid
                 AND NOT p.polroles = ARRAY[c.relowner]
                 AND (0 = ANY(p.polroles) OR pg_get_expr(p.polqual, p.polrelid) = 'true'
                      OR pg_get_expr(p.polwithcheck, p.polrelid) = 'true')),
           ARRAY(SELECT p.polname::text FROM pg_policy p WHERE p.polrelid = c.oid
                 AND NOT p.polroles = ARRAY[c.relowner])
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND n.nspname NOT LIKE 'pg\\_toast%%' AND n.nspname NOT LIKE 'pg\\_temp%%'
    ORDER BY 1"""


def faults_of_tables(cursor: Any) -> list[str]:
    """What is wrong with any table, view or foreign table of the database."""
    walls, faults = dict(declared_walls()), []
    cursor.execute(_TABLES.replace("%%", "%") if isinstance(cursor, psycopg.Cursor) else _TABLES)
    for table, schema, kind, forced, open_policies, policies in cursor.fetchall():
        if schema != "public" or kind != "r":
            faults.append(f"{schema}.{table} (kind {kind}) is not a plain table of the schema public")
        elif table not in walls and table not in UNDECLARED:
            faults.append(f"{table} is in the database, but no model or list declares it")
        elif table in walls and _is_about_somebody(table):
            if not forced:
                faults.append(f"{table} is about people or memberships, but its policies are not forced")
            if walls[table].grants and not policies:
                faults.append(f"{table} is about people or memberships, but has no policy")
            faults += [
                f"{table}: policy {name} lets everybody or everything through" for name in open_policies
            ]
    return faults


def _is_about_somebody(table: str) -> bool:
    data = data_of_table(table)
    assert isinstance(data, PersonalData), f"{table} does not say what it holds"
    # Names in the published directory are no accounts: providers print them themselves.
    return data.about_a_person or ("staff" in data.kinds and not table.startswith("directory_"))


def tables(cursor: Any) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [table for (table,) in cursor.fetchall()]


@pytest.mark.django_db
def test_every_table_in_the_database_is_declared_and_behind_a_forced_policy() -> None:
    with connection.cursor() as cursor:
        assert faults_of_tables(cursor) == []
        assert sum(_is_about_somebody(table) for table in set(tables(cursor)) - UNDECLARED) > 40


@pytest.fixture
def owner(fresh_database: FreshDatabase) -> Iterator[psycopg.Cursor]:
    with psycopg.connect(fresh_database.url(OWNER)) as held:
        yield held.cursor()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("ALTER TABLE people_person NO FORCE ROW LEVEL SECURITY", "people_person"),
        ("ALTER TABLE people_personhistoryevent DISABLE ROW LEVEL SECURITY", "people_personhistoryevent"),
        ("ALTER TABLE tenancy_membership DISABLE ROW LEVEL SECURITY", "tenancy_membership"),
        ("CREATE TABLE copied AS SELECT * FROM people_person", "copied"),
        ("CREATE VIEW everyone AS SELECT * FROM people_person", "everyone"),
        ("CREATE MATERIALIZED VIEW everyone AS SELECT * FROM people_person", "everyone"),
        ("CREATE SCHEMA aside CREATE TABLE aside.copied (a int)", "aside.copied"),
        ("CREATE POLICY wide ON audit_access USING (true)", "audit_access: policy wide"),
        (f"CREATE POLICY wide ON people_person TO {APP} USING (true)", "people_person: policy wide"),
        ("CREATE POLICY wide ON casework_case USING (status = 'open')", "casework_case: policy wide"),
    ],
)
def test_a_table_that_slips_through_is_named(owner: psycopg.Cursor, change: str, fault: str) -> None:
    owner.execute(change)
    found = faults_of_tables(owner)
    assert len(found) == 1
    assert fault in found[0]


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        assert getattr(error.__cause__, "sqlstate", "") == "42501", f"{statement}: {error}"
        return True
    return False


@pytest.mark.django_db
def test_no_wall_can_be_changed_or_walked_round_by_the_application_role() -> None:
    """For each table that there is: every statement that would take a wall, a trigger or all rows away."""
    with connection.cursor() as cursor:
        names = tables(cursor)
        cursor.execute("SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public'")
        policies = cursor.fetchall()
    statements = [f'DROP POLICY "{policy}" ON "{table}"' for policy, table in policies]
    statements += [f'ALTER POLICY "{policy}" ON "{table}" TO PUBLIC' for policy, table in policies]
    for table in names:
        statements += [
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" DISABLE TRIGGER USER',
            f'CREATE POLICY mine ON "{table}" USING (true)',
            f'ALTER TABLE "{table}" ADD COLUMN mine int',
            f'TRUNCATE "{table}" CASCADE',
            f'DROP TABLE "{table}" CASCADE',
        ]
    assert len(names) > 40
    assert len(policies) > 80
    assert [each for each in statements if not refused(each)] == []


@pytest.mark.django_db
def test_audit_and_history_take_no_row_and_lose_none() -> None:
    with connection.cursor() as cursor:
        kept = [t for t in tables(cursor) if t.startswith("audit_") or t.endswith("historyevent")]
    assert len(kept) > 15
    statements = []
    for table in kept:
        statements += [
            f'UPDATE "{table}" SET id = id'
            if table.startswith("audit_")
            else f'UPDATE "{table}" SET pgh_id = pgh_id',
            f'DELETE FROM "{table}"',
            f'INSERT INTO "{table}" DEFAULT VALUES',
        ]
    assert [each for each in statements if not refused(each)] == []


@pytest.mark.django_db
def test_application_role_owns_nothing_is_in_no_role_and_holds_no_right_beyond_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname <> current_user"
            " AND (pg_has_role(current_user, oid, 'MEMBER') OR pg_has_role(current_user, oid, 'USAGE'))"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
            " WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False,) * 5
        cursor.execute(
            "SELECT classid::regclass, objid FROM pg_shdepend WHERE deptype = 'o' AND refobjid ="
            " (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT c.relname, r.name FROM pg_class c, unnest(ARRAY['TRUNCATE', 'TRIGGER', 'REFERENCES']) r(name)"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')"
            " AND has_table_privilege(c.oid, r.name)"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT has_schema_privilege('public', 'CREATE'), has_database_privilege(current_database(), 'CREATE'),"
            " has_database_privilege(current_database(), 'TEMP')"
        )
        assert cursor.fetchone() == (False, False, False)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [OWNER, MAINTENANCE, SUPERUSER])
def test_no_stronger_role_is_within_reach(role: str) -> None:
    """Neither from within the session, nor by a new connection with what the web process knows."""
    for statement in (f"SET ROLE {role}", f"SET SESSION AUTHORIZATION {role}", f"GRANT {role} TO {APP}"):
        assert refused(statement)
    assert set(settings.DATABASES) == {"default"}
    known = settings.DATABASES["default"]
    for password in (known["PASSWORD"], "", role):
        with pytest.raises(psycopg.OperationalError, match=r"password|authentication"):
            psycopg.connect(
                host=known.get("HOST") or known["OPTIONS"].get("host"),
                port=known.get("PORT") or known["OPTIONS"].get("port"),
                dbname=connection.settings_dict["NAME"],
                user=role,
                password=password,
            )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO PROGRAM 'cat'",
        "COPY (SELECT 1) TO '/tmp/out'",
        "COPY foundation_submission FROM '/etc/passwd'",
        "COPY foundation_submission FROM PROGRAM 'true'",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE PROCEDURE public.mine() LANGUAGE sql AS 'SELECT 1'",
        "ALTER FUNCTION fp_system() OWNER TO CURRENT_USER",
        "DROP FUNCTION fp_system() CASCADE",
        "CREATE ROLE mine SUPERUSER",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "ALTER ROLE CURRENT_USER CREATEROLE",
        "CREATE EVENT TRIGGER t ON ddl_command_start EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw",
        "CREATE PUBLICATION p FOR ALL TABLES",
        "SELECT pg_create_logical_replication_slot('s', 'pgoutput')",
        "SET session_replication_role = replica",
    ],
)
def test_application_role_is_refused(statement: str) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        # 42704: the wrapper is not even installed; 55000: no replication here.
        assert getattr(error.__cause__, "sqlstate", "") in ("42501", "42704", "55000"), str(error)
    else:
        pytest.fail("the server did it")
