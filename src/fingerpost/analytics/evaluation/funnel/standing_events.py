"""Which pathway events count: those known on a day and not taken back by then."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir


def standing_on(events: ir.Table, as_of: date) -> ir.Table:
    """Events that had occurred and been recorded by the end of the day `as_of`, and still stood then."""
    day = ibis.literal(as_of)
    stands = events.taken_back_on.isnull() | (events.taken_back_on > day)
    return events.filter(events.occurred_on <= day, events.recorded_on <= day, stands)
