"""The columns of an indicator's result, each with the flag that decides how disclosure control treats it.

The flags are not remarks: `protection` and the exit of the analytics half act on them, so a count that is
added here is protected without another line of code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["COUNT_COLUMNS", "RESULT_COLUMNS", "Flag", "ResultColumn"]


class Flag(StrEnum):
    """`open`: of no person. `count`: a number of journeys. `derived`: worked out from protected counts."""

    OPEN = "open"
    COUNT = "count"
    DERIVED = "derived"


@dataclass(frozen=True, kw_only=True)
class ResultColumn:
    """One column. A count that is `part_of` another is also hidden when it leaves little of the other."""

    name: str
    type: str
    meaning: str
    flag: Flag
    part_of: str = ""


RESULT_COLUMNS: tuple[ResultColumn, ...] = (
    ResultColumn(
        name="month", type="date", meaning="First day of the month of the index event.", flag=Flag.OPEN
    ),
    ResultColumn(
        name="status",
        type="code",
        meaning="Why there is a share, or why there is none.",
        flag=Flag.DERIVED,
    ),
    ResultColumn(
        name="denominator", type="count", meaning="Journeys in the denominator, rounded.", flag=Flag.COUNT
    ),
    ResultColumn(
        name="numerator",
        type="count",
        meaning="Those in the numerator, rounded; so far, while the month is maturing.",
        flag=Flag.COUNT,
        part_of="denominator",
    ),
    ResultColumn(
        name="missing",
        type="count",
        meaning="Those whose outcome cannot be read, rounded.",
        flag=Flag.COUNT,
        part_of="denominator",
    ),
    ResultColumn(
        name="share",
        type="share",
        meaning="numerator / denominator, from the rounded counts.",
        flag=Flag.DERIVED,
    ),
    ResultColumn(
        name="low", type="share", meaning="Lower end of the 95% Wilson interval.", flag=Flag.DERIVED
    ),
    ResultColumn(
        name="high", type="share", meaning="Upper end of the 95% Wilson interval.", flag=Flag.DERIVED
    ),
)

COUNT_COLUMNS: tuple[ResultColumn, ...] = tuple(c for c in RESULT_COLUMNS if c.flag is Flag.COUNT)
