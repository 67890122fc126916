"""Asking the server through `psql`, so that no driver has to be installed first."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from fingerpost.localstack.failures import LocalFailure

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def checked_name(name: str) -> str:
    """A database name that needs no quoting, or a `LocalFailure`."""
    if not _NAME.fullmatch(name):
        raise LocalFailure(
            f"{name!r} cannot be the name of a database.",
            "use at most 63 small letters, digits and underscores, and do not begin with a digit.",
        )
    return name


def ask(programs: Path, url: str, statements: str) -> list[str]:
    """Run statements, one transaction each, and return the rows as lines.

    They go in by standard input and the address by the environment: no secret shows in the list of processes.
    """
    done = subprocess.run(
        [str(programs / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"],
        input=statements,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", **libpq_environment(url)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise LocalFailure(
            f"PostgreSQL refused a statement: {_first_error(done.stderr)}.",
            "if the demo's database was changed by hand, start over with 'python3 run.py demo --fresh'.",
        )
    return done.stdout.splitlines()


def libpq_environment(url: str) -> dict[str, str]:
    """The address as libpq's environment variables, so that no password is ever an argument."""
    from urllib.parse import parse_qs, unquote, urlsplit

    parts = urlsplit(url)
    options = parse_qs(parts.query)
    return {
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
        "PGHOST": options["host"][0],
        "PGPORT": options["port"][0],
    }


def _first_error(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return (lines[0] if lines else "no message").removeprefix("psql: ").rstrip(".")
