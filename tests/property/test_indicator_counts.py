from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.extracts import FIRST_DAY, histories, scheme_history, write_extract

from fingerpost.analytics.engine.connection import Engine
from fingerpost.analytics.evaluation.funnel import share_by_month
from fingerpost.analytics.oracle import indicators as oracle
from fingerpost.interchange.indicators.loader import load_indicator

SPEC = load_indicator("reached_first_contact")
LAST_DAY = FIRST_DAY + timedelta(days=230)
AS_OF = st.integers(0, 230).map(lambda days: FIRST_DAY + timedelta(days=days))

Rows = list[dict[str, Any]]


def _both(events: Rows, as_of: date) -> tuple[object, object]:
    with tempfile.TemporaryDirectory() as folder:
        extract = write_extract(Path(folder) / "out", events, data_to=LAST_DAY)
        with Engine(extract) as engine:
            found = share_by_month.count_by_month(engine, SPEC, as_of=as_of)
    return found, oracle.count_by_month(SPEC, events, as_of=as_of)


@settings(max_examples=60, deadline=None)
@given(events=histories(), as_of=AS_OF)
def test_expression_and_oracle_count_the_same(events: Rows, as_of: date) -> None:
    found, expected = _both(events, as_of)

    assert found == expected


def test_expression_and_oracle_count_the_same_on_a_scheme() -> None:
    events = scheme_history()

    for as_of in (date(2026, 2, 14), date(2026, 5, 1), LAST_DAY):
        found, expected = _both(events, as_of)
        assert found == expected
        assert found


@settings(max_examples=40)
@given(events=histories(), as_of=AS_OF, shuffle=st.randoms(use_true_random=False))
def test_counts_do_not_depend_on_the_order_of_rows(events: Rows, as_of: date, shuffle: Any) -> None:
    before = oracle.count_by_month(SPEC, events, as_of=as_of)
    shuffle.shuffle(events)

    assert oracle.count_by_month(SPEC, events, as_of=as_of) == before


@settings(max_examples=40)
@given(events=histories(), as_of=AS_OF)
def test_a_complete_month_stays_as_it_is_when_all_is_recorded_in_time(events: Rows, as_of: date) -> None:
    # The promise behind "still maturing": once complete, a month no longer moves.
    prompt = [row | {"recorded_on": row["occurred_on"], "taken_back_on": None} for row in events]
    prompt = [row for row in prompt if row["event"] != "lost"]
    later = {row.month: row for row in oracle.count_by_month(SPEC, prompt, as_of=LAST_DAY)}

    for row in oracle.count_by_month(SPEC, prompt, as_of=as_of):
        if not SPEC.is_maturing(row.month, as_of):
            assert later[row.month] == row
