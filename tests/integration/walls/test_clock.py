"""No SQL of the application role tells the walls what time it is, but where the owner let tests do so."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import psycopg
import pytest
from tests.plugins.database import FreshDatabase

from fingerpost.localstack.postgres import APP, OWNER

SQL = files("fingerpost.web.foundation").joinpath("sql")
OWN_CLOCK, CLOCK_OF_TESTS = (
    SQL.joinpath(name).read_text() for name in ("functions.sql", "clock_of_tests.sql")
)
LONG_AGO = "2001-02-03T04:05:06Z"
WAYS = (
    f"SET fingerpost.now = '{LONG_AGO}'",
    f"SELECT set_config('fingerpost.now', '{LONG_AGO}', false)",
    f"SET fingerpost.fp_now = '{LONG_AGO}'",
    "SET fingerpost.clock_may_be_set = 'on'; SET fingerpost.test = 'on'",
    "CREATE SCHEMA mine; CREATE FUNCTION mine.now() RETURNS timestamptz LANGUAGE sql"
    f" RETURN '{LONG_AGO}'::timestamptz; SET search_path = mine, public",
    f"CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql RETURN '{LONG_AGO}'::timestamptz",
    f"CREATE OR REPLACE FUNCTION fp_now() RETURNS timestamptz LANGUAGE sql RETURN '{LONG_AGO}'::timestamptz",
    "ALTER FUNCTION fp_now() OWNER TO CURRENT_USER",
    "DROP FUNCTION fp_now() CASCADE",
)


@pytest.fixture
def installed(make_database: Callable[[], FreshDatabase]) -> FreshDatabase:
    """A database as production migrates it."""
    made = make_database()
    made.cluster.ask(OWN_CLOCK, database=made.name, role=OWNER)
    return made


def test_no_setting_and_no_statement_moves_the_moment(installed: FreshDatabase) -> None:
    for way in WAYS:
        with psycopg.connect(installed.url(APP), autocommit=True) as held:
            for statement in way.split("; "):
                try:
                    held.execute(statement)
                except psycopg.Error:
                    continue  # refused: what counts is what the walls go by afterwards
            told = held.execute("SELECT public.fp_now() = pg_catalog.now(), public.fp_now()::text").fetchone()
            assert told is not None and told[0] is True, (way, told)


def test_role_leaves_no_setting_for_its_next_connection(installed: FreshDatabase) -> None:
    mine = f"ALTER ROLE CURRENT_USER IN DATABASE {installed.name} SET fingerpost.now = '{LONG_AGO}'"
    with (
        psycopg.connect(installed.url(APP), autocommit=True) as held,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        held.execute(mine)


def test_where_the_owner_let_it_tests_may_set_it(installed: FreshDatabase) -> None:
    """The other half, so that the tests above are known to see a clock that can be moved."""
    installed.cluster.ask(CLOCK_OF_TESTS, database=installed.name, role=OWNER)
    with psycopg.connect(installed.url(APP)) as held:
        held.execute(f"SELECT set_config('fingerpost.now', '{LONG_AGO}', true)")
        assert held.execute("SELECT fp_now() = %s", [LONG_AGO]).fetchone() == (True,)


def test_an_ended_involvement_lets_nobody_in_who_says_that_it_is_yesterday(installed: FreshDatabase) -> None:
    """The thing itself: a membership that ended, and whoever was its holder as SQL of the application role."""
    owner = psycopg.connect(installed.url(OWNER), autocommit=True)
    with owner:
        before = "now() - interval '10 days'"
        owner.execute(
            "SELECT set_config('fingerpost.actor_id', 'system:test', false),"
            " set_config('fingerpost.actor_label', 'a test', false)"
        )
        _add(owner, "tenancy_system", id=_id(1), name="'One'", slug="'one'")
        _add(owner, "tenancy_organisation", id=_id(2), system_id=_id(1), name="'Elm Surgery'")
        _add(owner, "tenancy_user", id=_id(3), email="'ann@staff.example'", name="'Ann'")
        _add(
            owner,
            "tenancy_membership",
            id=_id(4),
            system_id=_id(1),
            organisation_id=_id(2),
            user_id=_id(3),
            role="'administrator'",
            starts_at=before,
            ends_at="now() - interval '1 day'",
        )
    asks = f"SELECT tenancy_administers({_id(2)})"
    sets = (
        f"SELECT set_config('fingerpost.user_id', {_id(3)}, false),"
        f" set_config('fingerpost.system_id', {_id(1)}, false),"
        " set_config('fingerpost.now', (now() - interval '5 days')::text, false)"
    )
    with psycopg.connect(installed.url(APP), autocommit=True) as held:
        held.execute(sets)
        assert held.execute(asks).fetchone() == (False,)
    installed.cluster.ask(CLOCK_OF_TESTS, database=installed.name, role=OWNER)
    with psycopg.connect(installed.url(APP), autocommit=True) as held:
        held.execute(sets)
        assert held.execute(asks).fetchone() == (True,)


def _id(number: int) -> str:
    return f"'00000000-0000-7000-8000-{number:012d}'"


def _add(owner: psycopg.Connection[tuple[object, ...]], table: str, **given: str) -> None:
    """A row in which whatever else must stand is empty."""
    columns = owner.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
        " AND is_nullable = 'NO' AND column_default IS NULL",
        [table],
    ).fetchall()
    empty = {"boolean": "true", "timestamp with time zone": "now()", "uuid": _id(9)}
    values = {str(name): empty.get(str(kind), "''") for name, kind in columns} | given
    owner.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})")
