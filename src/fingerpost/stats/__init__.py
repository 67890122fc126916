"""Statistics for both halves: pure functions on numbers and arrays, giving frozen results.

No database, no dataframe, no dates. Each method cites its source and is tested against a case worked by hand,
published numbers, and a simulation.
"""

from fingerpost.stats.proportions import Proportion, proportion, wilson_limits

__all__ = ["Proportion", "proportion", "wilson_limits"]
