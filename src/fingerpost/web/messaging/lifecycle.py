"""Which state of a message may follow which. Staff own `failed` to `queued`, the worker all others."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fingerpost.web.messaging.enums import State

START = (State.QUEUED,)

TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.QUEUED: frozenset({State.SENDING}),
        # Back to `queued`: put off by the other side, or broken off by a crash.
        State.SENDING: frozenset({State.SENT, State.DELIVERED, State.FAILED, State.QUEUED}),
        State.SENT: frozenset(),
        State.DELIVERED: frozenset(),
        State.FAILED: frozenset({State.QUEUED}),
    }
)

ON_ITS_WAY = (State.QUEUED, State.SENDING)
