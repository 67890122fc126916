"""Statistics for both halves: pure functions on numbers and arrays, giving frozen results.

No database, no dataframe, no dates. Each method cites its source and is tested against a case worked by hand,
published numbers, and a simulation.
"""

from fingerpost.stats.proportions import Proportion, proportion, wilson_limits
from fingerpost.stats.ranking import PairedDifference, ndcg, paired_bootstrap

__all__ = ["PairedDifference", "Proportion", "ndcg", "paired_bootstrap", "proportion", "wilson_limits"]
