"""Shares of people, with the uncertainty they carry."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.words import N_

__all__ = ["Proportion", "proportion", "wilson_limits"]


@dataclass(frozen=True, slots=True)
class Proportion:
    """`count` of `n` known cases, `missing` more not known; `low` and `high` bound the share."""

    count: int
    n: int
    missing: int
    estimate: float
    low: float
    high: float
    confidence: float


def wilson_limits(
    count: ArrayLike, n: ArrayLike, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower and upper Wilson score limits, elementwise on arrays that broadcast; nan where n is 0.

    Wilson EB. J Am Stat Assoc 1927;22:209-212; formula as in Newcombe RG. Stat Med 1998;17:857-872, method 3.
    """
    x, size = np.broadcast_arrays(np.asarray(count, dtype=float), np.asarray(n, dtype=float))
    if not 0 < confidence < 1:
        raise InvalidValue(N_("The confidence is not a share."), expected=N_("A number between 0 and 1."))
    if not bool(np.all((x >= 0) & (x <= size))):
        raise InvalidValue(
            N_("A count is below 0 or larger than its total."), expected=N_("Counts from 0 to the total.")
        )
    z = float(ndtri(0.5 + confidence / 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        half = z * np.sqrt(z**2 + 4 * x * (1 - x / size))
        scale = 2 * (size + z**2)
        low, high = (2 * x + z**2 - half) / scale, (2 * x + z**2 + half) / scale
    # Exact at the ends, where rounding of floats would leave a trace.
    return np.where(x == 0, np.where(size == 0, np.nan, 0.0), low), np.where(
        x == size, np.where(size == 0, np.nan, 1.0), high
    )


def proportion(
    count: SupportsIndex, n: SupportsIndex, *, missing: SupportsIndex = 0, confidence: float = 0.95
) -> Proportion:
    """The share `count`/`n` with its Wilson limits; `InvalidValue` when `n` is 0 or a count is impossible."""
    known, size, unknown = operator.index(count), operator.index(n), operator.index(missing)
    if size == 0 or unknown < 0:
        raise InvalidValue(
            N_("There is no one to take a share of."),
            expected=N_("A total of 1 or more, and none missing below 0."),
        )
    low, high = wilson_limits(known, size, confidence)
    return Proportion(known, size, unknown, known / size, float(low), float(high), confidence)
