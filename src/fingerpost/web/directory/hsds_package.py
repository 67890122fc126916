"""The tabular data package of HSDS: `datapackage.json` says which file holds which table, and how. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import FaultList, SourceFault
from fingerpost.web.directory.csv_tables import LONGEST_CELL
from fingerpost.web.directory.feeds.json_values import parsed
from fingerpost.web.directory.upload import DESCRIPTOR

_ENCODINGS = {
    "utf-8",
    "utf-16",
    "utf-16le",
    "utf-16be",
    "latin-1",
    "iso-8859-1",
    "windows-1252",
    "cp1252",
    "ascii",
}


def tables_of_package(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The CSV files of a package under the names of HSDS (`services.csv` ...). Raises `Faults` with all that is wrong.

    Files that the package does not name keep their own names, so that the report says they were not read.
    """
    faults = FaultList()
    found: dict[str, bytes] = {}
    named: set[str] = {DESCRIPTOR}
    for nth, resource in enumerate(_resources(files), start=1):
        with faults.catching():
            table, paths = _described(resource, nth)
            if f"{table}.csv" in found:
                raise SourceFault(_("The package describes the table %(table)s twice.") % {"table": table})
            found[f"{table}.csv"] = _content(files, table, paths, resource)
            named.update(paths)
    faults.raise_any(_("The data package cannot be read, so nothing was imported."))
    return {**{name: content for name, content in files.items() if name not in named}, **found}


def _resources(files: Mapping[str, bytes]) -> list[Any]:
    if DESCRIPTOR not in files:
        raise SourceFault(
            _("There is no %(file)s among the files.") % {"file": DESCRIPTOR},
            expected=_("A data package of HSDS: %(file)s and the CSV files that it names.")
            % {"file": DESCRIPTOR},
        )
    described = parsed(files[DESCRIPTOR], where=DESCRIPTOR)
    resources = described.get("resources") if isinstance(described, Mapping) else None
    if not isinstance(resources, list) or not resources:
        raise SourceFault(
            _("%(file)s names no files.") % {"file": DESCRIPTOR},
            expected=_("A list called resources, with a name and a path each."),
        )
    return resources


def _described(resource: Any, nth: int) -> tuple[str, list[str]]:
    """The table a resource holds, and the names of its files. One that lies elsewhere is not fetched."""
    if not isinstance(resource, Mapping) or not isinstance(resource.get("name"), str):
        raise SourceFault(_("Resource %(nth)s of the package has no name.") % {"nth": nth})
    said = resource.get("path")
    paths = [path for path in (said if isinstance(said, list) else [said]) if isinstance(path, str) and path]
    if not paths or (isinstance(said, list) and len(paths) < len(said)):
        raise SourceFault(
            _("The table %(table)s of the package has no path.") % {"table": resource["name"]},
            expected=_("The name of a CSV file in the package."),
        )
    if any("://" in path or path.startswith("/") or ".." in PurePosixPath(path).parts for path in paths):
        raise SourceFault(
            _("The table %(table)s of the package lies outside of it.") % {"table": resource["name"]},
            expected=_("The name of a CSV file in the package."),
            remedy=_("Put the file into the package."),
        )
    table = PurePosixPath(resource["name"].strip().lower()).name.removesuffix(".csv")
    return table, [PurePosixPath(path.replace("\\", "/")).name.lower() for path in paths]


def _content(files: Mapping[str, bytes], table: str, paths: list[str], resource: Mapping[str, Any]) -> bytes:
    missing = [path for path in paths if path not in files]
    if missing:
        raise SourceFault(
            _("The package names files that are not in it: %(files)s.") % {"files": ", ".join(missing)},
            remedy=_("Put them into the package, or leave them out of %(file)s.") % {"file": DESCRIPTOR},
        )
    if len(paths) > 1:
        raise SourceFault(
            _("The table %(table)s of the package is cut into several files.") % {"table": table},
            expected=_("One file for each table."),
            remedy=_("Join the files into one."),
        )
    dialect = resource.get("dialect")
    encoding = str(resource.get("encoding") or "utf-8").lower()
    delimiter = dialect.get("delimiter", ",") if isinstance(dialect, Mapping) else ","
    if encoding.replace("_", "-") not in _ENCODINGS or not isinstance(delimiter, str) or len(delimiter) != 1:
        raise SourceFault(
            _("The table %(table)s is written in a way that cannot be read.") % {"table": table},
            expected=_("Cells divided by one sign, in UTF-8, UTF-16 or Windows-1252."),
        )
    return _plain(files[paths[0]], paths[0], encoding, delimiter)


def _plain(content: bytes, file: str, encoding: str, delimiter: str) -> bytes:
    """The same table with commas, in UTF-8."""
    if delimiter == "," and encoding == "utf-8":
        return content
    csv.field_size_limit(LONGEST_CELL)
    try:
        rows = csv.reader(io.StringIO(content.decode(encoding), newline=""), delimiter=delimiter, strict=True)
        out = io.StringIO(newline="")
        csv.writer(out).writerows(rows)
    except (UnicodeDecodeError, csv.Error) as fault:
        raise SourceFault(
            _("%(file)s is not written as the package says.") % {"file": file},
            expected=_("A file in the encoding and with the dividing sign that the package names."),
        ) from fault
    return out.getvalue().encode()
