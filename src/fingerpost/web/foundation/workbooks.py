"""The visible sheets of a workbook (XLSX) as lines of text. What it unpacks to is counted first. Pure."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils.exceptions import InvalidFileException

from fingerpost.kernel.errors import SourceFault

Cells = list[str]
FORMULA = "\x00formula"  # what stands in a cell whose text would have to be worked out
_MOST_MEMBERS = 200
_CHUNK = 1024 * 1024
# Whatever reading a broken, locked or foreign workbook ends in.
_DAMAGE = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    OSError,
    OverflowError,
)
# The spreadsheet program's own limit for a row; and what can be read in seconds.
_MOST_CELLS_IN_A_ROW = 16_384
_MOST_CELLS = 3_000_000
_MOST_TAGS_OF_TEXTS = 2_000_000  # shared strings
_MOST_TAGS = 200_000  # of any other part: styles, names, relations
_ROW_OR_CELL = re.compile(rb"<(?:\w+:)?(row|c)[\s/>]")
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="\$?[A-Z]+\$?(\d+):\$?[A-Z]+\$?\d+"')
_FILLED = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="[A-Z]+(\d+)"[^>]*[^/]>')


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """How large a workbook may be. `unpacked` in bytes, of all its parts together."""

    lines: int
    columns: int = 50
    unpacked: int = 30 * 1024 * 1024


def sheets_of(name: str, content: bytes, bounds: Bounds) -> tuple[dict[str, list[Cells]], list[str]]:
    """The lines of each visible sheet by its title, and what was not read. Raises `SourceFault`."""
    try:
        parts = _unpacked(name, content, bounds)
        return _read(name, content, parts, bounds)
    except _DAMAGE as fault:
        raise SourceFault(
            _("%(file)s cannot be read as a workbook.") % {"file": name},
            expected=_("A file that a spreadsheet program saved as .xlsx, without a password."),
            remedy=_("Save it again as .xlsx, or as “CSV UTF-8”."),
        ) from fault


def _unpacked(name: str, content: bytes, bounds: Bounds) -> dict[str, bytes]:
    """Every part, counted as it comes: what the file says of its own sizes is not believed."""
    parts: dict[str, bytes] = {}
    left = bounds.unpacked
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > _MOST_MEMBERS:
            raise _too_large(name, bounds)
        for member in members:
            found = bytearray()
            with archive.open(member) as packed:
                while chunk := packed.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise _too_large(name, bounds)
                    found += chunk
            _check_part(name, member.filename, found, bounds)
            parts[member.filename] = bytes(found)
    if "xl/workbook.xml" not in parts:
        raise ValueError("not a workbook")
    return parts


def _check_part(name: str, part: str, found: bytearray, bounds: Bounds) -> None:
    """No document type, whose entities could grow; no more tags than can be read: each may become an object."""
    plain = found.replace(b"\x00", b"") if b"\x00" in found else found  # also when it is written in UTF-16
    if _DOCTYPE.search(plain):
        raise ValueError("a document type has no place in a workbook")
    if part.startswith("xl/worksheets/") and part.endswith(".xml"):
        in_row = 0
        for in_all, one in enumerate(_ROW_OR_CELL.finditer(plain), start=1):
            in_row = 0 if one[1] == b"row" else in_row + 1
            if in_row > _MOST_CELLS_IN_A_ROW or in_all > _MOST_CELLS:
                raise _too_large(name, bounds)
    elif part.endswith((".xml", ".rels")):
        texts = part.endswith("sharedStrings.xml")
        if plain.count(b"<") > (_MOST_TAGS_OF_TEXTS if texts else _MOST_TAGS):
            raise _too_large(name, bounds)


def _read(
    name: str, content: bytes, parts: dict[str, bytes], bounds: Bounds
) -> tuple[dict[str, list[Cells]], list[str]]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        sheets: dict[str, list[Cells]] = {}
        hidden: list[str] = []
        left = bounds.lines
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                hidden.append(sheet.title)
                continue
            part = parts[sheet._worksheet_path.lstrip("/")]
            _check_length(name, part, bounds)
            _check_not_merged(name, sheet.title, part)
            sheets[sheet.title] = _lines(name, sheet, bounds, left)
            left -= len(sheets[sheet.title])
    finally:
        book.close()
    notes = (
        [_("Hidden sheets that were not read: %(sheets)s.") % {"sheets": ", ".join(hidden)}] if hidden else []
    )
    return sheets, notes


def _check_not_merged(name: str, title: str, part: bytes) -> None:
    """A merged cell leaves its neighbours empty: which column a cell belongs to is then a guess."""
    if any(int(found) == 1 for found in _MERGED.findall(part)):
        raise SourceFault(
            _("%(file)s has merged cells in the first row of the sheet “%(sheet)s”.")
            % {"file": name, "sheet": title},
            line=1,
            expected=_("A heading in the very first row, with one column in each cell and no cells merged."),
            remedy=_("Take away what stands above the heading, or begin with the template."),
        )


def _check_length(name: str, part: bytes, bounds: Bounds) -> None:
    """Empty rows at the end are common, and cost nothing; a value so far down is never left out silently."""
    most = bounds.lines
    if part.count(b"<row") > most or any(int(found) > most for found in _FILLED.findall(part)):
        raise _too_large(name, bounds)


def _too_large(name: str, bounds: Bounds) -> SourceFault:
    return SourceFault(
        _("%(file)s is too large.") % {"file": name},
        expected=_("Sheets of at most %(most)s rows, without pictures.") % {"most": f"{bounds.lines:,}"},
        remedy=_("Copy the rows that you need into a file of their own."),
    )


def _lines(name: str, sheet: Any, bounds: Bounds, left: int) -> list[Cells]:
    """All sheets together have `left` lines: many sheets of a row each, far down, would be as many as they like."""
    sheet.reset_dimensions()  # what a sheet says of its own size is not believed either
    lines: list[Cells] = []
    empty: Cells = []
    for row in sheet.iter_rows(max_row=bounds.lines + 1, max_col=bounds.columns):
        if len(lines) >= left:
            raise _too_large(name, bounds)
        lines.append([_text(cell) for cell in row] if any(map(_is_filled, row)) else empty)
    return lines


def _is_filled(cell: Any) -> bool:
    return cell is not EMPTY_CELL and cell.value is not None


def _text(cell: Any) -> str:
    if cell.data_type == "f":
        return FORMULA
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
