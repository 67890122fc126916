from __future__ import annotations

import pytest
from tests.factories.listings import a_listing, importer, land
from tests.factories.world import World, a_case, build_world

from fingerpost.kernel.errors import InvalidValue, NotAllowed
from fingerpost.web.casework.api import Case
from fingerpost.web.connections import api as connections
from fingerpost.web.connections.api import Suggestion
from fingerpost.web.directory import api as directory

pytestmark = pytest.mark.django_db


def _town() -> directory.DirectoryRecords:
    return directory.DirectoryRecords(
        listings=[
            a_listing("tea", "Tea Table", needs=("company",), languages=("en", "pl")),
            a_listing("old", "Elders' Lunch", needs=("company",), minimum_age=90),
            a_listing("bus", "Village Bus", needs=("transport",)),
            a_listing("choir", "Town Choir", description="Singing together.", needs=("mood",)),
        ]
    )


@pytest.fixture
def world() -> World:
    world = build_world()
    land(world, _town())
    return world


@pytest.fixture
def case(world: World) -> Case:
    return a_case(world, language="Polish")


def _suggested(world: World, case: Case) -> dict[str, Suggestion]:
    with world.as_("worker") as worker:
        return {one.hit.listing.name: one for one in connections.suggest(worker, case=case, at=world.at)}


def test_what_a_need_leads_to_is_suggested_with_every_reason(world: World, case: Case) -> None:
    found = _suggested(world, case)
    assert list(found) == ["Tea Table", "Elders' Lunch"]
    assert found["Tea Table"].reasons == (
        "It helps with what they need: Company and friendship.",
        "Their language is spoken there.",
    )
    assert found["Tea Table"].against == ()
    assert "For people aged 90 and over" in found["Elders' Lunch"].against[0]
    assert found["Tea Table"].points > found["Elders' Lunch"].points


def test_the_points_are_the_weights_added_up(world: World, case: Case) -> None:
    assert _suggested(world, case)["Tea Table"].points == 8 + 3
    with world.as_("administrator") as steward:
        connections.weigh_rule(key="language", weight=10, by=steward, at=world.at)
    assert _suggested(world, case)["Tea Table"].points == 8 + 10


def test_a_rule_that_is_switched_off_says_nothing(world: World, case: Case) -> None:
    with world.as_("administrator") as steward:
        connections.weigh_rule(key="fits", weight=0, by=steward, at=world.at)
        changed = {rule.key: one for rule, one in connections.suggestion_rules(steward)}
        assert changed["fits"] is not None and changed["fits"].changed_by_name == steward.label
    assert _suggested(world, case)["Elders' Lunch"].against == ()
    with world.as_("administrator") as steward:
        connections.weigh_rule(key="fits", weight=4, by=steward, at=world.at)
        assert {r.key: o for r, o in connections.suggestion_rules(steward)}["fits"] is None


def test_only_a_steward_changes_weights_and_within_bounds(world: World) -> None:
    with world.as_("worker") as worker, pytest.raises(NotAllowed):
        connections.weigh_rule(key="fits", weight=0, by=worker, at=world.at)
    with world.as_("administrator") as steward, pytest.raises(InvalidValue):
        connections.weigh_rule(key="fits", weight=11, by=steward, at=world.at)


def test_what_is_full_loses_points_and_says_so(world: World, case: Case) -> None:
    with world.as_(importer(world)) as job:
        tea = directory.open_listings(job).get(name="Tea Table")
        directory.set_capacity(listing_id=tea.id, state=directory.CapacityState.FULL, by=job, at=world.at)
    found = _suggested(world, case)["Tea Table"]
    assert "Full." in found.against and found.points < 11
