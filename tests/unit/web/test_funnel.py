from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from fingerpost.codes.pathway import EventKind as K
from fingerpost.disclosure import Suppressed, Why, is_suppressed
from fingerpost.web.insight.funnel import Funnel, FunnelStep, Period, funnel_of
from fingerpost.web.insight.paths import PATH, Loss, Way

AT = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)


def way(kind: K | None, count: int, *, lost: str = "", after: K | None = None, **given: Any) -> Way:
    """`count` journeys that got as far as `kind`; `lost` is the reason of their last word, after `after`."""
    loss = Loss(str(after or kind), lost) if lost else None
    values: dict[str, Any] = {
        "month": JAN,
        "matches": True,
        "place": None if kind is None else PATH.index(kind),
        "last_loss": loss,
        "losses": (loss,) if loss else (),
        "marks": frozenset(),
    }
    return Way(**{**values, **given}, count=count)


def released(*found: Way, period: Period | None = None, is_filtered: bool = False) -> Funnel:
    return funnel_of(found, at=AT, period=period or Period(), is_filtered=is_filtered)


def step(funnel: Funnel, kind: K) -> FunnelStep:
    return next(one for one in funnel.steps if one.kind is kind)


def test_reaching_a_step_counts_at_every_step_before_it() -> None:
    found = released(way(K.RECEIVED, 20), way(K.CONTACTED, 30), way(K.FIRST_ATTENDED, 10))

    counts = {one.kind: one.reached for one in found.steps}
    assert (counts[K.OFFERED], counts[K.RECEIVED], counts[K.ACCEPTED]) == (60, 60, 40)
    assert (counts[K.CONTACTED], counts[K.ASSESSED], counts[K.FIRST_ATTENDED]) == (40, 10, 10)
    assert counts[K.SUSTAINED] == 0


def test_each_journey_is_in_one_place_whatever_became_of_it() -> None:
    found = released(
        way(K.RECEIVED, 20, lost="scheme_full"),
        way(K.RECEIVED, 15, lost="person_said_no"),
        way(K.RECEIVED, 10),
        way(K.RECEIVED, 25, marks=frozenset({"closed"})),
    )

    received = step(found, K.RECEIVED)
    assert received.stopped == {"scheme_full": 20, "person_said_no": 15}
    assert (received.on_the_way, received.finished) == (10, 25)


def test_loss_before_the_furthest_step_is_a_setback_and_stops_nothing() -> None:
    found = released(way(K.FIRST_ATTENDED, 30, lost="provider_full", after=K.CONNECTED))

    assert step(found, K.CONNECTED).stopped == {}
    assert step(found, K.CONNECTED).setbacks == {"provider_full": 30}
    assert step(found, K.FIRST_ATTENDED).on_the_way == 30


def test_loss_after_the_path_stops_the_journey_where_it_was() -> None:
    found = released(way(K.CONNECTED, 10, lost="lost_touch", after=K.CLOSED))

    assert step(found, K.CONNECTED).stopped == {"lost_touch": 10}


def test_small_numbers_are_hidden_with_one_more_so_that_none_can_be_worked_out() -> None:
    found = released(
        way(K.RECEIVED, 3, lost="died"), way(K.RECEIVED, 20, lost="scheme_full"), way(K.RECEIVED, 40)
    )

    received = step(found, K.RECEIVED)
    assert received.stopped["died"] == Suppressed(7)
    hidden = [*received.stopped.values(), received.on_the_way, received.finished]
    assert sum(map(is_suppressed, hidden)) == 2


def test_a_journey_beside_the_path_is_no_part_of_it() -> None:
    found = released(way(None, 40, marks=frozenset({"signposted"})), way(K.REFERRED, 10))

    assert found.journeys == 10
    assert found.beside[K.SIGNPOSTED] == 40


@pytest.mark.parametrize(("left", "hidden"), [(0, False), (1, True), (7, True), (8, False)])
def test_filter_that_leaves_few_out_hides_its_number(left: int, hidden: bool) -> None:
    ways = [way(K.REFERRED, 40)] + ([way(K.REFERRED, left, matches=False)] if left else [])

    found = released(*ways, is_filtered=True)

    assert is_suppressed(found.journeys) is hidden
    if hidden:
        assert found.journeys == Suppressed(7, Why.COMPLEMENT)


def test_filter_hides_a_reason_of_which_it_leaves_few_out() -> None:
    found = released(
        way(K.RECEIVED, 20, lost="scheme_full"),
        way(K.RECEIVED, 30),
        way(K.RECEIVED, 2, lost="scheme_full", matches=False),
        way(K.RECEIVED, 50, matches=False),
        is_filtered=True,
    )

    assert is_suppressed(step(found, K.RECEIVED).stopped["scheme_full"])


def test_period_that_leaves_few_out_hides_its_number_and_months_keep_theirs() -> None:
    ways = [way(K.REFERRED, 40), way(K.REFERRED, 4, month=FEB)]

    found = released(*ways, period=Period(last=JAN))

    assert is_suppressed(found.journeys)
    assert [(month.month, month.reached[K.REFERRED]) for month in found.months] == [(JAN, 40)]


def test_one_person_more_changes_nothing_unless_a_boundary_is_crossed() -> None:
    counts = [(n, released(way(K.REFERRED, n)).journeys) for n in range(8, 60)]

    assert all(cell == 5 * round(n / 5) for n, cell in counts)


def test_order_of_reasons_tells_no_more_than_the_numbers() -> None:
    one = released(
        *[way(K.RECEIVED, n, lost=r) for r, n in (("unwell", 12), ("died", 11), ("scheme_full", 2))]
    )
    two = released(
        *[way(K.RECEIVED, n, lost=r) for r, n in (("unwell", 9), ("died", 12), ("scheme_full", 7))]
    )

    assert list(step(one, K.RECEIVED).stopped.items()) == list(step(two, K.RECEIVED).stopped.items())


def test_months_run_without_a_gap() -> None:
    found = released(way(K.REFERRED, 10), way(K.REFERRED, 10, month=date(2026, 4, 1)))

    assert [month.month.month for month in found.months] == [1, 2, 3, 4]
    assert found.months[1].reached[K.REFERRED] == 0
