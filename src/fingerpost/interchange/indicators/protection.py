"""Disclosure control of an indicator's counts, as the flags of the result schema say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fingerpost.disclosure import FOR_COUNTS, DisclosurePolicy, Suppressed, release_count, release_share
from fingerpost.interchange.indicators.result_schema import COUNT_COLUMNS, ResultColumn
from fingerpost.interchange.indicators.specification import DisclosureClass

__all__ = ["POLICIES", "Cell", "protected_counts"]

Cell = int | Suppressed

POLICIES: dict[DisclosureClass, DisclosurePolicy] = {
    DisclosureClass.ROUTINE: replace(FOR_COUNTS, shows_extremes=True),
    DisclosureClass.SENSITIVE: FOR_COUNTS,
}
"""Counts are released beside every share, so both classes round as counts do."""


def protected_counts(counts: Mapping[str, int], disclosure: DisclosureClass) -> dict[str, Cell]:
    """Every count column of the schema, rounded or suppressed; `counts` is by column name."""
    policy = POLICIES[disclosure]
    return {column.name: _protected(column, counts, policy) for column in COUNT_COLUMNS}


def _protected(column: ResultColumn, counts: Mapping[str, int], policy: DisclosurePolicy) -> Cell:
    if not column.part_of:
        return release_count(counts[column.name], policy)
    return release_share(counts[column.name], counts[column.part_of], policy).numerator
