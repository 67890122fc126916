"""Workbooks (XLSX) and CSV files as tables of named cells. Pure."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import SourceFault
from fingerpost.web.directory.csv_tables import Row, Table, check_heading
from fingerpost.web.foundation.workbooks import FORMULA, Bounds, Cells, sheets_of

BOUNDS = Bounds(lines=100_000, columns=200, unpacked=150 * 1024 * 1024)


def tables_in(name: str, content: bytes) -> list[Table]:
    """The sheets of a workbook that hold something, each named after the file. Raises `SourceFault`."""
    sheets, _notes = sheets_of(name, content, BOUNDS)
    filled = {title: lines for title, lines in sheets.items() if any(map(any, lines))}
    if not filled:
        raise SourceFault(
            _("%(file)s has no sheet with anything on it.") % {"file": name},
            expected=_("A heading in the first row, then rows."),
        )
    only = len(filled) == 1
    return [_table(name if only else f"{name}:{title}", lines) for title, lines in filled.items()]


def _table(name: str, lines: list[Cells]) -> Table:
    columns = tuple(cell.strip().lower() for cell in lines[0])
    while columns and not columns[-1]:
        columns = columns[:-1]
    check_heading(name, columns)
    rows = []
    for line, cells in enumerate(lines[1:], start=2):
        if FORMULA in cells:
            column = columns[cells.index(FORMULA)] if cells.index(FORMULA) < len(columns) else ""
            raise SourceFault(
                _("%(file)s has a formula in the column “%(column)s”.") % {"file": name, "column": column},
                line=line,
                expected=_("What the cells say, not how it is worked out."),
                remedy=_("Copy the sheet and paste it as values, or save it as “CSV UTF-8”."),
            )
        if any(cells):
            named = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
            surplus = tuple(cell for cell in cells[len(columns) :] if cell)
            rows.append(Row(name, line, line, named, surplus))
    return Table(name, columns, tuple(rows))
