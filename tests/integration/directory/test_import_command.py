"""`fingerpost directory import` of a spreadsheet: asked for its columns, tried, applied, undone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from fingerpost.cli.main import main

pytestmark = pytest.mark.django_db

SHEET = "Group,What it is,Flavour\nChoir,We sing,mint\nBowls,We bowl,\n"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "groups.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


def test_without_columns_nothing_is_imported_and_a_guess_is_given(
    make_system: str, sheet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["directory", "import", str(sheet), "--system", make_system]) == 3
    assert '"group": "listing.name"' in capsys.readouterr().err


def test_tried_applied_and_undone(
    make_system: str, sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = tmp_path / "columns.json"
    mapping = {"groups.csv": {"Group": "listing.name", "What it is": "listing.description"}}
    columns.write_text(json.dumps(mapping), encoding="utf-8")
    words = ["directory", "import", str(sheet), "--system", make_system, "--columns", str(columns)]
    assert main([*words, "--try"]) == 0
    said = capsys.readouterr().out
    assert "groups.csv: 2 read, 2 new" in said and "Nothing has changed" in said
    found = re.search(r"apply ([0-9a-f-]{36})", said)
    assert found
    assert main(["directory", "apply", found[1], "--system", make_system]) == 0
    assert main(["directory", "apply", found[1], "--system", make_system]) == 3
    assert main(words) == 0
    assert re.search(r"groups\.csv +2 +2 +0 +0 +0 +2 +0", capsys.readouterr().out)
    sheet.write_text(SHEET.replace("We sing", "We hum"), encoding="utf-8")
    assert main([*words, "--try"]) == 0
    assert "description: 'We sing' -> 'We hum'" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["[1]", "{", '{"groups.csv": 3}'])
def test_columns_of_another_form_are_refused(
    make_system: str, sheet: Path, tmp_path: Path, content: str
) -> None:
    columns = tmp_path / "columns.json"
    columns.write_text(content, encoding="utf-8")
    words = ["directory", "import", str(sheet), "--system", make_system, "--columns", str(columns)]
    assert main(words) == 3
