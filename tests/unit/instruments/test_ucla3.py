import pytest

from fingerpost.instruments import Better, instrument, score
from fingerpost.kernel.errors import Faults

UCLA3 = instrument("ucla3")


@pytest.mark.parametrize(
    ("answers", "total"), [((1, 1, 1), 3), ((3, 3, 3), 9), ((1, 2, 3), 6), ((2, 2, 1), 5)]
)
def test_ucla3_is_the_sum_of_three(answers: tuple[int, int, int], total: int) -> None:
    done = score(UCLA3, dict(zip(("companionship", "left_out", "isolated"), answers, strict=True)))
    assert done.total == total


def test_ucla3_with_one_question_skipped_has_no_total() -> None:
    done = score(UCLA3, {"companionship": 3, "left_out": 3})
    assert done.total is None
    assert done.missing == ("isolated",)


def test_ucla3_spans_three_to_nine_and_lower_is_better() -> None:
    assert (UCLA3.least_total, UCLA3.most_total, UCLA3.better) == (3, 9, Better.LOWER)


def test_ucla3_choices_are_worded() -> None:
    assert all(
        dict(item.choices) == {1: "Hardly ever or never", 2: "Some of the time", 3: "Often"}
        for item in UCLA3.items
    )


def test_ucla3_answered_from_nought_is_refused() -> None:
    with pytest.raises(Faults):
        score(UCLA3, {"companionship": 0})
