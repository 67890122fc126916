"""What is gathered while HSDS tables are read: records, named faults, rejects. Pure."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _

from fingerpost.web.directory.csv_tables import Row, Table
from fingerpost.web.directory.enums import FaultKind
from fingerpost.web.directory.own_terms import OwnTerm
from fingerpost.web.directory.records import DirectoryRecords, Fault, Reject

V = TypeVar("V")

_LONGEST_KEY = 100
_LONGEST_NAME = 300
LONGEST_ROW = 200_000  # characters; the words of a longer one cannot be searched for
MADE = "made:"  # begins the keys of rows that have no id of their own


def misshapen(row: Row) -> str:
    """Why a row is none, whatever it is about; empty when it is one."""
    if row.surplus:
        return _("the row has more cells than the heading")
    if sum(map(len, row.cells.values())) > LONGEST_ROW:
        return _("the row is longer than %(most)s characters") % {"most": f"{LONGEST_ROW:,}"}
    return ""


class Reading:
    """The records found so far. One object is passed along while a source is read."""

    def __init__(self) -> None:
        self.found = DirectoryRecords()
        self.location_places: dict[str, int] = {}  # key -> position among the locations found
        self.pairs: dict[str, tuple[str, str]] = {}  # key of a listing at a location -> their keys
        self.units: dict[str, str] = {}  # what capacity is counted in
        self.programmes: dict[str, str] = {}
        # What stands in tables of its own and belongs on a row: (kind, key, field) -> words
        self.more: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
        # Terms of our own list: (kind, key) -> what was said, with the row that says it
        self.own: defaultdict[tuple[str, str], list[tuple[OwnTerm, Row]]] = defaultdict(list)
        self._keys: dict[str, dict[str, int]] = {}
        self._repeats: Counter[str] = Counter()

    def begin(self, kind: str, table: Table) -> None:
        earlier = self.found.files.get(kind, table.file)
        for file in [earlier, *self.found.counted_with]:
            if file != table.file and self.found.counted_as(file) == earlier:
                self.found.counted_with[file] = table.file
        self.found.files[kind] = table.file
        self.found.rows_read[table.file] = len(table.rows)
        if table.encoding_guessed:
            self.fault_of_file(FaultKind.ENCODING_GUESSED, table.file)

    def keys(self, kind: str) -> dict[str, int]:
        """Keys that landed, each with the line that gave it."""
        return self._keys.setdefault(kind, {})

    def named(self, kind: str, row: Row) -> str | None:
        """The key of a row that must have an id and a name of its own; None when it had to be rejected."""
        refusals = []
        for column, longest in (("id", _LONGEST_KEY), ("name", _LONGEST_NAME)):
            if not row.get(column):
                refusals.append((column, _("there is no %(column)s") % {"column": column}))
            elif len(row.get(column)) > longest:
                words = _("the %(column)s is longer than %(longest)s characters")
                refusals.append((column, words % {"column": column, "longest": longest}))
        first = self.keys(kind).get(row.get("id"))
        if first:
            refusals.append(("id", _("the same id was given on line %(line)s") % {"line": first}))
        if shape := misshapen(row):
            refusals.append(("", shape))
        if refusals:
            columns = ", ".join(dict.fromkeys(column for column, _reason in refusals if column))
            self.reject(row, columns, "; ".join(reason for _column, reason in refusals))
            return None
        self.keys(kind)[row.get("id")] = row.line
        return row.get("id")

    def unnamed(self, kind: str, row: Row) -> str | None:
        """The key of a row that may have no id: then one made of what it says."""
        key = row.get("id")
        if shape := misshapen(row):
            self.reject(row, "", shape)
            return None
        if key and (key in self.keys(kind) or len(key) > _LONGEST_KEY):
            self.reject(row, "id", _("the id is given twice, or is longer than 100 characters"))
            return None
        if not key:
            said = json.dumps(row.written(), sort_keys=True)
            digest = MADE + hashlib.sha256(f"{kind}{said}".encode()).hexdigest()[:32]
            self._repeats[digest] += 1
            key = f"{digest}.{self._repeats[digest]}"
        self.keys(kind)[key] = row.line
        return key

    def merge(self, row: Row) -> None:
        """Count a row that became part of another record."""
        self.found.merged[row.file] = self.found.merged.get(row.file, 0) + 1

    def reject(self, row: Row, column: str, reason: str) -> None:
        named = [name for name in column.split(", ") if name]
        self.found.rejects.append(
            Reject(
                file=row.file,
                line=row.line,
                text_line=row.text_line,
                column=column,
                value=" | ".join(row.get(name) for name in named) if any(map(row.get, named)) else "",
                reason=reason,
                key=row.get("id"),
                row={column: text[:LONGEST_ROW] for column, text in row.written().items()},
            )
        )

    def fault(
        self, kind: FaultKind, row: Row, column: str = "", about: tuple[str, str] | None = None
    ) -> None:
        value = row.get(column) if column else ""
        self.found.faults.append(
            Fault(kind=kind, file=row.file, line=row.line, column=column, value=value[:500], about=about)
        )

    def fault_of_file(self, kind: FaultKind, file: str, *, column: str = "", rows: int = 1) -> None:
        self.found.faults.append(Fault(kind=kind, file=file, column=column, rows=rows))

    def value(
        self,
        row: Row,
        column: str,
        parse: Callable[[str], V],
        fault: FaultKind,
        about: tuple[str, str] | None,
    ) -> V | None:
        """The parsed cell; None when it is empty, or malformed, which is then a named fault."""
        text = row.get(column)
        if not text:
            return None
        try:
            return parse(text)
        except (ValueError, OverflowError):
            self.fault(fault, row, column, about)
            return None
