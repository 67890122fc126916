"""The tree above the practices as a CSV file: what an organisation is, and what it is part of from when. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import SourceFault
from fingerpost.web.tenancy.enums import OrganisationKind
from fingerpost.web.tenancy.listed import Listed, ReadList, check_code, check_days, check_name

COLUMNS = ("code", "name", "kind", "part of", "part of since", "opened on", "closed on")
NEEDED = ("code",)
EXAMPLES = (
    ("QVA", "Vale of Allerwold", "system", "", "", "", ""),
    ("U10001", "North Network", "network", "QVA", "2026-04-01", "2019-07-01", ""),
    ("A81001", "", "", "U10001", "2026-04-01", "", ""),
)
MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 100_000
LONGEST_CELL = 1_000
# The reader's own limit is one for the whole process: another here would cut into a directory that is read meanwhile.
_LIMIT_OF_ALL = 1_000_000

_KINDS: Mapping[str, OrganisationKind] = {kind.value: kind for kind in OrganisationKind}


def template() -> str:
    """A CSV file to begin with: the columns, and three lines that show how it is meant."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(EXAMPLES)
    return "\ufeff" + out.getvalue()


def tree_in(name: str, content: bytes) -> ReadList:
    """The lines of the file. Raises `SourceFault` when it cannot be read at all."""
    found = ReadList()
    for line, cells in _lines(name, content):
        found.read += 1
        if found.read > MOST_ROWS:
            raise SourceFault(
                _("%(file)s has more than %(most)s lines.") % {"file": name, "most": f"{MOST_ROWS:,}"},
                remedy=_("Give it in several files."),
            )
        found.codes.add(cells["code"].upper())
        row, faults = _listed(line, cells)
        for fault in faults:
            found.refuse(line, *fault)
        if not faults:
            found.rows.append(row)
    return found


def _lines(name: str, content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(_text(name, content), newline=""), strict=True)
    csv.field_size_limit(_LIMIT_OF_ALL)
    try:
        columns = tuple(" ".join(cell.lower().split()) for cell in next(reader, []))
        _check_heading(name, columns)
        for line, cells in enumerate(reader, start=2):
            if any(len(cell) > LONGEST_CELL for cell in cells):
                raise csv.Error("a cell is too long")
            if any(cell.strip() for cell in cells):
                named = {column: cell.strip() for column, cell in zip(columns, cells, strict=False)}
                yield line, {column: named.get(column, "") for column in COLUMNS}
    except csv.Error as fault:
        raise SourceFault(
            _("%(file)s breaks off at line %(line)s of its text.") % {"file": name, "line": reader.line_num},
            expected=_("Cells with quotation marks that are closed, none longer than a thousand signs."),
            remedy=_("Look at that line, or save the file again from a spreadsheet."),
        ) from fault


def _text(name: str, content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise SourceFault(
            _("%(file)s is larger than a list of organisations can be.") % {"file": name},
            expected=_("At most 20 megabytes."),
        )
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as fault:
        raise _not_csv(name) from fault
    if "\x00" in text:
        raise _not_csv(name)
    return text


def _not_csv(name: str) -> SourceFault:
    return SourceFault(
        _("%(file)s is not a CSV file in UTF-8.") % {"file": name},
        expected=_("Comma-separated values, as a spreadsheet saves them with “CSV UTF-8”."),
        remedy=_("Save the file again in that form."),
    )


def _check_heading(name: str, columns: tuple[str, ...]) -> None:
    twice = sorted({each for each in columns if each and columns.count(each) > 1})
    missing = [each for each in NEEDED if each not in columns]
    unknown = sorted({each for each in columns if each and each not in COLUMNS})
    if twice or missing or unknown:
        wrong = [
            *(f"{each} ×2" for each in twice),
            *(f"- {each}" for each in missing),
            *(f"? {each}" for each in unknown),
        ]
        raise SourceFault(
            _("The heading of %(file)s is not as it should be: %(wrong)s.")
            % {"file": name, "wrong": "; ".join(wrong)},
            line=1,
            expected=_("The columns: %(columns)s.") % {"columns": ", ".join(COLUMNS)},
            remedy=_("Begin with the template."),
        )


def _listed(line: int, cells: Mapping[str, str]) -> tuple[Listed, list[tuple[str, str, str, str]]]:
    faults = check_code(cells["code"].upper(), "code")
    if cells["name"]:
        faults += check_name(cells["name"], "name")
    kind = cells["kind"].lower()
    if kind and kind not in _KINDS:
        faults.append(
            (
                "kind",
                cells["kind"],
                _("this kind is not known"),
                _("Give one of: %(all)s.") % {"all": ", ".join(_KINDS)},
            )
        )
    if cells["part of"]:
        faults += check_code(cells["part of"].upper(), "part of")
    days: dict[str, date | None] = {}
    for column in ("part of since", "opened on", "closed on"):
        days[column], wrong = _day(cells[column], column)
        faults += wrong
    faults += check_days(days["opened on"], days["closed on"], "opened on, closed on")
    faults += check_days(days["part of since"], None, "part of since")
    row = Listed(
        line=line,
        code=cells["code"].upper(),
        name=" ".join(cells["name"].split()),
        kind=kind,
        opens_on=days["opened on"],
        closes_on=days["closed on"],
        part_of=cells["part of"].upper(),
        part_of_from=days["part of since"],
    )
    return row, faults


def _day(text: str, column: str) -> tuple[date | None, list[tuple[str, str, str, str]]]:
    """`2026-04-01`, or as British spreadsheets write it: `01/04/2026`."""
    if not text:
        return None, []
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date(), []  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None, [(column, text, _("this is no day"), _("Give a day such as 2026-04-01 or 01/04/2026."))]
