from __future__ import annotations

from pathlib import Path

import pytest

from fingerpost.localstack.browser import VARIABLE, find_chromium
from fingerpost.localstack.failures import LocalFailure


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_stub_that_does_not_start_is_passed_over_for_a_browser_that_does(tmp_path: Path) -> None:
    program(tmp_path, "chromium", "echo 'please install the snap' >&2; exit 1")
    good = program(tmp_path, "google-chrome", "echo Google Chrome 130.0")
    assert find_chromium({"PATH": str(tmp_path)}) == good


def test_no_browser_is_none(tmp_path: Path) -> None:
    assert find_chromium({"PATH": str(tmp_path)}) is None


def test_chosen_browser_is_used_or_refused_never_replaced(tmp_path: Path) -> None:
    good = program(tmp_path, "chromium", "echo Chromium 130.0")
    chosen = program(tmp_path, "mine", "echo Chromium 131.0")
    assert find_chromium({"PATH": str(tmp_path), VARIABLE: str(chosen)}) == chosen
    with pytest.raises(LocalFailure, match=f"{VARIABLE} is .*absent"):
        find_chromium({"PATH": str(good.parent), VARIABLE: str(tmp_path / "absent")})
