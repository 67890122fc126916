"""Files and feeds of somebody who means harm, or whose program is broken; `scale` 1 is the full size."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from openpyxl import Workbook

Files = Mapping[str, bytes]
MEGABYTE = 1_000_000
_SHARED = (
    b'<Override PartName="/xl/sharedStrings.xml"'
    b' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
HEADING = b"id,name,description\n"
# Rules that come true every second, never, a thousand million times, or until the end of time.
RULES: tuple[dict[str, str], ...] = (
    {"freq": "SECONDLY", "interval": "1"},
    {"freq": "MINUTELY", "byday": "MO,TU,WE,TH,FR,SA,SU"},
    {"freq": "WEEKLY", "byday": "MO", "count": "1000000000"},
    {"freq": "WEEKLY", "byday": "MO", "interval": "1000000000"},
    {"freq": "DAILY", "until": "9999-12-31", "dtstart": "0001-01-01"},
    {"freq": "MONTHLY", "byday": "5MO", "bymonthday": "31,-31,30,-30,1,-1"},
    {"freq": "MONTHLY", "byday": "99MO"},
    {"freq": "YEARLY", "byday": "1MO,-1MO", "byweekno": "53,-53", "byyearday": "366,-366"},
    {"freq": "WEEKLY;BYSETPOS=-366", "byday": "MO"},
    {"freq": "WEEKLY", "byday": ",".join(["MO", "TU", "WE"] * 2000)},
    {"freq": "WEEKLY", "byday": "MO", "valid_from": "9999-12-31", "valid_to": "0001-01-01"},
)


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows or (("Group", "Tel"), ("Choir", "01632 960001")):
        book.active.append(row)  # type: ignore[union-attr]  # a new book has a sheet
    book.save(out)
    return out.getvalue()


def repacked(change: Callable[[str, bytes], bytes], more: Files | None = None) -> bytes:
    """An honest workbook with its parts changed, and parts added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def _in(part: str, before: bytes, more: bytes) -> bytes:
    return repacked(lambda name, body: body.replace(before, more + before) if name == part else body)


def many_sheets(number: int, line: int) -> bytes:
    """Sheets of one cell each, so far down that all the lines above must be counted."""
    book, out = Workbook(), io.BytesIO()
    for nth in range(number):
        book.create_sheet(f"s{nth}").cell(row=line, column=1, value="x")
    book.save(out)
    return out.getvalue()


def claiming_everything() -> bytes:
    """A small sheet that says it is as large as a sheet can be: read as what it is."""
    claimed = b'<dimension ref="A1:XFD1048576"/>'
    return repacked(
        lambda name, body: (
            body.replace(b'<dimension ref="A1:B2" />', claimed).replace(b'<dimension ref="A1:B2"/>', claimed)
            if name == "xl/worksheets/sheet1.xml"
            else body
        )
    )


def laughs() -> bytes:
    """A billion of them, inside a sheet."""
    entities = b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(10)
    )
    return repacked(
        lambda name, body: (
            b"<!DOCTYPE w [" + entities + b"]>" + body.replace(b"Choir", b"&l9;")
            if name.startswith("xl/") and name.endswith("sheet1.xml")
            else body
        )
    )


def workbooks(scale: float = 1) -> dict[str, bytes]:
    """By what each is: workbooks of some kilobytes that unpack to much, or claim to."""
    many = int(20 * MEGABYTE * scale)
    cell = b"<c/>"
    return {
        "billion laughs": laughs(),
        "zip bomb": _in("xl/workbook.xml", b"</workbook>", b" " * int(500 * MEGABYTE * scale)),
        "styles without end": _in("xl/styles.xml", b"</cellXfs>", b"<xf/>" * many),
        "texts without end": repacked(
            lambda name, body: body.replace(b"</Types>", _SHARED + b"</Types>") if "Types" in name else body,
            {"xl/sharedStrings.xml": b"<sst>" + b"<si/>" * many + b"</sst>"},
        ),
        "a row of millions of cells": _in("xl/worksheets/sheet1.xml", b"</row>", cell * many),
        "the last row of the sheet": many_sheets(1, 1_048_576),
        "many sheets of one far cell": many_sheets(max(2, int(150 * scale)), 99_000),
        "rows without end": _in("xl/worksheets/sheet1.xml", b"</sheetData>", b"<row/>" * many),
    }


def texts(scale: float = 1) -> dict[str, Files]:
    """By what each is: CSV and JSON that no list is."""
    size = int(100 * MEGABYTE * scale)
    return {
        "one line without end, CSV": {"services.csv": HEADING + b"1,Choir," + b"a" * size},
        "one line without end, JSON": {"terms.jsonld": b'{"concept": "' + b"a" * size + b'"}'},
        "a quotation mark that stays open": {"services.csv": HEADING + b'1,Choir,"' + b"a\n" * (size // 2)},
        "half a million columns": {
            "services.csv": ",".join(f"c{n}" for n in range(int(500_000 * scale) + 5000)).encode()
        },
        "nested without end": {"terms.jsonld": b'{"concept": ' + b"[" * (size // 100)},
        "UTF-16 without its mark": {"services.csv": "id,name\n1,Choir\n".encode("utf-16-le")},
        "null bytes": {"services.csv": b"id,name\n1,Ch\x00oir\n"},
        "bytes of no encoding": {"services.csv": b"id,name\n1,Ch\x81\x8d\x9doir\xff\n"},
    }


def duplicates(number: int) -> Files:
    """The same id so many times, and once each an id of its own."""
    rows = b"".join(b"same,Choir %d,Singing\nid%d,Walks %d,Walking\n" % (n, n, n) for n in range(number))
    return {"services.csv": HEADING + rows}


def rules() -> Files:
    """A listing for each rule."""
    services = b"id,name,status,last_modified,assured_date\n" + b"".join(
        b"r%d,Rule %d,active,0001-01-01T00:00:00Z,9999-12-31\n" % (n, n) for n in range(len(RULES))
    )
    columns = sorted({column for rule in RULES for column in rule})
    lines = [",".join(["id", "service_id", "opens_at", "closes_at", *columns])]
    for n, rule in enumerate(RULES):
        cells = [f'"{rule.get(column, "")}"' for column in columns]
        lines.append(",".join([f"s{n}", f"r{n}", "10:00", "12:00", *cells]))
    return {"services.csv": services, "schedules.csv": "\n".join(lines).encode()}


def services_of_rules() -> list[dict[str, Any]]:
    """The same as a feed of Open Referral has them."""
    return [
        {
            "id": f"r{n}",
            "name": f"Rule {n}",
            "status": "active",
            "schedules": [{"id": f"s{n}", "opens_at": "10:00", **rule}],
        }
        for n, rule in enumerate(RULES)
    ]


def bomb_of_gzip(size: int) -> bytes:
    return gzip.compress(b" " * size, 9)


def wide_page(items: int) -> bytes:
    """A page of a list with so many items of nothing."""
    return json.dumps({"contents": [{}] * items, "page_number": 1, "total_pages": 1}).encode()
