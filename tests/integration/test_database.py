"""The database that tests get: the application role, a clean state for each, and copies of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from tests.plugins.database import FreshDatabase

from fingerpost.localstack.postgres import APP, OWNER

COUNT = "SELECT count(*) FROM django_session"
INSERT = "INSERT INTO django_session VALUES ('left-behind', '', now())"


def value(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def insert() -> None:
    with connection.cursor() as cursor:
        cursor.execute(INSERT)


@pytest.mark.django_db
def test_connection_is_the_application_role_without_special_rights() -> None:
    assert value(
        "SELECT current_user || rolsuper || rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ) == (f"{APP}falsefalse")


@pytest.mark.django_db
def test_truncating_a_table_is_refused() -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("TRUNCATE django_session")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_committed_rows_are_gone_before_the_next_test(round_: int) -> None:
    assert value(COUNT) == 0
    insert()


@pytest.mark.django_db
def test_rows_of_a_transactional_test_do_not_reach_an_ordinary_one() -> None:
    assert value(COUNT) == 0


@pytest.mark.django_db
def test_fresh_databases_are_separate_and_owned_by_the_owner(
    fresh_database: FreshDatabase, make_database: Callable[[], FreshDatabase]
) -> None:
    other, cluster = make_database(), fresh_database.cluster
    cluster.ask(INSERT + ";", database=fresh_database.name, role=APP)
    assert cluster.ask(COUNT + ";", database=fresh_database.name, role=APP) == ["1"]
    assert cluster.ask(COUNT + ";", database=other.name, role=APP) == ["0"]
    owner = f"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '{other.name}';"
    assert cluster.ask(owner) == [OWNER]
