"""The door of gaps."""

from __future__ import annotations

from fingerpost.web.gaps.actions import gaps_of_journey, record_gap, take_back_gap
from fingerpost.web.gaps.enums import WouldHaveHelped
from fingerpost.web.gaps.models import Gap
from fingerpost.web.gaps.policies import can_record_gap, can_see_gaps
from fingerpost.web.gaps.selectors import GapCounts, gap_counts

__all__ = [
    "Gap",
    "GapCounts",
    "WouldHaveHelped",
    "can_record_gap",
    "can_see_gaps",
    "gap_counts",
    "gaps_of_journey",
    "record_gap",
    "take_back_gap",
]
