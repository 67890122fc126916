"""The command as it is typed, in a process of its own, against a database of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.plugins.database import FreshDatabase

from fingerpost.kernel.ids import new_id
from fingerpost.localstack.postgres import OWNER

ROOT = Path(__file__).parents[3]
FILL = """
import sys, uuid, django
django.setup()
from tests.factories.journeys import random_journeys
from tests.factories.world import build_world
random_journeys(build_world(system_id=uuid.UUID(sys.argv[1])), count=25)
"""


@pytest.fixture(scope="module")
def database(make_database: Callable[[], FreshDatabase]) -> FreshDatabase:
    """Two systems, which only the owner may make; the first has journeys."""
    made, first = make_database(), new_id()
    with psycopg.connect(made.url(OWNER)) as connection:
        for system_id, slug in ((first, "fells"), (new_id(), "moors")):
            connection.execute(
                "INSERT INTO tenancy_system (id, name, slug, email_domain_for_tests) VALUES (%s, %s, %s, false)",
                (system_id, f"Northern {slug}", slug),
            )
    done = _run(made, "-c", FILL, str(first))
    assert done.returncode == 0, done.stderr
    return made


def _run(database: FreshDatabase, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "DATABASE_URL": database.url(), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *words], env=environ, cwd=ROOT, capture_output=True, text=True, check=False
    )


def _extract(database: FreshDatabase, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    given = ["--to", str(folder / "out"), "--project", "camber-2027", "--key", str(folder / "key")]
    return _run(database, "-m", "fingerpost.cli", "extract", *given, *more)


def test_extract_is_written_and_an_indicator_counts_it(database: FreshDatabase, tmp_path: Path) -> None:
    done = _extract(database, tmp_path, "--system", "fells", "--make-key")
    assert done.returncode == 0, done.stderr
    assert "Northern fells" in done.stdout and "none were applied" in done.stdout

    counted = _run(
        database,
        "-m",
        "fingerpost.cli",
        "indicator",
        "reached_first_contact",
        "--extract",
        str(tmp_path / "out"),
    )
    assert "As known on" in counted.stdout

    again = _extract(database, tmp_path, "--system", "fells")
    assert again.returncode == 5
    assert "nothing was written" in again.stderr


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (["--system", "elsewhere"], 6, "fells, moors"),
        ([], 6, "not clear which system"),
        (["--system", "fells"], 4, "cannot be read"),
    ],
)
def test_extract_that_cannot_be_made_says_why_and_leaves_nothing(
    database: FreshDatabase, tmp_path: Path, more: list[str], code: int, words: str
) -> None:
    done = _extract(database, tmp_path, *more)
    assert done.returncode == code
    assert words in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
