"""What must hold of everything that is released."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fingerpost.disclosure import (
    FOR_COUNTS,
    FOR_RATES,
    is_suppressed,
    release_count,
    release_row,
    release_share,
    release_table,
)

moderate = settings(max_examples=100, deadline=None)
counts = st.integers(0, 60)
rows = st.lists(counts, min_size=1, max_size=6).map(lambda line: {str(at): n for at, n in enumerate(line)})


@st.composite
def tables(draw: st.DrawFn) -> dict[str, dict[str, int]]:
    width = draw(st.integers(1, 4))
    lines = draw(st.lists(st.lists(counts, min_size=width, max_size=width), min_size=1, max_size=4))
    return {f"r{n}": {f"c{m}": count for m, count in enumerate(line)} for n, line in enumerate(lines)}


@moderate
@given(rows, st.data())
def test_two_releases_that_differ_by_one_person_are_the_same_unless_a_boundary_is_crossed(
    row: dict[str, int], data: st.DataObject
) -> None:
    label = data.draw(st.sampled_from(sorted(row)))
    with_one_more = {**row, label: row[label] + 1}
    crosses = release_count(row[label]) != release_count(row[label] + 1)
    assert crosses or release_row(row) == release_row(with_one_more)


@moderate
@given(tables())
def test_no_line_of_a_table_has_exactly_one_suppressed_cell(table: dict[str, dict[str, int]]) -> None:
    cells = [list(row.values()) for row in release_table(table).cells.values()]
    for line in [*cells, *map(list, zip(*cells, strict=True))]:
        assert len(line) == 1 or sum(map(is_suppressed, line)) != 1


@moderate
@given(tables())
def test_no_number_of_a_table_counts_few_people_and_totals_are_sums_of_what_is_shown(
    table: dict[str, dict[str, int]],
) -> None:
    released = release_table(table)
    for name, row in released.cells.items():
        shown = [cell for cell in row.values() if not is_suppressed(cell)]
        assert all(cell == 0 or cell >= 10 for cell in shown)
        assert all(
            table[name][column] == 0 for column, cell in row.items() if not is_suppressed(cell) and cell == 0
        )
        total = released.row_totals[name]
        assert is_suppressed(total) or total == sum(shown)
        assert not (total == 0 and len(shown) < len(row))


@moderate
@given(st.integers(0, 300), st.integers(0, 300), st.sampled_from([FOR_COUNTS, FOR_RATES]))
def test_a_share_that_is_told_never_describes_few_and_stays_between_none_and_all(
    part: int, rest: int, policy: object
) -> None:
    told = release_share(part, part + rest, policy)
    if told.share is None or is_suppressed(told.share):
        assert min(part, rest) <= 7
    else:
        assert min(part, rest) >= 8
        assert 0 < told.share < 1
        assert told.share == told.numerator / told.denominator
