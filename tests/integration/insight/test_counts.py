"""The live counts against slow plain readings of the same events, and against the other half."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.factories.extracts import pseudonymiser
from tests.factories.journeys import FIRST, everyone, random_journeys
from tests.factories.world import World, build_world

from fingerpost.analytics.engine.connection import Engine
from fingerpost.analytics.evaluation.funnel import share_by_month
from fingerpost.analytics.oracle import indicators as oracle
from fingerpost.codes.pathway import EventKind
from fingerpost.interchange.indicators.loader import load_indicator
from fingerpost.interchange.tables import PATHWAY_EVENT
from fingerpost.kernel.errors import NoScopeError, NotAllowed
from fingerpost.kernel.london import to_london
from fingerpost.web.extract.api import write_extract
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.insight import api as insight
from fingerpost.web.insight.paths import Filters, ways
from fingerpost.web.pathway import api as pathway
from fingerpost.web.tenancy.api import Permission

pytestmark = pytest.mark.django_db
SPEC = load_indicator("reached_first_contact")
LATER = FIRST + timedelta(days=500)


def _world(count: int) -> World:
    made = build_world()
    random_journeys(made, count=count)
    made.at = LATER
    return made


@pytest.fixture
def world() -> World:
    return _world(15)


@pytest.fixture
def busy_world() -> World:
    return _world(120)


def _job(world: World) -> Actor:
    return Actor.system(
        reason="counting in a test",
        system_id=world.system_id,
        organisation_ids=everyone(world),  # type: ignore[arg-type]
        permissions={Permission.RUN_EXTRACT, Permission.SEE_FUNNEL},
        sees_people=False,
    )


def test_indicator_is_the_same_live_from_an_extract_and_by_the_oracle(
    busy_world: World, tmp_path: Path
) -> None:
    with busy_world.as_(_job(busy_world)) as actor:
        extract = write_extract(
            actor, tmp_path / "out", pseudonymiser(), data_to=(LATER - timedelta(days=1)).date(), at=LATER
        )
        events: list[dict[str, Any]] = extract.read(PATHWAY_EVENT).to_pylist()
        with Engine(extract) as engine:
            for as_of in (date(2025, 9, 30), date(2025, 11, 14), date(2026, 1, 31), date(2026, 12, 1)):
                live = insight.count_reached_first_contact(actor, as_of=as_of)
                assert live == share_by_month.count_by_month(engine, SPEC, as_of=as_of)
                assert live == oracle.count_by_month(SPEC, events, as_of=as_of)
    # The comparison would be idle if no journey were of each kind.
    assert sum(row.numerator for row in live) and sum(row.missing for row in live) and len(live) >= 4
    assert any(event["taken_back_on"] for event in events)


def _read_slowly(actor: Actor, filters: Filters) -> Counter[Any]:
    """Each journey by itself, with `pathway.standing` and plain Python."""
    path = list(insight.PATH)
    found: Counter[Any] = Counter()
    journeys = {journey.id: journey for journey in pathway.journeys(actor)}
    for journey_id, events in pathway.events_of_journeys(actor, journey_ids=list(journeys)).items():
        standing = pathway.standing(events)
        if not standing:
            continue
        steps = [e.after if e.kind == EventKind.LOST else e.kind for e in standing]
        place = max((path.index(EventKind(s)) for s in steps if s in path), default=None)
        referred = [e.occurred_at for e in standing if e.kind == EventKind.REFERRED]
        on_path = [e.occurred_at for e in standing if e.kind in path]
        began = to_london(min(referred or on_path or [e.occurred_at for e in standing])).date()
        journey = journeys[journey_id]
        matches = (
            (not filters.source or journey.source == filters.source)
            and (not filters.referrer_id or journey.referrer_id == filters.referrer_id)
            and (not filters.scheme_id or any(e.scheme_id == filters.scheme_id for e in standing))
        )
        words = [e for e in standing if e.kind == EventKind.LOST or e.kind in path]
        last = words[-1] if words else None
        loss = (last.after, last.reason) if last is not None and last.kind == EventKind.LOST else None
        losses = frozenset((e.after, e.reason) for e in standing if e.kind == EventKind.LOST)
        marks = frozenset(e.kind for e in standing if e.kind in (*insight.ENDINGS, *insight.ALONGSIDE))
        found[began.replace(day=1), matches, place, loss, losses, marks] += 1
    return found


def test_ways_counted_by_the_database_equal_a_slow_reading(busy_world: World) -> None:
    choices = (
        Filters(),
        Filters(source="practice"),
        Filters(scheme_id=busy_world.other_scheme.id),
        Filters(source="practice", referrer_id=busy_world.other_practice.id, scheme_id=busy_world.scheme.id),
    )
    for who in ("manager", _job(busy_world)):
        with busy_world.as_(who) as actor:
            for filters in choices:
                counted: Counter[Any] = Counter()
                for way in ways(actor, before=LATER, filters=filters):
                    loss = (way.last_loss.after, way.last_loss.reason) if way.last_loss else None
                    losses = frozenset((one.after, one.reason) for one in way.losses)
                    counted[way.month, way.matches, way.place, loss, losses, way.marks] += way.count
                assert counted == _read_slowly(actor, filters)
                assert counted.total() > 50


def test_manager_counts_only_the_journeys_of_their_scheme(world: World) -> None:
    with world.as_("manager") as actor:
        own = sum(way.count for way in ways(actor, before=LATER, filters=Filters()))
    with world.as_(_job(world)) as actor:
        everybody = sum(way.count for way in ways(actor, before=LATER, filters=Filters()))
    assert 0 < own < everybody


def test_nothing_recorded_after_the_moment_is_counted(world: World) -> None:
    with world.as_(_job(world)) as actor:
        assert ways(actor, before=FIRST, filters=Filters()) == []


def test_funnel_takes_two_queries_at_most(world: World, django_assert_max_num_queries: Any) -> None:
    with world.as_("manager") as actor, django_assert_max_num_queries(2):
        insight.funnel(actor, at=LATER)


def test_funnel_for_a_role_without_counts_is_refused(world: World) -> None:
    with world.as_("worker") as actor, pytest.raises(NotAllowed):
        insight.funnel(actor, at=LATER)
    with world.as_("worker") as actor, pytest.raises(NotAllowed):
        insight.first_contact(actor, as_of=LATER.date())


def test_funnel_without_a_scope_is_refused(world: World) -> None:
    with pytest.raises(NoScopeError):
        insight.funnel(world.manager, at=LATER)
