"""Which status of a case and of a goal may follow which."""

from __future__ import annotations

from collections.abc import Mapping

from fingerpost.web.casework.enums import CaseStatus, GoalStatus

CASE_START = (CaseStatus.OPEN,)
CASE: Mapping[CaseStatus, frozenset[CaseStatus]] = {
    CaseStatus.OPEN: frozenset({CaseStatus.CLOSED, CaseStatus.ENTERED_IN_ERROR}),
    CaseStatus.CLOSED: frozenset({CaseStatus.OPEN, CaseStatus.ENTERED_IN_ERROR}),
    CaseStatus.ENTERED_IN_ERROR: frozenset(),
}
CASE_OWNERS: Mapping[CaseStatus, str] = {
    CaseStatus.OPEN: "link worker",
    CaseStatus.CLOSED: "nobody",
    CaseStatus.ENTERED_IN_ERROR: "nobody",
}

GOAL_START = (GoalStatus.SET,)
GOAL: Mapping[GoalStatus, frozenset[GoalStatus]] = {
    GoalStatus.SET: frozenset({GoalStatus.ON_THE_WAY, GoalStatus.REACHED, GoalStatus.LET_GO}),
    GoalStatus.ON_THE_WAY: frozenset({GoalStatus.SET, GoalStatus.REACHED, GoalStatus.LET_GO}),
    GoalStatus.REACHED: frozenset({GoalStatus.ON_THE_WAY}),
    GoalStatus.LET_GO: frozenset({GoalStatus.SET, GoalStatus.ON_THE_WAY}),
}
GOAL_OWNERS: Mapping[GoalStatus, str] = dict.fromkeys(GOAL, "person")
