from datetime import date

import pytest

from fingerpost.kernel.dates import age_on, checked_birth_date, day_in_words, parse_day_month_year
from fingerpost.kernel.errors import Faults, InvalidValue

TODAY = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1980, 3, 3), date(2026, 3, 2), 45),
        (date(1980, 3, 3), date(2026, 3, 3), 46),
        (date(2004, 2, 29), date(2026, 2, 28), 21),
        (date(2004, 2, 29), date(2026, 3, 1), 22),
        (date(2026, 3, 3), date(2026, 3, 3), 0),
    ],
)
def test_age_on_a_day(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


@pytest.mark.parametrize("born", [TODAY, date(1896, 3, 3)])
def test_birth_date_at_either_edge_is_accepted(born: date) -> None:
    assert checked_birth_date(born, today=TODAY) == born


@pytest.mark.parametrize(("born", "word"), [(date(2026, 3, 4), "future"), (date(1895, 3, 3), "130 years")])
def test_birth_date_nobody_can_have_is_refused(born: date, word: str) -> None:
    with pytest.raises(InvalidValue, match=word):
        checked_birth_date(born, today=TODAY)


@pytest.mark.parametrize("month", ["3", "03", " 3 ", "March", "mar", "MAR."])
def test_three_boxes_in_any_usual_form_are_read(month: str) -> None:
    assert parse_day_month_year("3", month, "1980") == date(1980, 3, 3)


@pytest.mark.parametrize(
    ("boxes", "fields"),
    [
        (("", "", ""), ["day", "month", "year"]),
        (("32", "13", "80"), ["day", "month", "year"]),
        (("0", "3", "1980"), ["day"]),
        (("3", "ma", "1980"), ["month"]),
        (("3", "3", "19800"), ["year"]),
        (("3", "3", "0000"), ["year"]),
        (("²", "3", "1980"), ["day"]),
        (("29", "2", "2025"), ["day"]),
    ],
)
def test_three_boxes_with_faults_tell_all_of_them_at_once(
    boxes: tuple[str, str, str], fields: list[str]
) -> None:
    with pytest.raises(Faults) as caught:
        parse_day_month_year(*boxes)
    assert [fault.field for fault in caught.value.faults] == fields


def test_day_in_words_shows_the_year_only_when_it_is_not_this_one() -> None:
    assert day_in_words(date(2026, 3, 3), today=TODAY) == "Tue 3 Mar"
    assert day_in_words(date(2024, 12, 31), today=TODAY) == "Tue 31 Dec 2024"


def test_day_in_words_is_translated_word_by_word() -> None:
    welsh = {"Tue": "Maw", "Mar": "Maw"}
    assert day_in_words(TODAY, today=TODAY, translate=lambda text: welsh.get(text, text)) == "Maw 3 Maw"
