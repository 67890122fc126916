"""The hashed requirement files are what uv makes of their sources, given the pins they already hold."""

from __future__ import annotations

import difflib
import shutil
import tempfile
from pathlib import Path

from fingerpost.localstack.commands import run_logged
from fingerpost.localstack.packages import ensure_uv
from fingerpost.localstack.places import Places

# In this order: the tests' packages are constrained to the demo's pins.
NAMES = ("uv", "node", "base", "dev")
_OPTIONS = (
    "--quiet",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--universal",
    "--python-version=3.11",
    "--custom-compile-command=python3 run.py lock",
)
_ADVICE = (
    "put the requirement named in the log right, or check that this machine reaches the Python package index."
)


def compile_locks(places: Places, folder: Path, *, upgrade: bool = False) -> None:
    """Compile every `*.in` of a folder beside it, keeping the pins that are there unless `upgrade`."""
    uv = ensure_uv(places)
    more = ["--upgrade"] if upgrade else []
    for name in NAMES:
        words = [uv, "pip", "compile", f"{name}.in", "-o", f"{name}.txt", *_OPTIONS, *more]
        run_logged(words, log=places.logs / f"lock-{name}.log", advice=_ADVICE, cwd=folder)


def lock_step_faults(places: Places) -> list[str]:
    """Lines that differ between the lock files and a fresh compilation in a scratch copy."""
    with tempfile.TemporaryDirectory(prefix="fingerpost-locks-") as scratch:
        copy = Path(scratch) / "requirements"
        shutil.copytree(places.requirements, copy)
        compile_locks(places, copy)
        return [line for name in NAMES for line in _difference(places.requirements, copy, f"{name}.txt")]


def _difference(kept: Path, made: Path, name: str) -> list[str]:
    committed, compiled = ((folder / name).read_text().splitlines() for folder in (kept, made))
    titles = (f"{name} as committed", f"{name} as compiled")
    return list(difflib.unified_diff(committed, compiled, *titles, lineterm="", n=0))
