"""A worker and a database that are killed at random, and a mail server in all its moods. 200 times: `prove outbox`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_nothing_is_lost_when_worker_and_database_are_killed() -> None:
    command = [sys.executable, "tests/proofs/outbox.py", "--kills", "10", "--seed", "7"]
    environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["kills_of_the_worker"] > 2
    assert report["kills_of_the_database"] > 2
    assert report["committed"] == report["sent"] + report["failed"] > 10
