"""`run.py` as a newcomer meets it: by its words, with nothing installed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def run(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Without site-packages (-S), as on a machine where only Python is installed."""
    return subprocess.run(
        [sys.executable, "-S", str(ROOT / "run.py"), *words],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env=os.environ | environ,
        timeout=60,
    )


def test_help_names_every_verb() -> None:
    done = run("--help")
    assert done.returncode == 0
    for verb in ("demo", "test", "check", "prove", "lock"):
        assert f"run.py {verb}" in done.stdout


@pytest.mark.parametrize("words", [(), ("dance",), ("demo", "--fast"), ("check", "more")])
def test_wrong_words_end_with_code_2_and_no_traceback(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert "usage:" in done.stderr
    assert "Traceback" not in done.stderr


def test_state_folder_that_cannot_be_made_is_told_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = run("demo", FINGERPOST_HOME=str(tmp_path / "file"))
    assert done.returncode == 1
    assert "Why:" in done.stderr
    assert "What to do:" in done.stderr
    assert "Traceback" not in done.stderr


def test_starting_over_without_anybody_to_ask_changes_nothing(tmp_path: Path) -> None:
    kept = tmp_path / "demo" / "entered"
    kept.parent.mkdir()
    kept.write_text("by hand")
    done = run("demo", "--fresh", FINGERPOST_HOME=str(tmp_path))
    assert done.returncode == 1
    assert "add --yes" in done.stderr
    assert kept.exists()


def test_proofs_are_listed_with_what_they_show() -> None:
    done = run("prove")
    assert done.returncode == 0
    lines = {line.split(maxsplit=1)[0]: line for line in done.stdout.splitlines()}
    assert "start" in lines
    assert all(len(line.split(maxsplit=1)) == 2 for line in lines.values())


def test_proof_that_is_not_there_is_told_with_the_ones_that_are() -> None:
    done = run("prove", "perpetual-motion")
    assert done.returncode == 1
    assert "'perpetual-motion'" in done.stderr
    assert "start" in done.stderr


def imported_by(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found


def test_everything_before_the_packages_needs_only_the_standard_library() -> None:
    localstack = ROOT / "src" / "fingerpost" / "localstack"
    files = [
        ROOT / "run.py",
        *localstack.rglob("*.py"),
        *(ROOT / "src" / "fingerpost" / "kernel").rglob("*.py"),
    ]
    foreign = {file.name: imported_by(file) - sys.stdlib_module_names - {"fingerpost"} for file in files}
    assert {name: modules for name, modules in foreign.items() if modules} == {}
