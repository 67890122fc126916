from __future__ import annotations

from datetime import date
from importlib import resources

import pytest

from fingerpost.interchange.errors import IndicatorError, UnknownIndicator
from fingerpost.interchange.indicators.catalogue import render_indicator_catalogue
from fingerpost.interchange.indicators.loader import (
    indicator_names,
    load_all,
    load_indicator,
    parse_indicator,
)

NAME = "reached_first_contact"
TEXT = resources.files("fingerpost.interchange.indicators").joinpath(f"{NAME}.toml").read_text("utf-8")


def _faults(text: str, source: str = f"{NAME}.toml") -> list[str]:
    with pytest.raises(IndicatorError) as refused:
        parse_indicator(text, source=source)
    return [str(fault) for fault in refused.value.faults]


def test_every_declared_indicator_loads() -> None:
    assert [spec.name for spec in load_all()] == list(indicator_names())
    assert NAME in indicator_names()


def test_texts_carry_the_numbers_that_are_counted_with() -> None:
    text = TEXT.replace("within_days = 42", "within_days = 28")
    spec = parse_indicator(text, source=f"{NAME}.toml")

    assert "within 28 days" in spec.question
    assert "28 days to be contacted and 14 more" in spec.time_rule
    assert "{" not in repr(spec.exclusions) + spec.question + spec.numerator.meaning + spec.numerator.why


def test_month_is_complete_when_its_last_day_has_had_the_whole_time() -> None:
    spec = load_indicator(NAME)

    assert spec.complete_from(date(2027, 12, 1)) == date(2028, 2, 25)  # 31 December + 42 + 14 days
    assert spec.is_maturing(date(2027, 12, 1), date(2028, 2, 24))
    assert not spec.is_maturing(date(2027, 12, 1), date(2028, 2, 25))


def test_indicator_with_many_faults_tells_all_of_them() -> None:
    text = (
        TEXT.replace('version = "1.0"', 'version = "one"')
        .replace("minimum_n = 20", "minimum_n = true")
        .replace('index = "referred"', 'index = "entered_in_error"')
        .replace('"wrong_person", "duplicate"', '"bored"')
        .replace("value = 0.90", "value = 90")
        .replace("comparable = false", 'comparable = "no"\ncolour = "red"')
        .replace('direction = "higher_is_better"\n', "")
    )
    faults = "\n".join(_faults(text))

    for field in (
        "version: must look like",
        "minimum_n: must be a whole number from 1 to 1000",
        "denominator.index: must be one of",
        "denominator.never_lost_for: 'bored' is not one of",
        "benchmark.value: must be a share",
        "benchmark.comparable: must be true or false",
        "benchmark.colour: is not a field",
        "direction: is missing",
    ):
        assert field in faults


def test_indicator_under_another_file_name_is_refused() -> None:
    assert _faults(TEXT, source="other.toml") == ["name: must be the name of the file without .toml."]


def test_indicator_that_is_not_toml_or_misses_a_table_is_refused() -> None:
    with pytest.raises(IndicatorError, match="is not TOML"):
        parse_indicator("name =", source="x.toml")
    assert "numerator: is missing." in _faults('name = "x"')


def test_unknown_indicator_names_those_there_are() -> None:
    with pytest.raises(UnknownIndicator, match=NAME):
        load_indicator("../../secrets")


def test_catalogue_has_an_entry_for_every_indicator() -> None:
    catalogue = render_indicator_catalogue()

    for spec in load_all():
        assert f"## {spec.title}" in catalogue
        assert spec.denominator.meaning in catalogue
