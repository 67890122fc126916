from __future__ import annotations

from datetime import timedelta

import pytest
from tests.factories.world import World, a_case, build_world

from fingerpost.codes.pathway import EventKind
from fingerpost.disclosure import is_suppressed
from fingerpost.kernel.errors import Conflict, NotAllowed, NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.web.casework.api import Case
from fingerpost.web.gaps import api as gaps
from fingerpost.web.gaps.api import Gap, WouldHaveHelped
from fingerpost.web.pathway import api as pathway

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def case(world: World) -> Case:
    return a_case(world)


def _record(world: World, case: Case, who: str = "worker", **fields: object) -> Gap:
    given = {"need": "company", "helped_by": WouldHaveHelped.NEARER, "postcode": "QX1 2AB"} | fields
    with world.as_(who) as actor:
        return gaps.record_gap(journey=case.journey, by=actor, at=world.at, **given)  # type: ignore[arg-type]


def test_a_gap_is_a_fact_of_the_journey_and_names_nobody(world: World, case: Case) -> None:
    gap = _record(world, case)
    assert (gap.need, gap.area, gap.helped_by) == ("company", "QX1", "nearer")
    assert not {"person", "journey", "case"} & {field.name for field in Gap._meta.get_fields()}
    with world.as_("worker") as worker:
        events = pathway.events_of(worker, journey_id=case.journey.id)
    assert [e.subject_id for e in events if e.kind == EventKind.GAP_RECORDED] == [gap.id]


def test_a_need_of_one_person_is_one_gap(world: World, case: Case) -> None:
    _record(world, case)
    with pytest.raises(Conflict):
        _record(world, case, helped_by=WouldHaveHelped.CHEAPER)
    _record(world, case, need="transport")


def test_a_mistake_is_taken_back_and_can_be_recorded_again(world: World, case: Case) -> None:
    gap = _record(world, case)
    with world.as_("worker") as worker:
        gaps.take_back_gap(journey=case.journey, gap_id=gap.id, by=worker, at=world.at)
        assert gaps.gaps_of_journey(worker, journey_id=case.journey.id) == []
        kinds = [e.kind for e in pathway.standing(pathway.events_of(worker, journey_id=case.journey.id))]
        assert EventKind.GAP_RECORDED not in kinds
        with pytest.raises(NotFound):
            gaps.take_back_gap(journey=case.journey, gap_id=gap.id, by=worker, at=world.at)
    _record(world, case)


@pytest.mark.parametrize("who", ["gp", "manager", "administrator", "other_worker"])
def test_only_those_who_connect_for_the_scheme_record_gaps(world: World, case: Case, who: str) -> None:
    with pytest.raises(NotAllowed):
        _record(world, case, who)


@pytest.mark.parametrize("who", ["worker", "gp"])
def test_only_those_who_answer_gaps_see_counts(world: World, who: str) -> None:
    with world.as_(who) as actor, pytest.raises(NotAllowed):
        gaps.gap_counts(actor, at=world.at)


def _many(world: World, number: int, **fields: object) -> None:
    given = {"need": "company", "area": "QX1", "helped_by": WouldHaveHelped.NEARER} | fields
    with world.as_("worker") as worker:
        for _ in range(number):
            Gap(
                id=new_id(),
                scheme_id=world.scheme.id,
                recorded_at=world.at - timedelta(days=2),
                recorded_by=worker.user_id,
                **given,
            ).save(force_insert=True)


@pytest.mark.parametrize("who", ["manager", "administrator"])
def test_small_numbers_are_never_told(world: World, who: str) -> None:
    _many(world, 23)
    _many(world, 3, area="QX2")
    _many(world, 31, need="transport", helped_by=WouldHaveHelped.TRANSPORT)
    _many(world, 12, need="transport", area="QX2", helped_by=WouldHaveHelped.TRANSPORT)
    with world.as_(who) as actor:
        found = gaps.gap_counts(actor, at=world.at)
    assert is_suppressed(found.by_area["company"]["QX2"])
    # The lone suppressed cell takes a neighbour with it, or its row's total would give it away.
    assert is_suppressed(found.by_area["company"]["QX1"])
    assert found.by_help["transport"] == 45
    assert "3" not in {str(cell) for row in found.by_area.values() for cell in row.values()}


def test_old_gaps_and_mistakes_are_not_counted(world: World) -> None:
    _many(world, 10)
    with world.as_("manager") as manager:
        assert gaps.gap_counts(manager, at=world.at).total == 10
        assert gaps.gap_counts(manager, at=world.at + timedelta(days=400)).total == 0
