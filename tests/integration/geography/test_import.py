from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.factories.listings import importer, shared_data
from tests.factories.world import World, build_world

from fingerpost.kernel.errors import NotAllowed
from fingerpost.kernel.postcode import Postcode
from fingerpost.web.geography import api as geography

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def _row(
    text: str, latitude: float | None = 54.5, longitude: float | None = 1.4, **more: object
) -> geography.PostcodeRow:
    return geography.PostcodeRow(Postcode.parse(text), latitude, longitude, **more)  # type: ignore[arg-type]


def _import(world: World, *rows: geography.PostcodeRow) -> tuple[int, int, int]:
    with world.as_(importer(world)) as job:
        landed = geography.import_postcodes(rows, source="test", by=job, at=world.at)
    return landed.new, landed.changed, landed.unchanged


def test_postcodes_land_once_and_can_be_located(world: World) -> None:
    rows = (_row("QX1 1AA"), _row("QX1 1AB", None, None))
    assert _import(world, *rows) == (2, 0, 0)
    assert _import(world, *rows) == (0, 0, 2)
    assert _import(world, _row("QX1 1AA", 54.6), rows[1]) == (0, 1, 1)
    assert geography.locate("qx11aa") == geography.Point(54.6, 1.4)
    assert geography.locate("QX1 1AB") is None
    assert geography.locate("nonsense") is None
    assert geography.locate_many(["QX1 1AA", "qx1 1aa", "QX9 9ZZ"]) == {
        "QX1 1AA": geography.Point(54.6, 1.4),
        "qx1 1aa": geography.Point(54.6, 1.4),
    }


def test_middle_of_a_first_half_is_that_of_its_postcodes_alone(world: World) -> None:
    rows = [("QX1 1AA", 54.0, 1.0), ("QX1 2AB", 55.0, 2.0), ("QX12 1AA", 10.0, 10.0), ("QX2 1AA", 20.0, 20.0)]
    _import(world, *(geography.PostcodeRow(Postcode.parse(text), *place) for text, *place in rows))
    assert geography.middle_of("qx1") == geography.Point(54.5, 1.5)
    assert geography.middle_of("QX12") == geography.Point(10.0, 10.0)
    for text in ("QX3", "QX", "", "QX1 1AA", "%"):
        assert geography.middle_of(text) is None


def test_list_that_knows_less_erases_nothing(world: World) -> None:
    whole = _row(
        "QX1 1AA",
        area_code="X01000001",
        area_version="local",
        deprivation_quintile=2,
        deprivation_version="local",
        ended_on=date(2020, 1, 1),
    )
    _import(world, whole)
    assert _import(world, _row("QX1 1AA")) == (0, 0, 1)
    area = geography.area_of("QX1 1AA")
    assert area == geography.Area("X01000001", "local", 2, "local")


def test_import_without_the_permission_writes_nothing(world: World) -> None:
    with world.as_("worker") as worker, pytest.raises(NotAllowed):
        geography.import_postcodes([_row("QX1 1AA")], source="test", by=worker, at=world.at)
    assert geography.locate("QX1 1AA") is None


def test_real_postcodes_all_land_and_are_where_they_are(world: World) -> None:
    read = geography.read_postcodes(shared_data("geography/postcodes_latlon"))
    assert {t.file: (t.read, t.rejected) for t in read.tallies} == {
        "HA.csv": (17_917, 0),
        "LS.csv": (32_762, 0),
        "OX.csv": (35_994, 0),
        "TS.csv": (23_347, 0),
    }
    assert _import(world, *read.rows) == (110_020, 0, 0)
    oxford, leeds = geography.locate("OX1 1AA"), geography.locate("LS1 1AA")
    assert oxford and leeds
    assert geography.distance_km(oxford, leeds) == pytest.approx(228, abs=2)


def test_onspd_sample_lands_with_its_areas(world: World) -> None:
    read = geography.read_postcodes(shared_data("geography/onspd_sample_postcodes_io.csv"))
    assert not read.rejects
    assert _import(world, *read.rows) == (8048, 0, 0)
    area = geography.area_of("AB1 0AA")
    assert area and (area.code, area.version) == ("S01006514", "lsoa11")


def test_command_prints_counts_and_writes_rejects(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from fingerpost.cli.main import main

    (tmp_path / "codes.csv").write_text("postcode,lat,long\nQX1 1AA,54.5,1.4\nBAD,1,1\n")
    rejects = tmp_path / "rejects.csv"
    assert main(["geography", "import", str(tmp_path / "codes.csv"), "--rejects", str(rejects)]) == 0
    assert "2 read = 1 landed + 1 rejected" in capsys.readouterr().out
    assert rejects.read_text().splitlines()[1].startswith("codes.csv,3,postcode,BAD,")
    assert main(["geography", "import", str(tmp_path / "none.csv")]) == 6
