"""Imports: what was read of each source, what that changed, and files that still wait."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from fingerpost.web.directory.csv_tables import Table
from fingerpost.web.directory.enums import ChangeKind
from fingerpost.web.directory.models import FieldWord, ImportedChange, SourceImport, TriedFiles
from fingerpost.web.directory.sheet_targets import guessed
from fingerpost.web.directory.sheets import read_tables
from fingerpost.web.foundation.actor import Actor

_EXAMPLES = 3


@dataclass(frozen=True)
class ColumnSeen:
    """A column of a file that waits: its heading, some of what stands in it, and what it was taken for."""

    file: str
    column: str
    examples: tuple[str, ...]
    filled: int
    target: str


def changes_of_import(actor: Actor, *, import_id: UUID, what: ChangeKind) -> QuerySet[ImportedChange]:
    """Rows that an import changed in one way, listings first."""
    found = ImportedChange.objects.filter(source_import_id=import_id, what=what)
    return (
        found.order_by("-kind", "name", "id") if what != ChangeKind.CHANGED else found.order_by("name", "id")
    )


def columns_seen(actor: Actor, *, done: SourceImport) -> list[ColumnSeen]:
    """The columns of an import that is begun, with what each was last time, or a guess."""
    files = TriedFiles.objects.get(source_import=done)
    with zipfile.ZipFile(io.BytesIO(bytes(files.packed))) as archive:
        tables = read_tables({name: archive.read(name) for name in archive.namelist()})
    return [seen for table in tables for seen in _columns_of(table, done.source.column_mapping)]


def words_by_field(actor: Actor, *, listing_id: UUID) -> Mapping[str, list[FieldWord]]:
    """Who says what of a listing, where more than one speaks, by field; one query."""
    found: dict[str, list[FieldWord]] = {}
    words = FieldWord.objects.filter(listing_id=listing_id).select_related("source")
    for word in words.order_by("field", "source__rank", "-said_at"):
        found.setdefault(word.field, []).append(word)
    return found


def _columns_of(table: Table, agreed: Mapping[str, Mapping[str, str]]) -> Iterable[ColumnSeen]:
    taken = agreed[table.file] if table.file in agreed else guessed(table.columns)
    for column in table.columns:
        if column:
            values = [text for row in table.rows if (text := row.get(column))]
            yield ColumnSeen(
                file=table.file,
                column=column,
                examples=tuple(dict.fromkeys(values[:20]))[:_EXAMPLES],
                filled=len(values),
                target=taken.get(column, ""),
            )
