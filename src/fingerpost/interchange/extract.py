"""Reading an extract: a folder with a manifest and one Parquet file for each declared table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fingerpost.interchange.arrow import (
    condition_faults,
    key_faults,
    link_faults,
    row_faults,
    schema_faults,
)
from fingerpost.interchange.declarations import Table
from fingerpost.interchange.errors import ExtractError, as_faults
from fingerpost.interchange.manifest import Manifest, read_manifest, sha256_of
from fingerpost.interchange.tables import TABLES, table_named
from fingerpost.kernel.words import N_, Phrase

__all__ = ["Extract", "open_extract", "rows_faults"]


@dataclass(frozen=True)
class Extract:
    """An extract whose files have been found to be what its manifest says."""

    directory: Path
    manifest: Manifest

    def path(self, table: Table) -> Path:
        return self.directory / self.manifest.tables[table.name].file

    def read(self, table: Table) -> pa.Table:
        """The declared columns of one table; columns of a later minor version are left unread."""
        return pq.read_table(self.path(table), columns=list(table.column_names))


def open_extract(directory: Path) -> Extract:
    """Open and check an extract. Every fault of every file is told at once; none is read past."""
    extract = Extract(directory, read_manifest(directory))
    faults = list(_file_faults(extract))
    # Row checks on a file with missing columns would only repeat the fault in worse words.
    faults = faults or list(rows_faults({table.name: extract.read(table) for table in TABLES}))
    if faults:
        raise ExtractError(
            Phrase(N_("The extract in {directory} cannot be used."), directory=directory),
            remedy=N_("Make the extract again, or ask whoever made it."),
            faults=as_faults(faults),
        )
    return extract


def _file_faults(extract: Extract) -> Iterator[str]:
    for table in TABLES:
        entry = extract.manifest.tables.get(table.name)
        if entry is None:
            yield Phrase(N_("{table}: the manifest does not name this table."), table=table.name)
        elif Path(entry.file).name != entry.file or not extract.path(table).is_file():
            yield Phrase(
                N_("{table}: there is no file {file} in the extract."), table=table.name, file=entry.file
            )
        elif sha256_of(extract.path(table)) != entry.sha256:
            yield Phrase(
                N_("{table}: {file} was changed after the extract was made."),
                table=table.name,
                file=entry.file,
            )
        else:
            yield from _parquet_faults(extract, table)


def _parquet_faults(extract: Extract, table: Table) -> Iterator[str]:
    with pq.ParquetFile(extract.path(table)) as file:
        expected, found = extract.manifest.tables[table.name].rows, file.metadata.num_rows
        if expected != found:
            yield Phrase(
                N_("{table}: rows promised by the manifest: {expected}; rows found: {found}."),
                table=table.name,
                expected=expected,
                found=found,
            )
        yield from schema_faults(table, file.schema_arrow)


def rows_faults(tables: dict[str, pa.Table]) -> Iterator[str]:
    """Every way in which the rows of a whole extract break the declarations; `tables` is by table name."""
    for name, rows in tables.items():
        table = table_named(name)
        yield from row_faults(table, rows)
        yield from key_faults(table, rows)
        for rule in table.conditions:
            yield from condition_faults(table, rule, rows)
        for link in table.links:
            yield from link_faults(table, link, rows, tables[link.target])
