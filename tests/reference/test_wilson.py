"""Wilson limits against published numbers, against an independent program, and by simulation."""

import numpy as np
import pytest
from scipy.stats import binomtest

from fingerpost.stats import proportion, wilson_limits

PUBLISHED_TO = 5e-5  # the paper prints four decimals


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [
        # Newcombe RG. Two-sided confidence intervals for the single proportion.
        # Stat Med 1998;17:857-872, table I.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # The evaluation specification's own golden numbers.
        (65, 100, 0.5525, 0.7364),
        (0, 10, 0.0000, 0.2775),
    ],
)
def test_wilson_limits_are_the_published_ones(count: int, n: int, low: float, high: float) -> None:
    told = proportion(count, n)
    assert told.low == pytest.approx(low, abs=PUBLISHED_TO)
    assert told.high == pytest.approx(high, abs=PUBLISHED_TO)


@pytest.mark.parametrize("n", [1, 7, 30, 211])
def test_wilson_limits_agree_with_scipy_for_every_count(n: int) -> None:
    low, high = wilson_limits(np.arange(n + 1), n, 0.9)
    for count in range(n + 1):
        theirs = binomtest(count, n).proportion_ci(0.9, method="wilson")
        assert (low[count], high[count]) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.9])
def test_wilson_limits_cover_the_true_share_about_as_often_as_they_say(share: float) -> None:
    """20,000 draws have a standard error of 0.15 points; Wilson itself strays by about 2 points at n = 60."""
    counts = np.random.default_rng(20260303).binomial(60, share, size=20_000)
    low, high = wilson_limits(counts, 60)
    covered = np.mean((low <= share) & (share <= high))
    assert 0.93 <= covered <= 0.98
