"""The commands about lists of staff as they are typed, against a database of its own."""

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
from tests.factories.world import build_world
print(build_world(system_id=uuid.UUID(sys.argv[1])).scheme.name)
"""


@pytest.fixture
def run(make_database: Callable[[], FreshDatabase]) -> Callable[..., subprocess.CompletedProcess[str]]:
    made, first = make_database(), new_id()
    with psycopg.connect(made.url(OWNER)) as connection:
        connection.execute(
            "INSERT INTO tenancy_system (id, name, slug, email_domain_for_tests) VALUES (%s, 'Fells', 'fells', false)",
            (first,),
        )
    environ = {**os.environ, "DATABASE_URL": made.url(), "PYTHONPATH": str(ROOT), "FIRST": str(first)}

    def start(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words], env=environ, cwd=ROOT, capture_output=True, text=True, check=False
        )

    done = start("-c", FILL, str(first))
    assert done.returncode == 0, done.stderr
    return start


def test_list_is_shown_then_done_then_taken_back(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    file = tmp_path / "staff.csv"
    file.write_text(
        "Name,E-mail,Role,Organisation\nNia New,nia@staff.example,link worker,Link Up\n"
        "Bad Row,nobody,boss,Nowhere\n"
    )
    staff = ("-m", "fingerpost.cli", "staff")
    shown = run(*staff, "import", str(file))
    assert shown.returncode == 0, shown.stderr
    assert "row 2: Nia New, Link worker, Link Up" in shown.stdout and "Nothing has been done" in shown.stdout
    for fault in ("does not look like an e-mail", "no role called", "no organisation called"):
        assert fault in shown.stdout
    done = run(*staff, "import", str(file), "--apply")
    assert "1 new invitation; 1 row to put right" in done.stdout, done.stderr
    number = done.stdout.rsplit(" ", 1)[1].strip()
    again = run(*staff, "import", str(file))
    assert "1 as it is already" in again.stdout
    assert "1 rows taken back" in run(*staff, "undo", number).stdout
    assert run(*staff, "undo", number).returncode == 7
    assert run(*staff, "import", str(ROOT / "pyproject.toml")).returncode == 5
