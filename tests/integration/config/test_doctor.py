"""Production starts only when it is safe, and says at once all that is wrong. Real processes, a real database."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files

import pytest
from tests.plugins.database import FreshDatabase

from fingerpost.localstack.postgres import APP, MAINTENANCE, OWNER

SQL = files("fingerpost.web.foundation").joinpath("sql")
CLOCK_OF_TESTS = SQL.joinpath("clock_of_tests.sql").read_text()
OWN_CLOCK = SQL.joinpath("functions.sql").read_text()

GOOD = {
    "DJANGO_SETTINGS_MODULE": "fingerpost.web.config.settings.production",
    "FINGERPOST_SECRET_KEY": secrets.token_urlsafe(48),
    "FINGERPOST_SEAL_KEY": secrets.token_urlsafe(48),
    "FINGERPOST_HOSTS": "fingerpost.example.org",
    "FINGERPOST_BASE_URL": "https://fingerpost.example.org",
    "FINGERPOST_SMTP_URL": "smtps://user:password@mail.example.org",
    "FINGERPOST_MAIL_FROM": "hello@fingerpost.example.org",
}


def run(verb: str, database: str, *words: str, **changes: str) -> tuple[int, str]:
    """The exit code of a verb in production, and all that it said."""
    kept = {name: os.environ[name] for name in ("PATH", "FINGERPOST_HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "fingerpost.cli", verb, *words],
        env={**kept, **GOOD, "DATABASE_URL": database, **changes},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def make_database(make_database: Callable[[], FreshDatabase]) -> Callable[[], FreshDatabase]:
    """As production migrates them: the walls go by the database's own clock."""

    def make() -> FreshDatabase:
        made = make_database()
        made.cluster.ask(OWN_CLOCK, database=made.name, role=OWNER)
        return made

    return make


def test_database_whose_clock_can_be_set_is_refused(make_database: Callable[[], FreshDatabase]) -> None:
    database = make_database()
    assert run("worker", database.url(), "--until-empty")[0] == 0
    database.cluster.ask(CLOCK_OF_TESTS, database=database.name, role=OWNER)
    code, said = run("worker", database.url(), "--until-empty")
    assert code == 4
    assert "can tell the walls what time it is" in said and "fingerpost migrate" in said


def test_sound_installation_is_found_sound(fresh_database: FreshDatabase) -> None:
    code, said = run("doctor", fresh_database.url())
    assert code == 0, said
    assert "FAIL" not in said and "WARN" not in said
    assert run("worker", fresh_database.url(), "--until-empty")[0] == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("FINGERPOST_SECRET_KEY", "only-for-building-the-project-and-some-more-text"), "project's files"),
        (("FINGERPOST_SECRET_KEY", "a" * 60), "can be guessed"),
        (("FINGERPOST_SEAL_KEY", GOOD["FINGERPOST_SECRET_KEY"]), "the same as the secret key"),
        (("FINGERPOST_HOSTS", "*"), "Any host name is answered"),
        (("FINGERPOST_HOSTS", "fingerpost.example.org,.example.org"), "Any host name is answered"),
        (("FINGERPOST_HOSTS", "127.0.0.1,localhost,[::1]"), "No host name is answered"),
        (("FINGERPOST_BASE_URL", "http://fingerpost.example.org"), "would not be encrypted"),
        (("FINGERPOST_BASE_URL", "https://192.0.2.7"), "Passkeys cannot be made"),
        (("FINGERPOST_BASE_URL", "https://other.example.org"), "lead to other.example.org"),
    ],
)
def test_unsafe_setting_is_refused_with_what_to_do(
    fresh_database: FreshDatabase, change: tuple[str, str], said: str
) -> None:
    code, told = run("worker", fresh_database.url(), "--until-empty", **dict([change]))
    assert code == 4
    assert said in told and "what to do:" in told
    assert GOOD["FINGERPOST_SECRET_KEY"] not in told


@pytest.mark.parametrize(("role", "why"), [(OWNER, "owns tables"), (MAINTENANCE, "BYPASSRLS")])
def test_role_that_walls_do_not_hold_is_refused(fresh_database: FreshDatabase, role: str, why: str) -> None:
    code, said = run("worker", fresh_database.url(role), "--until-empty")
    assert code == 4
    assert why in said


def test_all_faults_are_told_at_once_by_the_server_too(fresh_database: FreshDatabase) -> None:
    code, said = run(
        "serve",
        fresh_database.url(OWNER),
        FINGERPOST_HOSTS="*",
        FINGERPOST_BASE_URL="http://fingerpost.example.org",
        FINGERPOST_OWNER_DATABASE_URL=fresh_database.url(OWNER),
    )
    assert code == 4
    for words in ("Any host name", "would not be encrypted", "password of the owner role", "owns tables"):
        assert words in said


def test_database_elsewhere_without_encryption_is_refused() -> None:
    code, said = run("worker", "postgresql://app:x@192.0.2.1/fingerpost?connect_timeout=1", "--until-empty")
    assert code == 4
    assert "may be unencrypted" in said and "cannot be reached" in said


def test_wall_that_was_pulled_down_by_hand_keeps_it_shut(
    make_database: Callable[[], FreshDatabase],
) -> None:
    for statement in (
        "DROP POLICY fp_read ON people_person",
        "ALTER TABLE people_person NO FORCE ROW LEVEL SECURITY",
        "CREATE POLICY all_of_them ON people_person USING (true)",
        "DELETE FROM django_migrations WHERE app = 'people'",
    ):
        database = make_database()
        database.cluster.ask(statement, database=database.name, role=OWNER)
        code, said = run("doctor", database.url(APP))
        assert code == 4, statement
        assert "fingerpost migrate" in said


def test_demo_is_told_of_what_production_would_refuse_and_starts(fresh_database: FreshDatabase) -> None:
    demo = {
        "DJANGO_SETTINGS_MODULE": "fingerpost.web.config.settings.local",
        "FINGERPOST_DEMO": "true",
        "FINGERPOST_BASE_URL": "http://127.0.0.1:8000",
    }
    code, said = run("doctor", fresh_database.url(), **demo)
    assert code == 4
    assert "FAIL  This is the demo" in said and "WARN  A password alone" in said
    assert run("worker", fresh_database.url(), "--until-empty", **demo)[0] == 0
