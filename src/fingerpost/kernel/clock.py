"""What time it is. The only place that asks the machine; everything else asks here or is told.

`with fixed(moment):` stops the clock; `with ticking(moment):` moves it by one step at each reading, which
keeps a generated history in order and the same at every run. Both hold for the current thread or task only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

from fingerpost.kernel.london import require_aware, to_london

__all__ = ["fixed", "is_injected", "now", "ticking", "today"]

_source: ContextVar[Callable[[], datetime] | None] = ContextVar("fingerpost_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    source = _source.get()
    return datetime.now(UTC) if source is None else source()


def today() -> date:
    """The date in London, where the day of a referral is counted."""
    return to_london(now()).date()


def is_injected() -> bool:
    """Whether the clock is being held by `fixed` or `ticking`."""
    return _source.get() is not None


@contextmanager
def fixed(moment: datetime) -> Iterator[datetime]:
    """Stop the clock at an aware moment."""
    held = require_aware(moment).astimezone(UTC)
    with _reading(lambda: held):
        yield held


@contextmanager
def ticking(moment: datetime, step: timedelta = timedelta(milliseconds=1)) -> Iterator[datetime]:
    """Start the clock at an aware moment; each reading is one step later than the one before."""
    start = require_aware(moment).astimezone(UTC)
    readings = 0

    def read() -> datetime:
        nonlocal readings
        readings += 1
        return start + step * (readings - 1)

    with _reading(read):
        yield start


@contextmanager
def _reading(source: Callable[[], datetime]) -> Iterator[None]:
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)
