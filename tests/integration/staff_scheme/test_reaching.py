"""How a person must not be contacted, on the pages: set, shown in red, taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.factories.browsing import Browser, hidden
from tests.factories.world import World, a_case

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.casework import api as casework
from fingerpost.web.people import api as people

SignIn = Callable[[str], Browser]


@pytest.fixture
def case(world: World) -> casework.Case:
    return a_case(world, email="amina@person.example")


def _add(browser: SignIn, case: casework.Case, **given: str) -> str:
    address = f"/people/{case.person_id}/contact/"
    page = browser("worker").get(address)
    done = browser("worker").post(address, {**hidden(page), "reason": "He reads her post.", **given})
    return "" if done.status_code == 302 else done.content.decode()


def test_what_must_not_be_done_stands_in_red_for_everybody_involved(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    assert _add(browser, case, kind="address", address="07700 900123") == ""
    for who, address in (("worker", f"/cases/{case.id}/"), ("second_worker", f"/cases/{case.id}/plan/")):
        assert "Do not use 07700 900123" in browser(who).get(address).content.decode()
    with world.as_("gp") as by:
        assert [one.kind for one in people.conditions_of(by, person_id=case.person_id)] == ["address"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Say what must not be done"),
        ({"kind": "address"}, "Type the number or address that must not be used"),
        ({"kind": "worker"}, "Choose who may get in touch"),
        ({"kind": "not_before"}, "Type the day"),
        ({"kind": "nothing", "reason": ""}, "Say why, as the person said it"),
        (
            {"kind": "not_before", "not_before-day": "1", "not_before-month": "1", "not_before-year": "2026"},
            "The day must lie ahead",
        ),
    ],
)
def test_what_is_missing_is_said(
    browser: SignIn, case: casework.Case, given: dict[str, str], said: str
) -> None:
    assert said in _add(browser, case, **given)


def test_only_one_worker_may_write(world: World, browser: SignIn, case: casework.Case) -> None:
    assert _add(browser, case, kind="worker", worker=str(world.worker.user_id)) == ""
    assert "Only Worker may get in touch" in browser("lead").get(f"/cases/{case.id}/").content.decode()
    with world.as_("worker") as by:
        person = people.person(by, person_id=case.person_id)
        assert people.safe_route(person, "a letter", worker_id=by.user_id).address == "amina@person.example"
        with pytest.raises(NotAllowed):
            people.safe_route(person, "a letter", worker_id=world.second_worker.user_id)


def test_a_day_that_has_come_binds_no_more(world: World, browser: SignIn, case: casework.Case) -> None:
    day = (world.at + timedelta(days=10)).date()
    parts = {"not_before-day": day.day, "not_before-month": day.month, "not_before-year": day.year}
    assert _add(browser, case, kind="not_before", **{name: str(part) for name, part in parts.items()}) == ""
    assert "Do not contact before" in browser("worker").get(f"/cases/{case.id}/").content.decode()
    world.later(days=10)
    assert "Do not contact before" not in browser("worker").get(f"/cases/{case.id}/").content.decode()


def test_taking_it_back_keeps_the_history(world: World, browser: SignIn, case: casework.Case) -> None:
    _add(browser, case, kind="nothing")
    with world.as_("worker") as by:
        [condition] = people.conditions_of(by, person_id=case.person_id)
    address = f"/people/{case.person_id}/contact/{condition.id}/take-back/"
    worker = browser("worker")
    assert worker.post(address, {}).status_code == 302
    assert "Do not contact at all" not in browser("worker").get(f"/cases/{case.id}/").content.decode()
    assert browser("worker").post(address, {}).status_code == 404
    with world.as_("worker"):
        held = people.ContactCondition.objects.get(id=condition.id)
        assert (held.lifted_by, held.reason) == (world.worker.user_id, "He reads her post.")


def test_moving_to_another_practice_by_the_page(world: World, browser: SignIn, case: casework.Case) -> None:
    address = f"/people/{case.person_id}/practice/"
    page = browser("worker").get(address)
    assert "Elm Street Surgery" in page.content.decode()
    given = {**hidden(page), "practice": str(world.other_practice.id)}
    assert browser("worker").post(address, given).status_code == 302
    with world.as_("other_gp") as by:
        assert people.person(by, person_id=case.person_id).given_name == "Amina"
    assert "Amina" not in browser("gp").get("/referrals/").content.decode()
