from __future__ import annotations

import numpy as np
import pytest

from fingerpost.stats import ndcg, paired_bootstrap


def test_ndcg_of_a_case_worked_by_hand() -> None:
    # Found: 2, 0, 1; judged: 2, 2, 1. DCG = 3 + 0 + 1/2 = 3.5; best = 3 + 3/log2(3) + 1/2 = 5.392789.
    assert ndcg([2, 0, 1], [1, 2, 2]) == pytest.approx(3.5 / 5.392789, abs=1e-6)


def test_ndcg_is_one_for_the_best_order_and_nought_for_nothing() -> None:
    assert ndcg([2, 1, 0], [0, 1, 2]) == 1
    assert ndcg([], [2]) == 0
    assert ndcg([0], []) == 0


def test_ndcg_looks_only_at_the_first() -> None:
    assert ndcg([0, 2], [2], at=1) == 0
    assert ndcg([1, 1, 1], [1, 1, 1], at=2) == 1


def test_bootstrap_covers_a_known_difference_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    covered = 0
    for turn in range(200):
        other = rng.normal(0.4, 0.2, 30)
        found = paired_bootstrap(other + rng.normal(0.1, 0.2, 30), other, draws=500, seed=turn)
        covered += found.low <= 0.1 <= found.high
    assert 0.88 <= covered / 200 <= 0.99


def test_bootstrap_of_a_constant_difference_is_that_difference() -> None:
    found = paired_bootstrap([0.5, 0.75], [0.25, 0.5])
    assert (found.n, found.mean, found.low, found.high) == (2, 0.25, 0.25, 0.25)
    with pytest.raises(ValueError, match="two scores"):
        paired_bootstrap([1], [1, 2])
