"""Eleven journeys worked by hand, and what they come to under the specification."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.factories.extracts import event_row, pseudonymiser, write_extract

from fingerpost.analytics.engine.connection import Engine
from fingerpost.analytics.evaluation.funnel import share_by_month
from fingerpost.analytics.oracle import indicators as oracle
from fingerpost.interchange.indicators.loader import load_indicator
from fingerpost.interchange.indicators.results import IndicatorRow
from fingerpost.interchange.pseudonyms import Kind

SPEC = load_indicator("reached_first_contact")
DATA_TO = date(2026, 6, 30)


def _j(number: int) -> str:
    return pseudonymiser().of(Kind.JOURNEY, str(number))


# A window of 42 days: what is referred on 10 January may be reached up to and including 21 February.
EVENTS = [
    # 1: reached on the last day of the window: counted.
    event_row(_j(1), 1, "referred", date(2026, 1, 10)),
    event_row(_j(1), 2, "contacted", date(2026, 2, 21)),
    # 2: reached one day too late: in the denominator only.
    event_row(_j(2), 1, "referred", date(2026, 1, 10)),
    event_row(_j(2), 2, "contacted", date(2026, 2, 22)),
    # 3: reached on the day of the referral: counted.
    event_row(_j(3), 1, "referred", date(2026, 1, 31)),
    event_row(_j(3), 2, "contacted", date(2026, 1, 31)),
    # 4: attempts are no contact, and the person then said no: in the denominator only.
    event_row(_j(4), 1, "referred", date(2026, 1, 5)),
    event_row(_j(4), 2, "contact_attempted", date(2026, 1, 8)),
    event_row(_j(4), 3, "lost", date(2026, 1, 9), reason="person_said_no"),
    # 5: the only contact is dated before the referral: missing.
    event_row(_j(5), 1, "contacted", date(2026, 1, 3)),
    event_row(_j(5), 2, "referred", date(2026, 1, 4)),
    # 6: the same referral twice: outside.
    event_row(_j(6), 1, "referred", date(2026, 1, 4)),
    event_row(_j(6), 2, "contacted", date(2026, 1, 5)),
    event_row(_j(6), 3, "lost", date(2026, 1, 6), reason="duplicate"),
    # 7: the whole journey taken back on 20 January: outside from then.
    event_row(_j(7), 1, "referred", date(2026, 1, 12), taken_back_on=date(2026, 1, 20)),
    event_row(_j(7), 2, "contacted", date(2026, 1, 13), taken_back_on=date(2026, 1, 20)),
    event_row(_j(7), 3, "entered_in_error", date(2026, 1, 20), reason="wrong_person"),
    # 8: a contact that was a mistake, then a real one within the window, entered late: counted once known.
    event_row(_j(8), 1, "referred", date(2026, 2, 1)),
    event_row(_j(8), 2, "contacted", date(2026, 2, 2), taken_back_on=date(2026, 2, 3)),
    event_row(_j(8), 3, "entered_in_error", date(2026, 2, 3)),
    event_row(_j(8), 4, "contacted", date(2026, 2, 10), recorded_on=date(2026, 4, 1)),
    # 9: passed on, so referred twice: the first referral is the index.
    event_row(_j(9), 1, "referred", date(2026, 2, 28)),
    event_row(_j(9), 2, "referred", date(2026, 3, 20)),
    event_row(_j(9), 3, "contacted", date(2026, 4, 11)),
    event_row(_j(9), 4, "contacted", date(2026, 4, 12)),
    # 10: signposted, never referred: outside.
    event_row(_j(10), 1, "signposted", date(2026, 2, 3)),
    # 11: a contact before the referral, and another too late to change anything: missing.
    event_row(_j(11), 1, "contacted", date(2026, 1, 25)),
    event_row(_j(11), 2, "referred", date(2026, 1, 26)),
    event_row(_j(11), 3, "contacted", date(2026, 3, 10)),
]

JANUARY = IndicatorRow(month=date(2026, 1, 1), denominator=6, numerator=2, missing=2)


def _count_by_expression(tmp_path: Path, as_of: date) -> tuple[IndicatorRow, ...]:
    with Engine(write_extract(tmp_path / "out", EVENTS, data_to=DATA_TO)) as engine:
        return share_by_month.count_by_month(engine, SPEC, as_of=as_of)


def _count_by_oracle(tmp_path: Path, as_of: date) -> tuple[IndicatorRow, ...]:
    return oracle.count_by_month(SPEC, EVENTS, as_of=as_of)


@pytest.mark.parametrize("count", [_count_by_expression, _count_by_oracle])
@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        # 9 was first reached 42 days after 28 February, on 11 April: counted.
        (DATA_TO, [JANUARY, IndicatorRow(month=date(2026, 2, 1), denominator=2, numerator=2, missing=0)]),
        # On 31 March neither the late entry of 8 nor the contact of 9 is known.
        (
            date(2026, 3, 31),
            [JANUARY, IndicatorRow(month=date(2026, 2, 1), denominator=2, numerator=0, missing=0)],
        ),
        # On 19 January nobody knows that 7 is a mistake; 1 and 2 have not been reached; 3 is to come.
        (date(2026, 1, 19), [IndicatorRow(month=date(2026, 1, 1), denominator=5, numerator=1, missing=1)]),
        # From the 20th they do.
        (date(2026, 1, 20), [IndicatorRow(month=date(2026, 1, 1), denominator=4, numerator=0, missing=1)]),
        (date(2026, 1, 3), []),
    ],
)
def test_indicator_of_eleven_hand_worked_journeys_is_as_worked(
    tmp_path: Path,
    count: Callable[[Path, date], tuple[IndicatorRow, ...]],
    as_of: date,
    expected: list[IndicatorRow],
) -> None:
    assert list(count(tmp_path, as_of)) == expected
