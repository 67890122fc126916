from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest

from fingerpost.analytics.outputs.release import released_rows
from fingerpost.analytics.outputs.writers import as_csv, as_json, as_text
from fingerpost.disclosure import Suppressed
from fingerpost.interchange.indicators.loader import load_indicator
from fingerpost.interchange.indicators.results import IndicatorResult, IndicatorRow, to_result
from fingerpost.kernel.errors import NotAllowed

SPEC = load_indicator("reached_first_contact")


def _result() -> IndicatorResult:
    counts = {1: (101, 66, 0), 2: (60, 57, 0), 4: (4, 2, 0), 11: (40, 12, 0)}
    rows = [
        IndicatorRow(month=date(2026, month, 1), denominator=d, numerator=n, missing=m)
        for month, (d, n, m) in counts.items()
    ]
    return to_result(SPEC, rows, as_of=date(2026, 12, 1))


def test_csv_has_the_schema_columns_and_words_for_hidden_counts() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(_result()))))

    assert rows[0] == {
        "month": "2026-01-01",
        "status": "shown",
        "denominator": "100",
        "numerator": "65",
        "missing": "0",
        "share": "0.65",
        "low": "0.5525",
        "high": "0.7364",
    }
    assert (rows[1]["denominator"], rows[1]["numerator"], rows[1]["share"]) == ("60", "suppressed", "")
    assert (rows[2]["status"], rows[2]["denominator"]) == ("none_referred", "0")
    assert rows[3]["denominator"] == "suppressed"
    assert (rows[10]["status"], rows[10]["numerator"], rows[10]["share"]) == ("maturing", "10", "")


def test_json_carries_what_is_needed_to_read_it() -> None:
    content = json.loads(as_json(_result()))

    assert (content["indicator"], content["version"], content["as_of"], content["grade"]) == (
        "reached_first_contact",
        SPEC.version,
        "2026-12-01",
        "E0",
    )
    assert content["rows"][1]["numerator"] == "suppressed"
    assert content["total"]["denominator"] == 100


def test_text_tells_the_counts_before_the_share_and_what_is_not_said() -> None:
    text = as_text(_result())

    assert "Journeys: 100 -> reached: 65, 65% (55% to 74%)" in text
    assert (
        "2026-11           40         10            0  -                     still maturing: complete from"
        in text
    )
    assert "Evidence grade E0: counts only" in text
    assert "effect" not in text.replace("no effect", "")


@pytest.mark.parametrize(
    "change",
    [
        {"denominator": 101},
        {"numerator": 5},
        {"missing": 3},
        {"numerator": 65.0},
        {"numerator": Suppressed(7)},
    ],
)
def test_result_that_did_not_pass_disclosure_control_cannot_leave(change: dict[str, object]) -> None:
    result = _result()
    tampered = replace(result, rows=(replace(result.rows[0], **change), *result.rows[1:]))  # type: ignore[arg-type]

    with pytest.raises(NotAllowed) as refused:
        released_rows(tampered)
    assert refused.value.reason == "unprotected_count"
    for write in (as_csv, as_json, as_text):
        with pytest.raises(NotAllowed):
            write(tampered)
