"""Lifecycles are plain dicts, `{status: {status: ...}}`; this is the one reader of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from fingerpost.kernel.errors import IllegalTransition

S = TypeVar("S", bound=str)


def check_transition(transitions: Mapping[S, Collection[S]], *, now: S, to: S, what: str) -> None:
    """Raise `IllegalTransition` unless `to` may follow `now`."""
    if to in transitions.get(now, ()):
        return
    allowed = ", ".join(sorted(str(s) for s in transitions.get(now, ()))) or "nothing: this is an end"
    raise IllegalTransition(
        f"{what} is “{now}”, so it cannot become “{to}”.",
        expected=f"from “{now}” it may become: {allowed}",
        remedy="reload the page: somebody may have changed it meanwhile",
    )


def unreachable(transitions: Mapping[S, Collection[S]], *, start: Collection[S]) -> set[S]:
    """Statuses that no path from `start` reaches: used by the totality tests."""
    seen: set[S] = set()
    queue = list(start)
    while queue:
        status = queue.pop()
        if status not in seen:
            seen.add(status)
            queue.extend(transitions.get(status, ()))
    return set(transitions) - seen
