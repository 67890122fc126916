"""The door of insight."""

from __future__ import annotations

from fingerpost.web.insight.funnel import BY_MONTH, Funnel, FunnelMonth, FunnelStep, Period, funnel
from fingerpost.web.insight.indicators import count_by_month, count_reached_first_contact, first_contact
from fingerpost.web.insight.paths import ALONGSIDE, ENDINGS, PATH, Filters
from fingerpost.web.insight.policies import check_can_see_counts

__all__ = [
    "ALONGSIDE",
    "BY_MONTH",
    "ENDINGS",
    "Filters",
    "Funnel",
    "FunnelMonth",
    "FunnelStep",
    "PATH",
    "Period",
    "check_can_see_counts",
    "count_by_month",
    "count_reached_first_contact",
    "first_contact",
    "funnel",
]
