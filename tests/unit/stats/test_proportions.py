import numpy as np
import pytest

from fingerpost.kernel.errors import InvalidValue
from fingerpost.stats import proportion, wilson_limits


def test_wilson_worked_by_hand_with_z_of_two() -> None:
    """1 of 4 with z = 2: (2 + 4 -+ 2 sqrt(4 + 4 * 3/4)) / (2 * (4 + 4)) = (6 -+ 2 sqrt 7) / 16."""
    two_sided = 0.9544997361036416  # P(|Z| < 2)
    low, high = wilson_limits(1, 4, two_sided)
    assert low == pytest.approx((6 - 2 * 7**0.5) / 16, abs=1e-12)
    assert high == pytest.approx((6 + 2 * 7**0.5) / 16, abs=1e-12)


def test_limits_of_none_and_of_all_are_exact_ends() -> None:
    assert proportion(0, 20).low == 0.0
    assert proportion(20, 20).high == 1.0


def test_limits_on_arrays_are_those_of_each_pair_and_nan_without_anyone() -> None:
    low, high = wilson_limits(np.array([81, 0, 0]), np.array([263, 20, 0]))
    assert low[:2].tolist() == [proportion(81, 263).low, 0.0]
    assert high[1] == proportion(0, 20).high
    assert np.isnan([low[2], high[2]]).all()


def test_proportion_keeps_what_it_was_made_of() -> None:
    told = proportion(15, 148, missing=12)
    assert (told.count, told.n, told.missing, told.confidence) == (15, 148, 12, 0.95)
    assert told.estimate == 15 / 148


@pytest.mark.parametrize(("count", "n"), [(0, 0), (5, 4), (-1, 4)])
def test_proportion_of_no_one_or_of_more_than_all_is_refused(count: int, n: int) -> None:
    with pytest.raises(InvalidValue):
        proportion(count, n)


@pytest.mark.parametrize("confidence", [0, 1, 95, float("nan")])
def test_confidence_that_is_no_share_is_refused(confidence: float) -> None:
    with pytest.raises(InvalidValue):
        wilson_limits(1, 4, confidence)


def test_count_that_is_not_known_is_refused() -> None:
    with pytest.raises(InvalidValue):
        wilson_limits(np.nan, 4)
