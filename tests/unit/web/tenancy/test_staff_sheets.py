"""A spreadsheet from a stranger: read when it is a list of staff, refused in words when it is not, never costly."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import Workbook

from fingerpost.kernel.errors import SourceFault
from fingerpost.web.tenancy.staff_rows import understand
from fingerpost.web.tenancy.staff_sheets import StaffSheet, read_staff_sheet

HEADING = ["Name", "E-mail", "Role"]
ROW = ["Zoë Ünal", "zoe@staff.example", "link worker"]


def workbook(change: Callable[[Workbook], None] = lambda book: None) -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.active.append(HEADING)
    book.active.append(ROW)
    change(book)
    book.save(out)
    return out.getvalue()


def repacked(change: Callable[[str, bytes], bytes], content: bytes | None = None) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content or workbook())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def read(content: bytes) -> StaffSheet:
    return read_staff_sheet("staff", content)


def test_csv_of_any_program_and_workbook_say_the_same() -> None:
    text = "Name,E-mail,Role\r\nZoë Ünal,zoe@staff.example,link worker\r\n"
    for content in (
        text.encode(),
        b"\xef\xbb\xbf" + text.encode(),
        text.encode("utf-16"),
        text.encode("cp1252"),
        text.replace(",", ";").encode(),
        text.replace(",", "\t").encode(),
        workbook(),
    ):
        [row] = read(content).rows
        assert (row.line, row.get("name"), row.get("role")) == (2, "Zoë Ünal", "link worker")
    assert "letters" in read(text.encode("cp1252")).notes[0]


def test_formula_is_never_worked_out_and_a_hidden_sheet_never_read() -> None:
    def change(book: Workbook) -> None:
        book.active["A2"] = '=HYPERLINK("http://example.org","Zoe")'
        hidden = book.create_sheet("Secret")
        hidden.sheet_state = "hidden"
        hidden.append(HEADING)
        hidden.append(["Eve", "eve@staff.example", "administrator"])

    found = read(workbook(change))
    assert [row.get("email") for row in found.rows] == ["zoe@staff.example"]
    assert "formula" in found.rows[0].problems[0].cause and "Secret" in found.notes[0]


def merged(book: Workbook) -> None:
    book.active.insert_rows(1)
    book.active["A1"] = "Staff of the practice"
    book.active.merge_cells("A1:C1")


def second_list(book: Workbook) -> None:
    other = book.create_sheet("More")
    other.append(HEADING)
    other.append(ROW)


def far_below(book: Workbook) -> None:
    book.active["A1048576"] = "here"


def many(book: Workbook) -> None:
    for _ in range(501):
        book.active.append(ROW)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (workbook(merged), "merged cells in the first row"),
        (workbook(second_list), "more than one list of staff: Sheet, More"),
        (workbook(far_below), "is too large"),
        (workbook(many), "more than 500 rows"),
        (workbook(lambda book: book.active.delete_rows(2)), "nothing beneath it"),
        (workbook(lambda book: book.active.delete_rows(1)), "does not name these columns: Name"),
        (b"Name,E-mail,Role,E-mail\na,b,c,d\n", "two columns for: E-mail"),
        (b"Name,E-mail,Role\n" + b"a,b@c.example,x\n" * 600, "more than 500 rows"),
        (b'Name,E-mail,Role\n"a,b,c\n', "breaks off"),
        (b"Name\x00,E-mail,Role\n", "neither a CSV file nor a workbook"),
        (b"", "does not name these columns"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "locked with a password"),
        (b"PK\x03\x04 and nothing else", "cannot be read as a workbook"),
        (workbook()[:-200], "cannot be read as a workbook"),
        (
            repacked(lambda n, b: b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + b if "workbook.xml" in n else b),
            "cannot be read as a workbook",
        ),
        (
            repacked(lambda n, b: b[:200] if "sheet1" in n else b),
            "cannot be read as a workbook",
        ),
    ],
)
def test_what_is_no_list_is_refused_with_the_reason(content: bytes, said: str) -> None:
    with pytest.raises(SourceFault) as refused:
        read(content)
    assert said in refused.value.in_words()


def test_zip_bomb_and_a_million_rows_cost_little() -> None:
    bomb = repacked(lambda n, b: b + b" " * 200_000_000 if n == "xl/styles.xml" else b)
    row = b'<row><c t="inlineStr"><is><t>a</t></is></c></row>'
    rows = repacked(
        lambda n, b: b.replace(b"</sheetData>", row * 500_000 + b"</sheetData>") if "sheet1" in n else b
    )
    for content in (bomb, rows):
        began = time.perf_counter()
        with pytest.raises(SourceFault, match="too large"):
            read(content)
        assert time.perf_counter() - began < 5


def test_dates_are_read_as_people_write_them() -> None:
    text = "Name,E-mail,Role,Last day\n" + "\n".join(
        f"A,a{n}@b.example,link worker,{d}"
        for n, d in enumerate(["31/03/2027", "2027-03-31", "31 March 2027", "31.03.2027", "3/31/2027"])
    )
    found = understand(read(text.encode()).rows, today=date(2027, 3, 1))
    assert [row.last_day for row in found] == [date(2027, 3, 31)] * 4 + [None]
    assert "no date" in found[4].problems[0].cause
