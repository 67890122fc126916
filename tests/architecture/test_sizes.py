"""Budgets that keep the code readable: lines per file and per function."""

from __future__ import annotations

import ast
import statistics
from functools import cache
from pathlib import Path

import fingerpost

SOURCE = Path(fingerpost.__file__).parent
FILES = [p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts]
LONGEST_FILE = 600
LONGEST_FUNCTION = 80


@cache
def _functions() -> dict[str, int]:
    return {
        f"{path.relative_to(SOURCE)}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_no_file_is_too_long() -> None:
    assert [p for p in FILES if len(p.read_text().splitlines()) > LONGEST_FILE] == []


def test_no_function_is_too_long() -> None:
    assert {name: n for name, n in _functions().items() if n > LONGEST_FUNCTION} == {}


def test_functions_are_short_on_the_whole() -> None:
    lengths = sorted(_functions().values())
    assert statistics.median(lengths) <= 9
    assert lengths[int(len(lengths) * 0.9)] <= 30


def test_no_room_is_called_nothing() -> None:
    banned = {"utils.py", "helpers.py", "misc.py", "common.py"}
    assert [p for p in FILES if p.name in banned] == []
