"""A list of prescribing organisations as NHS Digital's open data have it, in Parquet: read whole, within bounds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fingerpost.kernel.errors import SourceFault
from fingerpost.kernel.words import N_, Phrase

COLUMNS = (
    "OrganisationCode",
    "OrganisationName",
    "PCDS",
    "OpenDate",
    "CloseDate",
    "Status",
    "PrescribingSetting",
)
MOST_ROWS = 100_000
LONGEST_CELL = 1_000
MOST_BYTES = 100 * 1024 * 1024  # unpacked: a small file may hold very much of nothing

Cell = str | date | None


def read_practice_list(source: Path | BinaryIO) -> Iterator[dict[str, Cell]]:
    """Each row by the names in `COLUMNS`. Raises `SourceFault` for what is no such list, or too large to be one."""
    try:
        with pq.ParquetFile(source) as file:
            _check(file)
        if not isinstance(source, Path):
            source.seek(0)
        # A text that stands in a hundred thousand rows is held once, not a hundred thousand times.
        with pq.ParquetFile(source, read_dictionary=list(COLUMNS)) as file:
            rows = file.read(columns=list(COLUMNS))
        _check_texts(rows)
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise SourceFault(
            N_("This cannot be read as a Parquet file."),
            expected=N_("The list of practices as a Parquet file."),
            remedy=N_("Take the file again from where it comes from."),
        ) from fault
    for batch in rows.to_batches(max_chunksize=5_000):
        for row in batch.to_pylist():
            yield {name: _cell(row[name]) for name in COLUMNS}


def _check(file: pq.ParquetFile) -> None:
    groups = range(file.metadata.num_row_groups)
    size = sum(file.metadata.row_group(group).total_byte_size for group in groups)
    if file.metadata.num_rows > MOST_ROWS or size > MOST_BYTES:
        raise SourceFault(
            Phrase(
                N_("This file holds {rows} rows, too many for a list of practices."),
                rows=file.metadata.num_rows,
            ),
            expected=Phrase(N_("At most {most} rows."), most=MOST_ROWS),
        )
    missing = [name for name in COLUMNS if name not in file.schema_arrow.names]
    if missing:
        raise SourceFault(
            Phrase(N_("These columns are missing: {columns}."), columns=", ".join(missing)),
            expected=Phrase(N_("A list with the columns: {columns}."), columns=", ".join(COLUMNS)),
        )
    strange = [name for name in COLUMNS if not _is_plain(file.schema_arrow.field(name).type)]
    if strange:
        raise SourceFault(
            Phrase(N_("These columns hold no plain texts or days: {columns}."), columns=", ".join(strange)),
            expected=N_("The list of practices as it is published."),
        )


def _check_texts(rows: pa.Table) -> None:
    for name in COLUMNS:
        for part in rows.column(name).chunks:
            texts = part.dictionary if pa.types.is_dictionary(part.type) else part
            if _is_text(texts.type) and (pc.max(pc.binary_length(texts)).as_py() or 0) > LONGEST_CELL:
                raise SourceFault(
                    Phrase(N_("The column {column} holds a text that is too long."), column=name),
                    expected=Phrase(N_("Texts of at most {most} letters."), most=LONGEST_CELL),
                )


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _is_plain(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    tests = (pa.types.is_temporal, pa.types.is_integer, pa.types.is_floating, pa.types.is_null)
    return _is_text(kind) or any(test(kind) for test in tests)


def _cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    return str(value)
