from __future__ import annotations

from pathlib import Path

import pytest

from fingerpost.kernel.errors import Faults, NotFound
from fingerpost.web.geography.postcode_files import read_postcodes


def _file(folder: Path, text: str, name: str = "codes.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def test_short_list_is_read_with_notes_and_mark_skipped(tmp_path: Path) -> None:
    path = _file(tmp_path, "\ufeffPostcode,lat,long\r\nqx11aa,54.5,1.4\r\n")
    assert [(str(r.postcode), r.latitude, r.longitude) for r in read_postcodes(path).rows] == [
        ("QX1 1AA", 54.5, 1.4)
    ]
    noted = _file(tmp_path, "# invented\n# twice\npostcode,latitude,longitude\nQX1 1AA,54.5,x\n", "noted.csv")
    reject = read_postcodes(noted).rejects[0]
    assert (reject.line, reject.column, reject.value) == (4, "longitude", "x")


def test_onspd_columns_are_read_newer_area_first(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "pcd,pcds,doterm,lsoa11,lat,long,lsoa21\n"
        "AB1 0AA,AB1 0AA,199606,S01006514,57.1,-2.24,\n"
        "OX1 1AA,OX1 1AA,,E01028521,51.75,-1.26,E01035000\n"
        "AB1 9ZZ,AB1 9ZZ,,,99.999999,0,\n",
    )
    old, new, nowhere = read_postcodes(path).rows
    assert (old.area_code, old.area_version, str(old.ended_on)) == ("S01006514", "lsoa11", "1996-06-01")
    assert (new.area_code, new.area_version, new.ended_on) == ("E01035000", "lsoa21", None)
    assert (nowhere.latitude, nowhere.longitude, nowhere.area_code) == (None, None, "")


def test_rows_that_cannot_be_taken_say_where_and_why_and_counts_reconcile(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "postcode,lat,long,deprivation_quintile\n"
        "QX1 1AA,54.5,1.4,3\nNOT ONE,54.5,1.4,\nQX1 1AB,95,1.4,\nQX1 1AF,,1.4,\nQX1 1AD,54.5,1.4,6\n"
        "qx1 1aa,54.6,1.4,\n\nQX1 1AE,,0.0000,\n",
    )
    read = read_postcodes(path)
    assert [(r.line, r.column) for r in read.rejects] == [
        (3, "postcode"),
        (4, "latitude, longitude"),
        (5, "latitude"),
        (6, "deprivation_quintile"),
        (7, "postcode"),
    ]
    assert "codes.csv, line 2" in read.rejects[-1].reason
    (tally,) = read.tallies
    assert (tally.read, tally.taken, tally.rejected) == (7, 2, 5)
    assert len(read.rows) == 2


def test_quintile_comes_with_the_name_of_its_index(tmp_path: Path) -> None:
    (row,) = read_postcodes(
        _file(tmp_path, "postcode,lat,long,deprivation_quintile\nQX1 1AA,54.5,1.4,3\n")
    ).rows
    assert (row.deprivation_quintile, row.deprivation_version) == (3, "local")


def test_files_that_are_no_postcode_lists_are_told_together(tmp_path: Path) -> None:
    _file(tmp_path, "name,age\nA,1\n", "people.csv")
    (tmp_path / "photo.csv").write_bytes(b"\xff\xd8\xff\xe0" * 9)
    with pytest.raises(Faults) as caught:
        read_postcodes(tmp_path)
    assert len(caught.value.faults) == 2
    assert "people.csv" in str(caught.value) and "photo.csv" in str(caught.value)


def test_path_with_nothing_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_postcodes(tmp_path)
