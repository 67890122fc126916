"""`run.py check`: what must hold before a change is handed over. All of it runs; all faults are told."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fingerpost.localstack.checks.leaks import leaks
from fingerpost.localstack.checks.lock_shapes import lock_shape_faults
from fingerpost.localstack.checks.locks import lock_step_faults
from fingerpost.localstack.checks.materials import bill_faults
from fingerpost.localstack.django import PLACEHOLDER_URL, django_environment, program
from fingerpost.localstack.failures import LocalFailure
from fingerpost.localstack.packages import TESTS, ensure_packages
from fingerpost.localstack.places import Places
from fingerpost.localstack.steps import Steps

SHOWN = 100  # lines of one command's output


@dataclass(frozen=True)
class Check:
    """One check: `find` returns the faults as lines, none when all is well."""

    title: str
    find: Callable[[Places], list[str]]
    advice: str


def command(*words: str) -> Callable[[Places], list[str]]:
    """A check that a Python module or program of the environment exits with 0."""

    def find(places: Places) -> list[str]:
        return _faults([places.venv / "bin" / words[0], *words[1:]], places)

    return find


def fingerpost(*words: str) -> Callable[[Places], list[str]]:
    """A check that a `fingerpost ...` command exits with 0."""
    return lambda places: _faults(program(places, *words), places)


CHECKS: tuple[Check, ...] = (
    Check("types", command("mypy"), "put the annotations right."),
    Check("formatting", command("ruff", "format", "--check", "."), "run '.venv/bin/ruff format .'."),
    Check(
        "lint", command("ruff", "check", "."), "run '.venv/bin/ruff check --fix .', then put the rest right."
    ),
    Check("import contracts", command("lint-imports"), "call through the other app's api, or move the code."),
    Check(
        "migrations in step",
        command("python", "-m", "django", "makemigrations", "--check", "--dry-run"),
        "run 'fingerpost makemigrations' and commit the new file.",
    ),
    Check(
        "generated docs in step", fingerpost("docs", "--check"), "run '.venv/bin/fingerpost docs' and commit."
    ),
    Check("lock files in step", lock_step_faults, "run 'python3 run.py lock' and commit the lock files."),
    Check("bill of materials in step", bill_faults, "run 'python3 run.py lock' and commit the bill."),
    Check("lock files name no address", lock_shape_faults, "take the address or option out of the file."),
    Check(
        "no secrets, no paths of one machine",
        leaks,
        "take it out; a secret that was committed must be changed.",
    ),
)


def run_checks(places: Places) -> int:
    """Run every check, two at a time, and report all faults. Returns the exit code."""
    places.make_state()
    with Steps(total=1).step("Python packages, with the test tools") as note:
        note.already(ensure_packages(places, TESTS))
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(zip(CHECKS, pool.map(lambda check: _run(check, places), CHECKS), strict=True))
    failed = [(check, faults) for check, faults in results if faults]
    for check, faults in failed:
        print(f"\n--- {check.title}: what to do: {check.advice}")
        print("\n".join(f"    {line}" for line in faults))
    print(f"\n{len(CHECKS) - len(failed)} checks passed, {len(failed)} failed.")
    return 1 if failed else 0


def _run(check: Check, places: Places) -> list[str]:
    began = time.monotonic()
    try:
        faults = check.find(places)
    except LocalFailure as failure:
        faults = [failure.why, f"What to do: {failure.advice}"]
    print(f"{'FAILED' if faults else 'ok':7}{check.title} ({time.monotonic() - began:.1f} s)", flush=True)
    return faults


def _faults(words: Sequence[str | Path], places: Places) -> list[str]:
    environ: Mapping[str, str] = django_environment(places, "test", DATABASE_URL=PLACEHOLDER_URL)
    done = subprocess.run(
        [str(word) for word in words],
        cwd=places.root,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return []
    said = (done.stdout + done.stderr).splitlines() or [f"exited with {done.returncode} and said nothing"]
    left_out = [f"... {len(said) - SHOWN} lines before these"] if len(said) > SHOWN else []
    return [*left_out, *said[-SHOWN:]]
