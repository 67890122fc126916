"""The demo's seed, as the command runs it: the same twice, invented throughout, and heard of by nobody outside."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest
from tests.plugins.database import PLACES, FreshDatabase

from fingerpost.kernel.person_identifiers import NHSNumber
from fingerpost.localstack.django import django_environment, program
from fingerpost.localstack.postgres import APP, MAINTENANCE, OWNER
from fingerpost.web.casework import lifecycle as casework
from fingerpost.web.connections import lifecycle as connections
from fingerpost.web.messaging import lifecycle as messaging
from fingerpost.web.referrals import lifecycle as referrals

PEOPLE, UNTIL = 8, "2026-03-03"

# What may differ between two seeds, with the reason. Everything else is equal to the last id.
NOT_OURS = ("django_", "auth_", "axes_", "account_", "procrastinate_")
BY_CHANCE = {
    "audit_unsealed.id": "drawn in the database; what waits is told by table and row",
    "password": "salted",
    "pgh_created_at": "when the row was really written",
    "directory_listingchange.id": "made by the database, with the day that it keeps",
    "directory_searchword.id": "made by the database, when the words are read anew",
    "directory_searchlexeme.id": "made by the database, when a new word is written",
}
LIFECYCLES: Mapping[tuple[str, str], tuple[Sequence[str], Mapping[str, frozenset[str]]]] = {
    ("referrals_referral", "status"): (referrals.START, referrals.TRANSITIONS),
    ("casework_case", "status"): (casework.CASE_START, casework.CASE),
    ("casework_goal", "status"): (casework.GOAL_START, casework.GOAL),
    ("connections_connection", "status"): (connections.START, connections.TRANSITIONS),
    ("messaging_message", "state"): (messaging.START, messaging.TRANSITIONS),
}


@pytest.fixture(scope="module")
def towns(
    make_database: Callable[[], FreshDatabase], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[psycopg.Connection]]:
    """Two databases, each filled by a process of its own with the same seed and day; read past every wall."""
    databases = [make_database(), make_database()]
    seeds = [_seed(database, tmp_path_factory.mktemp("seed")) for database in databases]
    said = [seed.communicate(timeout=120)[0] for seed in seeds]
    assert [seed.returncode for seed in seeds] == [0, 0], said
    open_ones = [psycopg.connect(database.url(MAINTENANCE)) for database in databases]
    yield open_ones
    for each in open_ones:
        each.close()


def _seed(database: FreshDatabase, home: Path) -> subprocess.Popen[str]:
    environ = django_environment(
        PLACES,
        "local",
        DATABASE_URL=database.url(APP),
        FINGERPOST_OWNER_DATABASE_URL=database.url(OWNER),
        FINGERPOST_SECRET_KEY="the same key for both, so that signed links are equal too",
        FINGERPOST_DEMO="true",
    ) | {"FINGERPOST_HOME": str(home)}
    command = [*program(PLACES, "seed"), "--demo", "--people", str(PEOPLE), "--until", UNTIL]
    return subprocess.Popen(
        [str(word) for word in command],
        cwd=PLACES.root,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _column(town: psycopg.Connection, query: str) -> list[object]:
    return [row[0] for row in town.execute(query).fetchall()]


def test_seeding_twice_with_one_seed_gives_the_same_rows(towns: list[psycopg.Connection]) -> None:
    first, second = (_everything(town) for town in towns)
    assert first.keys() == second.keys()
    assert {name: len(rows) for name, rows in first.items()} == {n: len(rows) for n, rows in second.items()}
    assert [name for name, rows in first.items() if rows != second[name]] == []
    lived = (
        "pathway_journey",
        "pathway_pathwayevent",
        "messaging_message",
        "casework_contact",
        "connections_connection",
    )
    assert [name for name in lived if not first[name]] == []


def _everything(town: psycopg.Connection) -> dict[str, list[str]]:
    """Every row of every table of ours, as text, without the columns that differ by chance."""
    columns: dict[str, list[str]] = {}
    for table, column in town.execute(
        "SELECT table_name, column_name FROM information_schema.columns c JOIN information_schema.tables t"
        " USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    ).fetchall():
        if not table.startswith(NOT_OURS) and not BY_CHANCE.keys() & {column, f"{table}.{column}"}:
            columns.setdefault(table, []).append(column)
    found = {}
    for table, names in columns.items():
        chosen = ", ".join(f'"{name}"' for name in sorted(names))
        found[table] = sorted(str(row) for row in town.execute(f'SELECT {chosen} FROM "{table}"').fetchall())
    return found


def test_everything_sent_stays_in_the_demo_mailbox(towns: list[psycopg.Connection]) -> None:
    town = towns[0]
    assert set(_column(town, "SELECT transport FROM messaging_delivery")) == {"mailbox"}
    assert set(_column(town, "SELECT state FROM messaging_message")) == {"delivered"}
    addresses = _column(town, "SELECT address FROM messaging_message")
    assert len(addresses) >= PEOPLE
    assert [each for each in addresses if not str(each).endswith(".example")] == []
    assert _column(town, "SELECT task_name FROM procrastinate_jobs") == []


def test_everybody_is_invented(towns: list[psycopg.Connection]) -> None:
    town = towns[0]
    identifiers = [str(value) for value in _column(town, "SELECT value FROM people_identifier")]
    assert identifiers
    assert [value for value in identifiers if not NHSNumber(value).is_reserved_for_tests] == []
    contacts = town.execute("SELECT phone, email FROM people_person").fetchall()
    assert len(contacts) == PEOPLE
    assert [phone for phone, _ in contacts if not phone.startswith("+447700900")] == []
    assert [email for _, email in contacts if email and not email.endswith("@mail.example")] == []


@pytest.mark.parametrize(("table", "column"), LIFECYCLES)
def test_every_status_was_reached_as_its_lifecycle_allows(
    towns: list[psycopg.Connection], table: str, column: str
) -> None:
    start, allowed = LIFECYCLES[table, column]
    history = f"{table}historyevent"
    lives: dict[object, list[str]] = {}
    for row_id, status in towns[0].execute(
        f"SELECT pgh_obj_id, {column} FROM {history} ORDER BY pgh_obj_id, pgh_id"
    ):
        life = lives.setdefault(row_id, [])
        if not life or life[-1] != status:
            life.append(status)
    assert sorted(lives, key=str) == sorted(_column(towns[0], f"SELECT id FROM {table}"), key=str)
    assert lives
    first = {str(each) for each in start}
    steps = {str(now): {str(each) for each in then} for now, then in allowed.items()}
    wrong = [
        life
        for life in lives.values()
        if life[0] not in first or any(b not in steps[a] for a, b in pairwise(life))
    ]
    assert wrong == []
