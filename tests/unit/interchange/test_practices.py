"""A small Parquet file that unpacks to very much, or holds what no list holds, is refused before it is unpacked."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fingerpost.interchange.practices import COLUMNS, LONGEST_CELL, read_practice_list
from fingerpost.kernel.errors import SourceFault

ROWS = 5_000


def parquet(**columns: object) -> io.BytesIO:
    out = io.BytesIO()
    pq.write_table(pa.table({name: columns.get(name, ["x"] * ROWS) for name in COLUMNS}), out)
    out.seek(0)
    return out


def test_one_long_text_in_every_row_is_never_unpacked() -> None:
    bomb = parquet(OrganisationName=["a" * 100_000] * ROWS)  # 500 megabytes, in a file of some kilobytes
    assert len(bomb.getvalue()) < 200_000
    pool = pa.default_memory_pool()
    before = pool.bytes_allocated()
    with pytest.raises(SourceFault) as refused:
        list(read_practice_list(bomb))
    assert "OrganisationName" in refused.value.in_words()
    assert pool.bytes_allocated() - before < 20 * 1024**2


def test_longest_text_is_taken_and_one_more_letter_is_not() -> None:
    assert len(list(read_practice_list(parquet(OrganisationName=["a" * LONGEST_CELL] * ROWS)))) == ROWS
    with pytest.raises(SourceFault):
        list(read_practice_list(parquet(OrganisationName=["a" * (LONGEST_CELL + 1)] * ROWS)))


@pytest.mark.parametrize(
    "values",
    [[["a", "b"]] * ROWS, [{"a": 1}] * ROWS, [b"\xff"] * ROWS, [True] * ROWS],
    ids=["lists", "records", "bytes", "truths"],
)
def test_column_of_no_plain_values_is_refused(values: list[object]) -> None:
    with pytest.raises(SourceFault, match=r"plain|read"):
        list(read_practice_list(parquet(OrganisationName=values)))


def test_column_that_is_empty_in_every_row_is_read() -> None:
    rows = list(read_practice_list(parquet(CloseDate=pa.nulls(ROWS))))
    assert rows[0]["CloseDate"] is None and rows[0]["PCDS"] == "x"
