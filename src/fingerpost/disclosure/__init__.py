"""Statistical disclosure control for both halves: what may be said of small groups of people.

A count that may not be said becomes `Suppressed`, which is no number: it cannot be added, compared, plotted
or taken for nought.
"""

from fingerpost.disclosure.policy import (
    FOR_COUNTS,
    FOR_RATES,
    DisclosurePolicy,
    Suppressed,
    Why,
    is_suppressed,
    midpoint,
    nearest,
)
from fingerpost.disclosure.release import (
    ReleasedRow,
    ReleasedShare,
    ReleasedTable,
    release_count,
    release_row,
    release_share,
    release_table,
)

__all__ = [
    "FOR_COUNTS",
    "FOR_RATES",
    "DisclosurePolicy",
    "ReleasedRow",
    "ReleasedShare",
    "ReleasedTable",
    "Suppressed",
    "Why",
    "is_suppressed",
    "midpoint",
    "nearest",
    "release_count",
    "release_row",
    "release_share",
    "release_table",
]
