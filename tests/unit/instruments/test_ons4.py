import pytest

from fingerpost.instruments import Better, instrument, score
from fingerpost.kernel.errors import Faults

ONS4 = instrument("ons4")
ALL = ("satisfied", "worthwhile", "happy", "anxious")


WORTHWHILE = "Overall, to what extent do you feel that the things you do in your life are worthwhile?"


def test_ons4_asks_the_four_harmonised_questions_word_for_word_and_in_order() -> None:
    assert [(item.id, item.text) for item in ONS4.items] == [
        ("satisfied", "Overall, how satisfied are you with your life nowadays?"),
        ("worthwhile", WORTHWHILE),
        ("happy", "Overall, how happy did you feel yesterday?"),
        (
            "anxious",
            "On a scale where 0 is “not at all anxious” and 10 is “completely anxious”, overall, how "
            "anxious did you feel yesterday?",
        ),
    ]
    assert ONS4.in_order
    assert all(item.answers == range(11) for item in ONS4.items)
    assert ONS4.licence.may_ship_text


def test_ons4_is_never_summed_even_when_all_is_answered() -> None:
    done = score(ONS4, dict.fromkeys(ALL, 5))
    assert done.total is None
    assert done.band is None
    assert done.missing == ()


@pytest.mark.parametrize("item", ["satisfied", "worthwhile", "happy"])
def test_ons4_bands_where_higher_is_better(item: str) -> None:
    bands = [score(ONS4, {item: answer}).item(item).band for answer in range(11)]
    assert bands == ["low"] * 5 + ["medium"] * 2 + ["high"] * 2 + ["very_high"] * 2
    assert ONS4.item(item).better is Better.HIGHER


def test_ons4_bands_of_anxiety_are_other_bands_and_lower_is_better() -> None:
    bands = [score(ONS4, {"anxious": answer}).item("anxious").band for answer in range(11)]
    assert bands == ["very_low"] * 2 + ["low"] * 2 + ["medium"] * 2 + ["high"] * 5
    assert ONS4.item("anxious").better is Better.LOWER


def test_ons4_with_questions_skipped_scores_the_others_and_names_the_skipped() -> None:
    done = score(ONS4, {"satisfied": 0, "happy": None})
    assert done.item("satisfied").value == 0
    assert done.item("satisfied").band == "low"
    assert done.missing == ("worthwhile", "happy", "anxious")
    assert not done.is_empty
    assert score(ONS4, {}).is_empty


def test_ons4_with_several_wrong_answers_tells_all_at_once() -> None:
    with pytest.raises(Faults) as caught:
        score(ONS4, {"satisfied": 11, "worthwhile": -1, "happy": True, "anxious": 2.5, "sleep": 3})  # type: ignore[dict-item]
    assert [fault.field for fault in caught.value.faults] == [*ALL, "sleep"]
    assert "A whole number from 0 to 10, or no answer." in str(caught.value)


def test_direction_says_what_is_an_improvement() -> None:
    assert [Better.HIGHER.is_improvement(change) for change in (-1, 0, 1)] == [False, False, True]
    assert [Better.LOWER.is_improvement(change) for change in (-1, 0, 1)] == [True, False, False]
