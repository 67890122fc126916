"""Everything at once: the tabular data package of HSDS as a zip file, written while it is being sent."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.openreferral.tables import TABLES, Table, cell

_ROWS_AT_ONCE = 500


class _Outlet(io.RawIOBase):
    """Takes what is written and gives it on: a zip file that nobody has to keep."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        return True

    def write(self, given: Any, /) -> int:
        self._waiting.append(bytes(given))
        self._written += len(given)
        return len(given)

    def tell(self) -> int:
        return self._written

    def take(self) -> bytes:
        taken = b"".join(self._waiting)
        self._waiting.clear()
        return taken


def package(actor: Actor, *, title: str, at: datetime) -> Iterator[bytes]:
    """The bytes of the zip file. Needs an open scope until the last of them."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry("datapackage.json", at), json.dumps(descriptor(title, at), indent=2))
        for table in TABLES:
            with archive.open(_entry(table.file, at), "w", force_zip64=True) as file:
                for lines in _lines(actor, table, at):
                    file.write(lines)
                    if ready := outlet.take():
                        yield ready
    yield outlet.take()


def descriptor(title: str, at: datetime) -> dict[str, Any]:
    """What the package says about itself (`datapackage.json`)."""
    return {
        "profile": "tabular-data-package",
        "name": "human_services_data",
        "title": title,
        "created": at.isoformat(timespec="seconds"),
        "resources": [_resource(table) for table in TABLES],
    }


def _resource(table: Table) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": table.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "primaryKey": "id",
            "fields": [{"name": column.name, "type": column.kind} for column in table.columns],
        },
    }


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _lines(actor: Actor, table: Table, at: datetime) -> Iterator[bytes]:
    """The table as CSV, some hundred rows at a time."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.name for column in table.columns])
    rows = directory.published_rows(actor, table.rows, at=at)
    for number, row in enumerate(filter(table.keep, rows), start=1):
        writer.writerow([cell(column.of(row)) for column in table.columns])
        if number % _ROWS_AT_ONCE == 0:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    written = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return written
