"""How a rule is written once: `check_can_x` raises with the reason, `can_x` is derived from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from fingerpost.kernel.errors import NotAllowed

P = ParamSpec("P")


def as_bool(check: Callable[P, None]) -> Callable[P, bool]:
    """The yes/no twin of a `check_` rule, for pages that decide whether to show a button."""

    @wraps(check)
    def ask(*args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            check(*args, **kwargs)
        except NotAllowed:
            return False
        return True

    return ask
