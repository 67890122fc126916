from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.factories.extracts import event_row, journey_row, pseudonymiser, write_extract

from fingerpost.interchange.errors import ExtractError, ExtractExistsError, UnknownSchemaVersion
from fingerpost.interchange.extract import open_extract
from fingerpost.interchange.manifest import sha256_of
from fingerpost.interchange.pseudonyms import Kind
from fingerpost.interchange.tables import JOURNEY, PATHWAY_EVENT, SCHEMA_VERSION
from fingerpost.interchange.writer import ExtractWriter

DAY = date(2026, 3, 2)
J = pseudonymiser().of(Kind.JOURNEY, "a journey")
K = pseudonymiser().of(Kind.JOURNEY, "another")


def _edit_manifest(folder: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "manifest.json"
    content = json.loads(path.read_text())
    edit(content)
    path.write_text(json.dumps(content))


def _faults(refused: pytest.ExceptionInfo[ExtractError]) -> str:
    return "\n".join(str(fault) for fault in refused.value.faults)


def test_extract_written_and_read_gives_the_same_rows(tmp_path: Path) -> None:
    rows = [event_row(J, 1, "referred", DAY), event_row(J, 2, "lost", DAY, reason="person_said_no")]
    write_extract(tmp_path / "out", rows, data_to=DAY)

    extract = open_extract(tmp_path / "out")
    assert extract.read(PATHWAY_EVENT).to_pylist() == rows
    assert extract.read(JOURNEY).to_pylist() == [journey_row(J, DAY)]
    assert extract.manifest.data_to == DAY
    assert extract.manifest.key_fingerprint == pseudonymiser().fingerprint
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "journey.parquet",
        "manifest.json",
        "pathway_event.parquet",
    ]


def test_extract_files_carry_table_and_schema_version(tmp_path: Path) -> None:
    extract = write_extract(tmp_path / "out", [], data_to=DAY)

    metadata = pq.read_schema(extract.path(PATHWAY_EVENT)).metadata
    assert metadata[b"fingerpost.table"] == b"pathway_event"
    assert metadata[b"fingerpost.schema_version"] == SCHEMA_VERSION.encode()


def test_extract_with_many_faults_tells_all_and_leaves_nothing(tmp_path: Path) -> None:
    rows = [
        event_row(J, 1, "referred", DAY),
        event_row(J, 1, "contacted", DAY),
        event_row(J, 2, "teleported", DAY),
        event_row(J, 3, "lost", DAY, lost_after=None),
        event_row(J, 4, "referred", DAY, reason="died"),
        event_row("Mr Bloggs", 0, "referred", DAY),
        event_row(K, 1, "Saw Mr Bloggs", DAY),
    ]
    with pytest.raises(ExtractError) as refused:
        write_extract(tmp_path / "out", rows, data_to=DAY, journeys=[journey_row(J, DAY)])

    text = _faults(refused)
    for words in (
        "must occur once; rows that repeat one: 1",
        "outside the vocabulary: 1, such as 'teleported'",
        "lost_after: must be filled where event = lost; rows left empty: 1",
        "reason: may be filled only where event = lost | closed | entered_in_error; rows",
        "pathway_event.journey_pseudonym: must be pseudonyms (32 characters 0-9 a-f); other values: 1",
        "ordinal: must be 1 or more; values below 1: 1",
        "must be found in journey.journey_pseudonym; rows that point to nothing: 2",
        "pathway_event.event: must be codes (lower-case letters, digits and _); other values: 1",
    ):
        assert words in text
    assert "Bloggs" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"occurred_on": datetime(2026, 3, 2, 9, tzinfo=UTC)},
            "occurred_on: expected days, found times of day",
        ),
        ({"ordinal": "first"}, "ordinal: expected values of the type int32"),
        ({"recorded_on": None}, "recorded_on: must be filled; rows left empty: 1"),
        ({"nhs_number": "9434765919"}, "columns not declared: nhs_number"),
    ],
)
def test_write_row_that_does_not_fit_is_refused(
    tmp_path: Path, change: dict[str, object], words: str
) -> None:
    with pytest.raises(ExtractError) as refused:
        rows = [event_row(J, 1, "referred", DAY) | change]
        write_extract(tmp_path / "out", rows, data_to=DAY, journeys=[journey_row(J, DAY)])

    assert words in _faults(refused)
    assert "9434765919" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_write_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    def rows() -> Any:
        yield event_row(J, 1, "referred", DAY)
        raise ConnectionError("the database went away")

    with pytest.raises(ConnectionError):
        write_extract(tmp_path / "out", rows(), data_to=DAY, journeys=[journey_row(J, DAY)])
    assert list(tmp_path.iterdir()) == []


def test_write_to_an_existing_folder_is_refused_and_leaves_it(tmp_path: Path) -> None:
    write_extract(tmp_path / "out", [], data_to=DAY)
    before = sha256_of(tmp_path / "out" / "manifest.json")

    with pytest.raises(ExtractExistsError, match="already; nothing was written"):
        write_extract(tmp_path / "out", [event_row(J, 1, "referred", DAY)], data_to=DAY)
    assert sha256_of(tmp_path / "out" / "manifest.json") == before


def test_write_more_rows_than_one_batch_keeps_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fingerpost.interchange.writer.BATCH_ROWS", 3)
    rows = [event_row(J, ordinal, "contact_attempted", DAY) for ordinal in range(1, 11)]

    extract = write_extract(tmp_path / "out", rows, data_to=DAY)
    assert extract.read(PATHWAY_EVENT).to_pylist() == rows
    assert extract.manifest.tables["pathway_event"].rows == 10


def test_write_a_table_twice_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(ExtractError, match="written already"),
        ExtractWriter(
            tmp_path / "out",
            pseudonymiser=pseudonymiser(),
            data_to=DAY,
            created_at=datetime(2026, 3, 3, tzinfo=UTC),
        ) as writer,
    ):
        writer.write(JOURNEY, [])
        writer.write(JOURNEY, [])


def test_open_extract_of_an_unknown_major_version_is_refused(tmp_path: Path) -> None:
    write_extract(tmp_path / "out", [], data_to=DAY)
    _edit_manifest(tmp_path / "out", lambda content: content.update(schema_version="7.0"))

    with pytest.raises(UnknownSchemaVersion, match=r"version 7\.0\. This program reads version 0\.x"):
        open_extract(tmp_path / "out")


def test_open_extract_of_a_later_minor_version_reads_what_it_knows(tmp_path: Path) -> None:
    extract = write_extract(tmp_path / "out", [event_row(J, 1, "referred", DAY)], data_to=DAY)
    path = extract.path(PATHWAY_EVENT)
    pq.write_table(pq.read_table(path).append_column("mode", pa.array(["phone"])), path)
    _edit_manifest(tmp_path / "out", lambda content: content.update(schema_version="0.9"))
    _edit_manifest(tmp_path / "out", lambda c: c["tables"]["pathway_event"].update(sha256=sha256_of(path)))

    assert open_extract(tmp_path / "out").read(PATHWAY_EVENT).column_names == list(PATHWAY_EVENT.column_names)


def test_open_extract_with_several_bad_files_tells_each(tmp_path: Path) -> None:
    extract = write_extract(tmp_path / "out", [event_row(J, 1, "referred", DAY)], data_to=DAY)
    extract.path(JOURNEY).unlink()
    with extract.path(PATHWAY_EVENT).open("ab") as file:
        file.write(b"x")

    with pytest.raises(ExtractError) as refused:
        open_extract(tmp_path / "out")
    assert "there is no file journey.parquet" in _faults(refused)
    assert "pathway_event.parquet was changed after the extract was made" in _faults(refused)


def test_open_extract_with_a_missing_column_and_a_wrong_type_tells_both(tmp_path: Path) -> None:
    extract = write_extract(tmp_path / "out", [event_row(J, 1, "referred", DAY)], data_to=DAY)
    path = extract.path(PATHWAY_EVENT)
    rows = pq.read_table(path).drop_columns(["reason"])
    place = rows.column_names.index("ordinal")
    pq.write_table(rows.set_column(place, "ordinal", pa.array([1.0])), path)
    _edit_manifest(
        tmp_path / "out", lambda c: c["tables"]["pathway_event"].update(sha256=sha256_of(path), rows=4)
    )

    with pytest.raises(ExtractError) as refused:
        open_extract(tmp_path / "out")
    assert "pathway_event.reason: the column is missing" in _faults(refused)
    assert "pathway_event.ordinal: the type is double, expected int32" in _faults(refused)
    assert "rows promised by the manifest: 4; rows found: 1" in _faults(refused)


@pytest.mark.parametrize(
    "text", ["not json", "[]", "{}", '{"format": "fingerpost-extract", "schema_version": "0.1"}']
)
def test_open_extract_with_a_bad_manifest_says_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)

    with pytest.raises(ExtractError, match=r"manifest\.json"):
        open_extract(tmp_path)


def test_open_extract_where_there_is_none_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="fingerpost extract"):
        open_extract(tmp_path / "absent")


def test_open_extract_never_reads_a_file_outside_its_folder(tmp_path: Path) -> None:
    extract = write_extract(tmp_path / "out", [], data_to=DAY)
    extract.path(JOURNEY).rename(tmp_path / "journey.parquet")
    _edit_manifest(tmp_path / "out", lambda c: c["tables"]["journey"].update(file="../journey.parquet"))

    with pytest.raises(ExtractError):
        open_extract(tmp_path / "out")
