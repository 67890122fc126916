"""Time-ordered ids: UUID version 7 (RFC 9562), made here and not by the database.

Within a process, ids made in the same millisecond still rise, because the random part is counted up by a
random amount (RFC 9562 section 6.2, method 2). Unless the clock is injected, a clock set back does not make
ids fall.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from threading import Lock
from uuid import UUID

from fingerpost.kernel import clock
from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.london import require_aware
from fingerpost.kernel.words import N_

__all__ = ["new_id", "seeded", "timestamp_of"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_TAIL_BITS = 74  # 12 bits after the version and 62 after the variant
_STEP_BITS = 32


class _Sequence:
    """The last millisecond used and the last random part given in it."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.millisecond = -1
        self.tail = 0

    def next(self, millisecond: int, source: random.Random, *, may_fall: bool) -> tuple[int, int]:
        with self.lock:
            if not may_fall:
                millisecond = max(millisecond, self.millisecond)
            if millisecond == self.millisecond:
                self.tail += 1 + source.getrandbits(_STEP_BITS)
            else:
                # The top bit starts clear: 2**41 steps of the largest size fit before it could overflow.
                self.tail = source.getrandbits(_TAIL_BITS - 1)
            self.millisecond = millisecond
            return millisecond, self.tail


class _Maker:
    """A source of chance with one sequence for real time and one for given times, which may go back."""

    def __init__(self, source: random.Random) -> None:
        self.source = source
        self.forget()

    def forget(self) -> None:
        self.real, self.given = _Sequence(), _Sequence()

    def make(self, millisecond: int, *, is_given: bool) -> UUID:
        sequence = self.given if is_given else self.real
        return _assemble(*sequence.next(millisecond, self.source, may_fall=is_given))


_ordinary = _Maker(random.SystemRandom())
_maker: ContextVar[_Maker] = ContextVar("fingerpost_id_maker", default=_ordinary)

if hasattr(os, "register_at_fork"):
    # A forked child must not go on counting from its parent's random part.
    os.register_at_fork(after_in_child=_ordinary.forget)


def new_id(at: datetime | None = None) -> UUID:
    """A new id dated `at` (aware), or now by the clock."""
    is_given = at is not None or clock.is_injected()
    moment = clock.now() if at is None else require_aware(at)
    millisecond = (moment - _EPOCH) // _MILLISECOND
    if not 0 <= millisecond < 1 << 48:
        raise InvalidValue(
            N_("An id cannot be dated at this time."), expected=N_("A time from 1970 to the year 10889.")
        )
    return _maker.get().make(millisecond, is_given=is_given)


def _assemble(millisecond: int, tail: int) -> UUID:
    high, low = tail >> 62, tail & ((1 << 62) - 1)
    return UUID(int=millisecond << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def timestamp_of(identifier: UUID) -> datetime:
    """When the id was dated, in UTC, to the millisecond; `InvalidValue` for any other kind of UUID."""
    if identifier.version != 7:
        raise InvalidValue(
            N_("This id does not carry a date."), expected=N_("An id made by this program (UUID version 7).")
        )
    return _EPOCH + _MILLISECOND * (identifier.int >> 80)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Make the random part of ids repeatable, for demonstration data and tests; never for live records."""
    token = _maker.set(_Maker(random.Random(seed)))  # noqa: S311 - repeatable on purpose
    try:
        yield
    finally:
        _maker.reset(token)
