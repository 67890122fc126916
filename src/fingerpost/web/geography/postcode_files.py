"""Read postcode files (CSV): ONSPD and NSPL, and short lists of postcode, latitude and longitude.

Pure: files in, rows and rejects out. Faults of whole files are gathered and told together.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import FaultList, InvalidValue, NotFound, SourceFault
from fingerpost.kernel.postcode import Postcode
from fingerpost.web.geography.points import Point
from fingerpost.web.geography.records import FileTally, PostcodeRow, PostcodesRead, Reject

# Spellings of each column, best first. Where both censuses' areas are there, the newer is taken.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "postcode": ("pcds", "postcode", "pcd", "pcd2"),
    "latitude": ("lat", "latitude"),
    "longitude": ("long", "lon", "lng", "longitude"),
    "lsoa21": ("lsoa21", "lsoa21cd"),
    "lsoa11": ("lsoa11", "lsoa11cd"),
    "small_area": ("small_area", "area_code"),
    "quintile": ("deprivation_quintile",),
    "ended": ("doterm",),
}
_NEEDED = ("postcode", "latitude", "longitude")
_ONS_NOWHERE = 99.999999  # ONS writes this latitude for a postcode without a grid reference
_LOCAL = "local"


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which cell of a row holds what."""

    cells: Mapping[str, int]

    def value(self, row: list[str], what: str) -> str:
        at = self.cells.get(what)
        return row[at].strip() if at is not None and at < len(row) else ""


class _Refused(Exception):
    def __init__(self, column: str, value: str, reason: str) -> None:
        self.column, self.value, self.reason = column, value, reason


def read_postcodes(path: Path) -> PostcodesRead:
    """Every row of a CSV file, or of those of a folder. Raises `Faults` with each that cannot be read."""
    found = PostcodesRead()
    faults = FaultList()
    seen: dict[str, tuple[str, int]] = {}
    for file in _files(path):
        with faults.catching():
            _read_file(file, found, seen)
    faults.raise_any(_("Some of the files cannot be read, so nothing was imported."))
    return found


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    files = sorted(path.glob("*.csv")) if path.is_dir() else []
    if not files:
        raise NotFound(
            _("There is no postcode file at %(path)s.") % {"path": path},
            expected=_("A CSV file, or a folder that holds CSV files."),
            remedy=_("Check the path."),
        )
    return files


def _read_file(file: Path, found: PostcodesRead, seen: dict[str, tuple[str, int]]) -> None:
    tally = FileTally(file.name)
    with _telling_what_it_is_not(file), file.open(encoding="utf-8-sig", newline="") as stream:
        notes = _skip_notes(stream)
        rows = csv.reader(stream)
        layout = _layout(file, next(rows, []))
        for line, row in enumerate(rows, start=notes + 2):
            if not any(row):
                continue
            tally.read += 1
            try:
                found.rows.append(_parse(layout, row, (file.name, line), seen))
            except _Refused as refused:
                tally.rejected += 1
                found.rejects.append(Reject(file.name, line, refused.column, refused.value, refused.reason))
    found.tallies.append(tally)


@contextmanager
def _telling_what_it_is_not(file: Path) -> Iterator[None]:
    try:
        yield
    except (csv.Error, UnicodeDecodeError) as fault:
        raise SourceFault(
            _("%(file)s is not a CSV file in UTF-8.") % {"file": file.name},
            expected=_("Comma-separated values, as a spreadsheet saves them with “CSV UTF-8”."),
            remedy=_("Save the file again in that form."),
        ) from fault


def _skip_notes(stream: TextIO) -> int:
    """Leading lines that begin with # explain a file; they are not rows. Returns how many there were."""
    notes = 0
    start = stream.tell()
    while stream.readline().startswith("#"):
        notes, start = notes + 1, stream.tell()
    stream.seek(start)
    return notes


def _layout(file: Path, heading: list[str]) -> _Layout:
    names = {name.strip().lower(): position for position, name in reversed(list(enumerate(heading)))}
    cells = {
        what: names[spelling]
        for what, spellings in _COLUMNS.items()
        for spelling in reversed(spellings)
        if spelling in names
    }
    missing = [what for what in _NEEDED if what not in cells]
    if missing:
        raise SourceFault(
            _("%(file)s has no column for: %(columns)s.")
            % {"file": file.name, "columns": ", ".join(missing)},
            line=1,
            expected=_("A heading with columns such as: postcode, lat, long."),
            remedy=_("Put a heading in the first line, or name the columns so."),
        )
    return _Layout(cells)


def _parse(
    layout: _Layout, row: list[str], here: tuple[str, int], seen: dict[str, tuple[str, int]]
) -> PostcodeRow:
    text = layout.value(row, "postcode")
    try:
        postcode = Postcode.parse(text)
    except InvalidValue as fault:
        raise _Refused("postcode", text, " ".join(fault.sentences(_)[:1])) from fault
    if postcode.value in seen:
        file, line = seen[postcode.value]
        raise _Refused(
            "postcode", text, _("already given by %(file)s, line %(line)s") % {"file": file, "line": line}
        )
    latitude, longitude = _place(layout, row)
    area, version = _area(layout, row)
    quintile = _quintile(layout, row)
    ended = _month(layout.value(row, "ended"))
    seen[postcode.value] = here
    return PostcodeRow(
        postcode, latitude, longitude, area, version, quintile, _LOCAL if quintile else "", ended
    )


def _place(layout: _Layout, row: list[str]) -> tuple[float | None, float | None]:
    latitude, longitude = layout.value(row, "latitude"), layout.value(row, "longitude")
    if not latitude and (not longitude or not longitude.strip("-0.")):
        return None, None  # lists made from NSPL write longitude 0 where there is no grid reference
    numbers = []
    for column, text in (("latitude", latitude), ("longitude", longitude)):
        try:
            numbers.append(float(text))
        except ValueError as fault:
            raise _Refused(column, text, _("not a number of degrees")) from fault
    if numbers[0] == _ONS_NOWHERE:
        return None, None
    try:
        point = Point(*numbers)
    except InvalidValue as fault:
        raise _Refused(
            "latitude, longitude", f"{latitude}, {longitude}", _("not a place on the globe")
        ) from fault
    return point.latitude, point.longitude


def _area(layout: _Layout, row: list[str]) -> tuple[str, str]:
    for what, version in (("lsoa21", "lsoa21"), ("lsoa11", "lsoa11"), ("small_area", _LOCAL)):
        code = layout.value(row, what)
        if code:
            return code[:12], version
    return "", ""


def _quintile(layout: _Layout, row: list[str]) -> int | None:
    text = layout.value(row, "quintile")
    if not text:
        return None
    if text not in ("1", "2", "3", "4", "5"):
        raise _Refused("deprivation_quintile", text, _("not a fifth: 1 (most deprived) to 5"))
    return int(text)


def _month(text: str) -> date | None:
    """ONS writes the month in which a postcode ended as `199606`."""
    if not text:
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), 1)
    except ValueError as fault:
        raise _Refused("doterm", text, _("not a month written as 199606")) from fault
