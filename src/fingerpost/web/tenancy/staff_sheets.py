"""Read a list of staff from a spreadsheet: CSV, or one sheet of a workbook (XLSX), within bounds. Pure.

A workbook is a zip file of XML that a stranger may have made: what it unpacks to is counted before anything reads it,
document types are refused, formulas are never worked out, and hidden sheets are not read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fingerpost.kernel.errors import SourceFault
from fingerpost.web.foundation.workbooks import FORMULA, Bounds, Cells, sheets_of

MOST_LINES = 5_000
MOST_ROWS = 500  # a practice has dozens; each is looked at in one request
LONGEST_CELL = 500

# What the heading may call each column, in small letters; the first is the template's.
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name": ("name", "full name"),
        "email": ("e-mail", "email", "e-mail address", "email address", "work e-mail", "work email"),
        "role": ("role", "role here"),
        "organisation": ("organisation", "organization", "practice", "organisation or national code"),
        "first_day": ("first day", "start date", "starts", "starts on"),
        "last_day": ("last day", "end date", "leaving date", "ends", "ends on"),
    }
)
COLUMN_WORDS = MappingProxyType(
    {
        "name": gettext_lazy("Name"),
        "email": gettext_lazy("E-mail"),
        "role": gettext_lazy("Role"),
        "organisation": gettext_lazy("Organisation"),
        "first_day": gettext_lazy("First day"),
        "last_day": gettext_lazy("Last day"),
    }
)
_NEEDED = ("name", "email", "role")
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in one row: in which column, why, and what to do."""

    column: str
    cause: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as the file has it. `line` counts as the spreadsheet does: the heading is 1."""

    line: int
    cells: Mapping[str, str] = field(repr=False)
    problems: tuple[Problem, ...] = ()

    def get(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class StaffSheet:
    """The rows that hold something, and what the reader of the report should know about the file."""

    rows: tuple[SheetRow, ...]
    notes: tuple[str, ...] = ()


def read_staff_sheet(name: str, content: bytes) -> StaffSheet:
    """The rows of a file. Raises `SourceFault` when it is no list of staff, or too large."""
    if content.startswith(_OLD_WORKBOOK):
        raise SourceFault(
            _("%(file)s is locked with a password, or saved in an old form.") % {"file": name},
            expected=_("A workbook that ends in .xlsx, or a CSV file, without a password."),
            remedy=_("Open it in your spreadsheet program and save it again as .xlsx."),
        )
    if content.startswith(b"PK"):
        sheets, notes = sheets_of(name, content, Bounds(lines=MOST_LINES))
        return _from_workbook(name, sheets, notes)
    lines, notes = _csv_lines(name, content)
    return _sheet(name, lines, notes)


def _from_workbook(name: str, sheets: Mapping[str, list[Cells]], notes: list[str]) -> StaffSheet:
    """The one sheet with our heading; a workbook may hold others, such as the list of roles in the template."""
    fit = {title: lines for title, lines in sheets.items() if lines and not _missing(_places(lines[0]))}
    if len(fit) > 1:
        raise SourceFault(
            _("%(file)s holds more than one list of staff: %(sheets)s.")
            % {"file": name, "sheets": ", ".join(fit)},
            remedy=_("Keep them in one sheet, or save each as a file of its own."),
        )
    lines = next(iter(fit.values()), None) or next((found for found in sheets.values() if found), [])
    return _sheet(name, enumerate(lines, start=1), notes)


def _sheet(name: str, lines: Iterable[tuple[int, Cells]], notes: list[str]) -> StaffSheet:
    numbered = iter(lines)
    heading = next(numbered, (1, []))[1]
    places = _places(heading)
    _check_heading(name, heading, places)
    unread = [
        text for at, text in enumerate(heading) if text and text != FORMULA and at not in places.values()
    ]
    if unread:
        notes.append(_("Columns that were not read: %(columns)s.") % {"columns": ", ".join(unread)[:300]})
    rows: list[SheetRow] = []
    for line, cells in numbered:
        if not any(cells):
            continue
        if len(rows) >= MOST_ROWS or line > MOST_LINES:
            raise SourceFault(
                ngettext(
                    "%(file)s has more than %(most)s row.", "%(file)s has more than %(most)s rows.", MOST_ROWS
                )
                % {"file": name, "most": f"{MOST_ROWS:,}"},
                remedy=_("Import it in parts, or take away the rows beneath the list."),
            )
        rows.append(_row(line, cells, places))
    if not rows:
        raise SourceFault(
            _("%(file)s has a heading and nothing beneath it.") % {"file": name},
            remedy=_("Write one colleague in each row."),
        )
    return StaffSheet(tuple(rows), tuple(notes))


def _places(heading: Sequence[str]) -> dict[str, int]:
    """Where each of our columns stands; the first one when it stands twice."""
    names = [" ".join(text.lower().split()) for text in heading]
    found: dict[str, int] = {}
    for column, spellings in COLUMNS.items():
        at = next((number for number, text in enumerate(names) if text in spellings), None)
        if at is not None:
            found[column] = at
    return found


def _missing(places: Mapping[str, int]) -> list[str]:
    return [str(COLUMN_WORDS[column]) for column in _NEEDED if column not in places]


def _check_heading(name: str, heading: Sequence[str], places: Mapping[str, int]) -> None:
    names = [" ".join(text.lower().split()) for text in heading]
    for column, spellings in COLUMNS.items():
        if sum(text in spellings for text in names) > 1:
            raise SourceFault(
                _("%(file)s has two columns for: %(column)s.")
                % {"file": name, "column": COLUMN_WORDS[column]},
                line=1,
                remedy=_("Keep one of them."),
            )
    missing = _missing(places)
    if missing:
        raise SourceFault(
            _("The first row of %(file)s does not name these columns: %(columns)s.")
            % {"file": name, "columns": ", ".join(missing)},
            line=1,
            expected=_("A heading in the very first row, with one column in each cell and no cells merged."),
            remedy=_("Take away what stands above the heading, or begin with the template."),
        )


def _row(line: int, cells: Sequence[str], places: Mapping[str, int]) -> SheetRow:
    written: dict[str, str] = {}
    problems = []
    for column, at in places.items():
        text = cells[at].strip() if at < len(cells) else ""
        if text.startswith("="):  # in a CSV file; a workbook's is marked by its reader
            text = FORMULA
        if text == FORMULA:
            problems.append(
                Problem(
                    column,
                    _("There is a formula here, and formulas are not worked out."),
                    _("Write the text itself: copy the column and paste it as values."),
                )
            )
            text = ""
        elif len(text) > LONGEST_CELL:
            problems.append(Problem(column, _("This is too long."), _("Shorten it.")))
            text = text[:80]
        elif any(not letter.isprintable() for letter in text):
            problems.append(
                Problem(
                    column, _("There are letters here that cannot be shown."), _("Write it again by hand.")
                )
            )
            text = "".join(letter for letter in text if letter.isprintable())
        written[column] = text
    return SheetRow(line, written, tuple(problems))


def _csv_lines(name: str, content: bytes) -> tuple[Iterator[tuple[int, Cells]], list[str]]:
    encoding = next((found for mark, found in _BYTE_ORDER_MARKS if content.startswith(mark)), "utf-8")
    notes: list[str] = []
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as fault:
            raise _no_list(name) from fault
        notes.append(
            _("The file does not say how its letters are written. Check names with accents before you go on.")
        )
    if "\x00" in text:
        raise _no_list(name)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    return _numbered(name, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)), notes


def _numbered(name: str, reader: Iterator[list[str]]) -> Iterator[tuple[int, Cells]]:
    line = 0
    try:
        for line, cells in enumerate(reader, start=1):
            yield line, [cell.strip() for cell in cells]
    except csv.Error as fault:
        raise SourceFault(
            _("%(file)s breaks off after row %(line)s.") % {"file": name, "line": line},
            line=line + 1,
            expected=_("Cells with quotation marks that are closed."),
            remedy=_("Look at the row after it, or save the file again from your spreadsheet program."),
        ) from fault


def _no_list(name: str) -> SourceFault:
    return SourceFault(
        _("%(file)s is neither a CSV file nor a workbook.") % {"file": name},
        expected=_("A file that a spreadsheet program saved as .xlsx, or as “CSV UTF-8”."),
        remedy=_("Save it again in one of these forms."),
    )
