"""`fingerpost audit verify` as an operator runs it: a process of its own, its words and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.factories.world import a_referral, build_world
from tests.plugins.database import FreshDatabase

from fingerpost.localstack.postgres import MAINTENANCE, OWNER

SETTING, NOT_A_USAGE = 4, 2
KEY = "the-key-of-the-seals-that-is-kept-apart-from-the-database"


@pytest.fixture(scope="module")
def sealed(
    django_db_setup: None,
    django_db_blocker: Any,
    make_database: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[FreshDatabase, Path]]:
    """A referral, sealed just now by the job's own function with the key of the seals."""
    from django.conf import settings
    from django.db import connection, connections

    from fingerpost.web.audit.sealing import seal_waiting
    from fingerpost.web.config.environment import database as parsed

    made, home = make_database(), tmp_path_factory.mktemp("home")
    base = connections["default"].settings_dict
    kept, state, key = dict(base), settings.STATE, settings.FINGERPOST_SEAL_KEY
    with django_db_blocker.unblock():
        connection.close()
        base.update(parsed(made.url()))
        settings.STATE, settings.FINGERPOST_SEAL_KEY = home, KEY
        try:
            a_referral(build_world())
            assert seal_waiting(at=datetime.now(UTC) - timedelta(minutes=5)) > 0
        finally:
            connection.close()
            settings.STATE, settings.FINGERPOST_SEAL_KEY = state, key
            base.clear()
            base.update(kept)
    yield made, home


def run(
    sealed: tuple[FreshDatabase, Path], *words: str, **changes: str | None
) -> subprocess.CompletedProcess[str]:
    database, home = sealed
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FINGERPOST_")}
    environ |= {
        "DJANGO_SETTINGS_MODULE": "fingerpost.web.config.settings.production",
        "DATABASE_URL": database.url(),
        "FINGERPOST_MAINTENANCE_DATABASE_URL": database.url(MAINTENANCE),
        "FINGERPOST_HOME": str(home),
        "FINGERPOST_SECRET_KEY": "a-secret-key-for-a-process-of-a-test-and-for-nothing-else",
        "FINGERPOST_SEAL_KEY": KEY,
        "FINGERPOST_HOSTS": "fingerpost.example",
        "FINGERPOST_BASE_URL": "https://fingerpost.example",
        "FINGERPOST_SMTP_URL": "smtp://mail.example:587",
        "FINGERPOST_MAIL_FROM": "hello@fingerpost.example",
    }
    for name, value in changes.items():
        environ.pop(name, None)
        environ |= {name: value} if value is not None else {}
    command = [sys.executable, "-m", "fingerpost.cli", "audit", "verify", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)


def test_untouched_database_ends_well(sealed: tuple[FreshDatabase, Path]) -> None:
    done = run(sealed)
    assert (done.returncode, done.stderr) == (0, "")
    assert "rows were checked" in done.stdout
    assert "Nothing sealed was removed, changed or added to." in done.stdout


def test_wrong_key_fails_and_says_so(sealed: tuple[FreshDatabase, Path]) -> None:
    done = run(sealed, FINGERPOST_SEAL_KEY="another-key-of-forty-characters-or-more-than-that")
    assert done.returncode == 1
    assert "FINGERPOST_SEAL_KEY is not the one" in done.stderr
    assert "Nothing sealed was removed" not in done.stdout
    assert KEY not in done.stdout + done.stderr


def test_without_a_key_nothing_is_tried_and_the_setting_is_named(sealed: tuple[FreshDatabase, Path]) -> None:
    done = run(sealed, FINGERPOST_SEAL_KEY=None)
    assert done.returncode == SETTING
    assert "FINGERPOST_SEAL_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_role_of_the_web_process_is_told_what_it_lacks(sealed: tuple[FreshDatabase, Path]) -> None:
    done = run(sealed, FINGERPOST_MAINTENANCE_DATABASE_URL=None)
    assert done.returncode == SETTING
    assert "FINGERPOST_MAINTENANCE_DATABASE_URL or FINGERPOST_OWNER_DATABASE_URL" in done.stderr


def test_time_that_is_none_is_wrong_usage(sealed: tuple[FreshDatabase, Path]) -> None:
    done = run(sealed, "--gaps-since", "yesterday")
    assert done.returncode == NOT_A_USAGE
    assert "--gaps-since" in done.stderr


def test_stopped_job_and_tampering_fail_with_words(sealed: tuple[FreshDatabase, Path]) -> None:
    """Last: it leaves the database touched."""
    database, _ = sealed
    history = "people_personhistoryevent"
    with psycopg.connect(database.url(OWNER)) as owner:
        for statement in (
            f"ALTER TABLE {history} DISABLE TRIGGER USER",
            f"UPDATE {history} SET family_name = 'Smith'",
            f"ALTER TABLE {history} ENABLE TRIGGER USER",
        ):
            owner.execute(statement)
    done = run(sealed)
    assert done.returncode == 1
    assert f"{history}, seal" in done.stderr and "changed after sealing" in done.stderr
    with psycopg.connect(database.url(OWNER)) as owner:
        owner.execute("UPDATE audit_seal SET sealed_at = sealed_at - interval '1 hour'")
    assert "is the worker running?" in run(sealed).stderr
