"""Writing an extract: all of it or none of it.

Files are written in a hidden folder beside the destination, checked as a reader would check them, flushed to
disk, and put in place by one rename. Whatever goes wrong before that leaves nothing at the destination.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from fingerpost.interchange.arrow import arrow_schema, empty_fault
from fingerpost.interchange.declarations import ColumnType, Table
from fingerpost.interchange.errors import ExtractError, ExtractExistsError, as_faults
from fingerpost.interchange.extract import Extract, open_extract
from fingerpost.interchange.manifest import MANIFEST_FILE, Manifest, TableFile, sha256_of
from fingerpost.interchange.pseudonyms import Pseudonymiser
from fingerpost.interchange.tables import SCHEMA_VERSION, TABLES
from fingerpost.kernel.london import require_aware
from fingerpost.kernel.words import N_, Phrase

BATCH_ROWS = 50_000
README_FILE = "README.md"

Row = Mapping[str, object]


class ExtractWriter:
    """Writes one extract, table by table.

    ```
    with ExtractWriter(Path("out"), pseudonymiser=p, data_to=day, created_at=now) as writer:
        writer.write(JOURNEY, journey_rows)
        writer.write(PATHWAY_EVENT, event_rows)
    extract = writer.extract
    ```

    A table that was never written is written empty; `readme` is words for whoever opens the folder. Leaving
    the block puts the extract in place; an exception inside it leaves nothing behind.
    """

    extract: Extract

    def __init__(
        self,
        destination: Path,
        *,
        pseudonymiser: Pseudonymiser,
        data_to: date,
        created_at: datetime,
        readme: str = "",
    ) -> None:
        self._destination, self._readme = destination, readme
        self._project, self._fingerprint = pseudonymiser.project, pseudonymiser.fingerprint
        self._data_to, self._created_at = data_to, require_aware(created_at)
        self._written: dict[str, int] = {}

    def __enter__(self) -> Self:
        _refuse_existing(self._destination)
        self._destination.parent.mkdir(parents=True, exist_ok=True)
        # mkdtemp makes the folder readable by its owner alone, and the extract keeps that.
        self._folder = Path(tempfile.mkdtemp(prefix=".extract-", dir=self._destination.parent))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def write(self, table: Table, rows: Iterable[Row]) -> int:
        """Write all rows of one table, in batches; returns how many. A row has just the declared columns."""
        if table.name in self._written:
            raise ExtractError(Phrase(N_("The table {table} was written already."), table=table.name))
        schema = arrow_schema(
            table, {"fingerpost.table": table.name, "fingerpost.schema_version": SCHEMA_VERSION}
        )
        count = 0
        with pq.ParquetWriter(self._folder / _file_name(table), schema, compression="zstd") as file:
            for batch in _batches(rows):
                file.write_batch(_record_batch(table, schema, batch, first=count))
                count += len(batch)
        self._written[table.name] = count
        return count

    def _finish(self) -> None:
        for table in TABLES:
            if table.name not in self._written:
                self.write(table, ())
        (self._folder / MANIFEST_FILE).write_text(self._manifest().to_json(), encoding="utf-8")
        if self._readme:
            (self._folder / README_FILE).write_text(self._readme, encoding="utf-8")
        manifest = open_extract(self._folder).manifest
        for path in self._folder.iterdir():
            _flush(path)
        _refuse_existing(self._destination)
        self._folder.rename(self._destination)
        _flush(self._destination.parent)
        self.extract = Extract(self._destination, manifest)

    def _manifest(self) -> Manifest:
        return Manifest(
            schema_version=SCHEMA_VERSION,
            project=self._project,
            key_fingerprint=self._fingerprint,
            data_to=self._data_to,
            created_at=self._created_at,
            tables={
                table.name: TableFile(
                    file=_file_name(table),
                    rows=self._written[table.name],
                    sha256=sha256_of(self._folder / _file_name(table)),
                )
                for table in TABLES
            },
        )


def _file_name(table: Table) -> str:
    return f"{table.name}.parquet"


def _refuse_existing(destination: Path) -> None:
    if destination.exists():
        raise ExtractExistsError(
            Phrase(N_("There is something at {path} already; nothing was written."), path=destination),
            remedy=N_("Name a new folder for the extract."),
        )


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH_ROWS)):
        yield batch


def _record_batch(table: Table, schema: pa.Schema, batch: list[Row], *, first: int) -> pa.RecordBatch:
    """One batch as Arrow. pyarrow quietly drops unknown keys and cuts times down to days; we refuse both."""
    faults: list[str] = []
    declared = set(table.column_names)
    for number, row in enumerate(batch, start=first + 1):
        if row.keys() != declared:
            faults.append(_columns_fault(table, row, declared, number))
            break
    if not faults:
        columns = {name: [row[name] for row in batch] for name in table.column_names}
        arrays = {name: _array(table, schema, name, values, faults) for name, values in columns.items()}
    if faults:
        raise ExtractError(
            Phrase(N_("Rows for the table {table} do not fit its declaration."), table=table.name),
            faults=as_faults(faults),
        )
    return pa.RecordBatch.from_arrays(list(arrays.values()), schema=schema)


def _columns_fault(table: Table, row: Row, declared: set[str], number: int) -> str:
    return Phrase(
        N_("{table}, row {number}: columns missing: {missing}; columns not declared: {strange}."),
        table=table.name,
        number=number,
        missing=", ".join(sorted(declared - row.keys())) or "-",
        strange=", ".join(sorted(row.keys() - declared)) or "-",
    )


def _array(
    table: Table, schema: pa.Schema, name: str, values: list[object], faults: list[str]
) -> pa.Array | None:
    column, field = f"{table.name}.{name}", schema.field(name)
    if table.column(name).type is ColumnType.DATE and any(isinstance(value, datetime) for value in values):
        faults.append(Phrase(N_("{column}: expected days, found times of day."), column=column))
        return None
    try:
        array = pa.array(values, field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        faults.append(
            Phrase(N_("{column}: expected values of the type {type}."), column=column, type=field.type)
        )
        return None
    if array.null_count and not field.nullable:
        faults.append(empty_fault(column, array.null_count))
    return array


def _flush(path: Path) -> None:
    """Make a file, or the names in a folder, outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
