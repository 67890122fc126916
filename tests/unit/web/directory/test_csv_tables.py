from __future__ import annotations

import pytest

from fingerpost.kernel.errors import SourceFault
from fingerpost.web.directory.csv_tables import LONGEST_CELL, read_table


def test_lines_count_rows_as_a_spreadsheet_does_and_lines_of_text() -> None:
    table = read_table("a.csv", b'id,name\n1,"two\nlines"\n\n2,x\n')
    assert [(row.line, row.text_line) for row in table.rows] == [(2, 2), (4, 5)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_or_without_mark_are_read(encoding: str) -> None:
    table = read_table("a.csv", "id,name\n1,Café Ŵyn\n".encode(encoding))
    assert table.rows[0].get("name") == "Café Ŵyn"
    assert not table.encoding_guessed


def test_windows_encoding_is_read_and_said_to_be_a_guess() -> None:
    table = read_table("a.csv", "id,name\n1,Café – £5\n".encode("cp1252"))
    assert table.encoding_guessed and table.rows[0].get("name") == "Café – £5"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"id,id\n1,2\n",
        b'id,name\n1,"open\n',
        b"id,name\n1,a\x00b\n",
        b"id,name\n1," + b"x" * (LONGEST_CELL + 1) + b"\n",
        b"\x81\x8d\x8f",
    ],
    ids=["empty", "blank", "twice", "unclosed", "nul", "endless", "no text"],
)
def test_content_that_is_no_table_is_a_source_fault_that_names_the_file(content: bytes) -> None:
    with pytest.raises(SourceFault, match=r"a\.csv"):
        read_table("a.csv", content)


def test_short_rows_are_filled_and_surplus_cells_are_seen() -> None:
    table = read_table("a.csv", b"id,name,url\n1\n2,b,c,d\n")
    short, long = table.rows
    assert (short.get("name"), short.surplus) == ("", ())
    assert long.surplus == ("d",)
