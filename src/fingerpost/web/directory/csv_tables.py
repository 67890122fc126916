"""CSV files as tables of named cells, whatever program saved them. Pure."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import SourceFault
from fingerpost.web.directory.formula_signs import unguarded

LONGEST_CELL = 1_000_000  # characters; a longer one is a broken quotation mark, or worse
_PIECE = 1024 * 1024
LONGEST_LINE = 4_000_000  # bytes; a cell's text may go over several lines
MOST_COLUMNS = 1000
LONGEST_HEADING = 200
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
    encoding, guessed = _encoding_of(file, content)
    _check_lines(file, content)
    # Decoded line by line: the whole as text would be held four times over.
    text = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    reader = csv.reader(text, strict=True)
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


def _encoding_of(file: str, content: bytes) -> tuple[str, bool]:
    """The encoding, and whether it had to be guessed."""
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
    # Spreadsheets that do not save UTF-8 save cp1252; every byte has a meaning in it or is a fault.
    for name in (encoding, "cp1252"):
        try:
            has_null = any("\x00" in piece for piece in _decoded(content, name))
        except UnicodeDecodeError:
            continue
        if not has_null:
            return name, name != encoding
        break
    raise _not_csv(file)


def _decoded(content: bytes, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(content), _PIECE):
        yield decoder.decode(content[start : start + _PIECE])
    yield decoder.decode(b"", final=True)


def _check_lines(file: str, content: bytes) -> None:
    """A line of many megabytes is no row of a list, and is refused before it is held as text."""
    start, number = 0, 1
    while len(content) - start > LONGEST_LINE:
        most = start + LONGEST_LINE
        end = max(content.rfind(b"\n", start, most), content.rfind(b"\r", start, most))
        if end < 0:
            raise SourceFault(
                _("%(file)s has a line that does not end.") % {"file": file},
                line=number,
                expected=_("Lines of at most %(most)s megabytes.") % {"most": LONGEST_LINE // 1_000_000},
                remedy=_("Look at that line, or save the file again from a spreadsheet."),
            )
        number += content.count(b"\n", start, end + 1)
        start = end + 1


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
    if len(columns) > MOST_COLUMNS or any(len(name) > LONGEST_HEADING for name in columns):
        raise SourceFault(
            _("The first line of %(file)s is not a heading that can be read.") % {"file": file},
            line=1,
            expected=_("At most %(most)s columns, each with a name of at most %(longest)s characters.")
            % {"most": MOST_COLUMNS, "longest": LONGEST_HEADING},
            remedy=_("Put a line with the names of the columns on top."),
        )
    twice = sorted(name for name, times in Counter(columns).items() if name and times > 1)
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
