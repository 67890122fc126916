"""How good an order of answers is, and whether one order is better than another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

import numpy as np


def ndcg(found: Sequence[float], judged: Sequence[float], *, at: int = 10) -> float:
    """Normalised discounted cumulative gain of the first `at` (Järvelin and Kekäläinen 2002; gain 2**grade - 1).

    `found` are the grades in the order found, `judged` every grade there is. Nothing to find scores 0 for all.
    """
    best = _gain(sorted(judged, reverse=True)[:at])
    return _gain(found[:at]) / best if best else 0.0


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """Mean of one minus the other over the same questions, with a percentile bootstrap interval (95%)."""

    n: int
    mean: float
    low: float
    high: float


def paired_bootstrap(
    one: Sequence[float], other: Sequence[float], *, draws: int = 10_000, seed: int = 1
) -> PairedDifference:
    """Questions are drawn again with replacement, each with both its scores (Efron and Tibshirani 1993, ch. 13)."""
    if len(one) != len(other) or len(one) < 2:
        raise ValueError(
            f"two scores for each of two questions or more are needed, not {len(one)} and {len(other)}"
        )
    differences = np.asarray(one, dtype=float) - np.asarray(other, dtype=float)
    drawn = np.random.default_rng(seed).integers(0, len(differences), (draws, len(differences)))
    low, high = np.percentile(differences[drawn].mean(axis=1), [2.5, 97.5])
    return PairedDifference(len(differences), float(differences.mean()), float(low), float(high))


def _gain(grades: Sequence[float]) -> float:
    return sum((2**grade - 1) / log2(place + 1) for place, grade in enumerate(grades, start=1))
