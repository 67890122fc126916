"""CSV files as tables of named cells, whatever program saved them. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import SourceFault
from fingerpost.web.directory.formula_signs import unguarded

LONGEST_CELL = 1_000_000  # characters; a longer one is a broken quotation mark, or worse
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True)
class Row:
    """One row. `line` counts rows as a spreadsheet does (the heading is 1); `text_line` lines of text."""

    file: str
    line: int
    text_line: int
    cells: Mapping[str, str] = field(repr=False)
    surplus: tuple[str, ...] = ()

    def get(self, *columns: str) -> str:
        """The first of these columns that holds something."""
        return next((text for column in columns if (text := self.cells.get(column, ""))), "")

    def written(self) -> dict[str, str]:
        """What the source wrote, without its empty cells."""
        return {column: text for column, text in self.cells.items() if text}


@dataclass(frozen=True)
class Table:
    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding_guessed: bool = False


def read_table(file: str, content: bytes) -> Table:
    """The rows of one CSV file, without its empty lines. Raises `SourceFault` when it cannot be read."""
    text, guessed = _decode(file, content)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    csv.field_size_limit(LONGEST_CELL)
    lines = _numbered(file, reader)
    heading = next(lines, (0, []))[1]
    columns = tuple(name.strip().lower() for name in heading)
    check_heading(file, columns)
    rows = []
    for line, (text_line, cells) in enumerate(lines, start=2):
        if any(cell.strip() for cell in cells):
            rows.append(_row(file, line, text_line, columns, cells))
    return Table(file, columns, tuple(rows), guessed)


def _decode(file: str, content: bytes) -> tuple[str, bool]:
    """The text, and whether the encoding had to be guessed."""
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
    guessed = False
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        # Spreadsheets that do not save UTF-8 save this; every byte has a meaning in it or is a fault.
        guessed = True
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as fault:
            raise _not_csv(file) from fault
    if "\x00" in text:
        raise _not_csv(file)
    return text, guessed


def _not_csv(file: str, line: int | None = None) -> SourceFault:
    return SourceFault(
        _("%(file)s cannot be read as a CSV file.") % {"file": file},
        line=line,
        expected=_("Comma-separated values, as a spreadsheet saves them with “CSV UTF-8”."),
        remedy=_("Save the file again in that form."),
    )


def _numbered(file: str, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line of text that it begins on."""
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1  # type: ignore[attr-defined]
    except csv.Error as fault:
        raise SourceFault(
            _("%(file)s breaks off at line %(line)s of its text: %(why)s.")
            % {"file": file, "line": begins, "why": fault},
            line=begins,
            expected=_("Cells with quotation marks that are closed, none longer than a million characters."),
            remedy=_("Look at that line, or save the file again from a spreadsheet."),
        ) from fault


def check_heading(file: str, columns: tuple[str, ...]) -> None:
    """Raise `SourceFault` when the first line names no columns, or one twice, or is that of a page."""
    if next((name for name in columns if name), "").startswith("<"):
        raise _not_csv(file, 1)
    if not any(columns):
        raise SourceFault(
            _("%(file)s is empty.") % {"file": file}, expected=_("A heading in the first line, then rows.")
        )
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise SourceFault(
            _("%(file)s names a column twice: %(columns)s.") % {"file": file, "columns": ", ".join(twice)},
            line=1,
            expected=_("Every column name once."),
        )


def _row(file: str, line: int, text_line: int, columns: tuple[str, ...], cells: list[str]) -> Row:
    """Missing cells at the end of a row are empty; surplus ones are kept aside."""
    named = {name: unguarded(cell.strip()) for name, cell in zip(columns, cells, strict=False) if name}
    surplus = tuple(cell for cell in cells[len(columns) :] if cell.strip())
    return Row(file, line, text_line, named, surplus)
