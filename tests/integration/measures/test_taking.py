"""Questionnaires: scored as declared, skips allowed and kept, the case assessed once, mistakes put right."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from tests.factories.world import World, a_case, build_world

from fingerpost.instruments import instrument
from fingerpost.kernel.errors import Faults, NotAllowed
from fingerpost.web.casework import api as casework
from fingerpost.web.measures import api as measures
from fingerpost.web.pathway import api as pathway

pytestmark = pytest.mark.django_db

ITEMS = [item.id for item in instrument("ons4").items]
ANSWERS = {"satisfied": 3, "worthwhile": 5, "happy": 4, "anxious": 8}


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def case(world: World) -> casework.Case:
    return a_case(world)


def take(world: World, case: casework.Case, **changes: object) -> measures.Occasion:
    values = {"instrument_id": "ons4", "kind": "baseline", "answers": ANSWERS, "mode": "assisted", **changes}
    with world.as_("worker") as worker:
        return measures.take(case=case, by=worker, at=world.at, **values)  # type: ignore[arg-type]


def assessed(world: World, case: casework.Case) -> list[object]:
    with world.as_("worker") as worker:
        events = pathway.standing(pathway.events_of(worker, journey_id=case.journey_id))
        return [e.subject_id for e in events if e.kind == "assessed"]


def test_take_scores_each_item_and_names_the_version(world: World, case: casework.Case) -> None:
    occasion = take(world, case)
    assert occasion.scores == ANSWERS
    assert occasion.instrument_version == instrument("ons4").version
    assert occasion.missing == []
    assert assessed(world, case) == [occasion.id]


def test_take_summed_instrument_keeps_its_total(world: World, case: casework.Case) -> None:
    items = instrument("ucla3").items
    full = take(world, case, instrument_id="ucla3", answers={item.id: item.most for item in items})
    part = take(world, case, instrument_id="ucla3", answers={items[0].id: items[0].most})
    assert full.scores["total"] == instrument("ucla3").most_total
    assert part.scores["total"] is None


def test_skips_are_allowed_and_kept(world: World, case: casework.Case) -> None:
    occasion = take(world, case, answers={"satisfied": 3, "happy": None, "worthwhile": 0})
    assert occasion.answers == {"satisfied": 3, "worthwhile": 0, "happy": None, "anxious": None}
    assert occasion.missing == ["happy", "anxious"]
    assert assessed(world, case) == [occasion.id]


def test_too_little_is_kept_but_does_not_make_the_case_assessed(world: World, case: casework.Case) -> None:
    take(world, case, answers={"satisfied": 3})
    assert assessed(world, case) == []
    enough = take(world, case)
    assert assessed(world, case) == [enough.id]


def test_second_baseline_and_reviews_do_not_assess_again(world: World, case: casework.Case) -> None:
    first = take(world, case)
    world.later(days=1)
    take(world, case)
    take(world, case, kind="review")
    assert assessed(world, case) == [first.id]


def test_every_fault_is_told_at_once(world: World, case: casework.Case) -> None:
    with pytest.raises(Faults) as refusal:
        take(
            world,
            case,
            kind="never",
            mode="by pigeon",
            answers={"satisfied": 11, "happy": "five", "shoes": 1},
            taken_at=world.at + timedelta(days=1),
        )
    fields = {getattr(fault, "field", "") for fault in refusal.value.faults}
    assert fields == {"kind", "mode", "taken_at", "satisfied", "happy", "shoes"}


def test_nothing_answered_is_refused(world: World, case: casework.Case) -> None:
    with pytest.raises(Faults):
        take(world, case, answers=dict.fromkeys(ITEMS))


def test_mistake_takes_the_step_back_and_gives_it_to_the_next(world: World, case: casework.Case) -> None:
    first = take(world, case)
    world.later(days=1)
    second = take(world, case)
    world.later(days=1)
    with world.as_("worker") as worker:
        measures.mark_entered_in_error(occasion=first, by=worker, at=world.at)
        assert [o.id for o in measures.occasions_of(worker, case_id=case.id)] == [second.id]
        assert len(measures.occasions_of(worker, case_id=case.id, mistakes=True)) == 2
    assert assessed(world, case) == [second.id]
    with world.as_("worker") as worker:
        measures.mark_entered_in_error(occasion=second, by=worker, at=world.at)
        measures.mark_entered_in_error(occasion=second, by=worker, at=world.at)
    assert assessed(world, case) == []


def test_series_leaves_out_skips_and_mistakes(world: World, case: casework.Case) -> None:
    take(world, case)
    world.later(days=40)
    take(world, case, kind="review", answers={"satisfied": 6, "worthwhile": 6, "anxious": 5})
    world.later(days=1)
    wrong = take(world, case, kind="review", answers={"satisfied": 0})
    with world.as_("worker") as worker:
        measures.mark_entered_in_error(occasion=wrong, by=worker, at=world.at)
        drawn = measures.series(
            measures.occasions_of(worker, case_id=case.id, mistakes=True), instrument_id="ons4"
        )
        newest = measures.latest(worker, case_id=case.id, instrument_id="ons4")
        baseline = measures.latest(worker, case_id=case.id, instrument_id="ons4", kind="baseline")
    assert {one.item.id: [value for _, value in one.points] for one in drawn} == {
        "satisfied": [3, 6],
        "worthwhile": [5, 6],
        "happy": [4],
        "anxious": [8, 5],
    }
    assert newest is not None
    assert baseline is not None
    assert (newest.kind, baseline.kind) == ("review", "baseline")


@pytest.mark.parametrize("who", ["gp", "manager", "administrator", "other_worker"])
def test_somebody_else_neither_takes_nor_sees(world: World, case: casework.Case, who: str) -> None:
    take(world, case)
    with world.as_(who) as actor:
        with pytest.raises(NotAllowed):
            measures.take(
                case=case,
                instrument_id="ons4",
                kind="review",
                answers=ANSWERS,
                mode="self",
                by=actor,
                at=world.at,
            )
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM measures_occasion")
            assert cursor.fetchone()[0] == 0


def test_closed_case_takes_no_answers(world: World, case: casework.Case) -> None:
    with world.as_("worker") as worker:
        casework.close(case=case, reason="plan_finished", story="", by=worker, at=world.at)
        held = casework.case(worker, case_id=case.id)
    with pytest.raises(NotAllowed):
        take(world, held)
