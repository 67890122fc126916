"""The long forms: benchmarks and proofs that are too slow for every run, named and listed."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from pathlib import Path

from fingerpost.localstack.django import django_environment
from fingerpost.localstack.failures import LocalFailure
from fingerpost.localstack.packages import TESTS, ensure_packages
from fingerpost.localstack.places import Places
from fingerpost.localstack.steps import Steps

FOLDERS = ("benchmarks", "tests/proofs")


@dataclass(frozen=True)
class Proof:
    """One script. `meaning` is the first line of its docstring."""

    name: str
    path: Path
    meaning: str


def find_proofs(root: Path) -> list[Proof]:
    """Every script of the two folders, by name. A script without a docstring is a fault of the project."""
    files = sorted(file for folder in FOLDERS for file in (root / folder).glob("*.py") if file.stem[0] != "_")
    return [Proof(file.stem, file, _meaning(file)) for file in files if file.stem != "conftest"]


def run_proof(places: Places, name: str | None, arguments: list[str]) -> int:
    """List the proofs, or run one of them in the environment of the tests."""
    proofs = {proof.name: proof for proof in find_proofs(places.root)}
    if name is None:
        width = max((len(each) for each in proofs), default=0)
        print("\n".join(f"{proof.name.ljust(width)}  {proof.meaning}" for proof in proofs.values()))
        return 0
    if name not in proofs:
        raise LocalFailure(
            f"there is no proof or benchmark named {name!r}.", f"choose one of: {', '.join(proofs)}."
        )
    with Steps(total=1).step("Python packages, with the test tools") as note:
        note.already(ensure_packages(places, TESTS))
    command = [str(places.python), str(proofs[name].path), *arguments]
    environ = django_environment(places, "local")
    return subprocess.run(command, cwd=places.root, env=environ, check=False).returncode


def _meaning(file: Path) -> str:
    text = ast.get_docstring(ast.parse(file.read_text("utf-8")))
    if not text:
        raise LocalFailure(f"{file.name} does not say what it shows.", "give it a docstring of one line.")
    return text.splitlines()[0]
