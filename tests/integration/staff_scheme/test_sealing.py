"""Seals on the pages: a record or one conversation that only named colleagues go on seeing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.factories.browsing import Browser, hidden
from tests.factories.stage import Stage
from tests.factories.world import World, a_case

from fingerpost.web.casework import api as casework
from fingerpost.web.people import api as people

SignIn = Callable[[str], Browser]


@pytest.fixture
def case(world: World) -> casework.Case:
    return a_case(world)


def seal(world: World, browser: SignIn, address: str, *named: str, by: str = "worker") -> None:
    page = browser(by).get(address)
    accounts = [str(world.actors[name].user_id) for name in named]
    done = browser(by).post(address, {**hidden(page), "named": accounts, "reason": "Her sister works here."})
    assert done.status_code == 302, done.content.decode()


def test_a_sealed_record_is_nowhere_for_a_colleague_who_is_not_named(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    before = browser("second_worker").get("/cases/").status_code
    seal(world, browser, f"/people/{case.person_id}/seal/", "worker")
    second, lead = browser("second_worker"), browser("lead")
    for address in (
        f"/people/{case.person_id}/",
        f"/cases/{case.id}/",
        f"/people/{case.person_id}/contact/",
        f"/cases/{case.id}/plan/",
    ):
        assert second.get(address).status_code == 404
        assert lead.get(address).status_code == 404
        assert browser("worker").get(address).status_code == 200
    assert "Amina" not in second.get("/cases/").content.decode() and before == 200
    assert "Amina" not in lead.get("/queue/decided/").content.decode()
    with world.as_("second_worker") as by:
        assert list(people.search(by, query="Amina Okafor")) == []
        assert people.hidden_records(by) == 1
    with world.as_("gp") as by:
        assert [one.given_name for one in people.search(by, query="Amina Okafor")] == ["Amina"]


def test_everybody_sees_that_something_is_sealed_and_nobody_whom(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    assert "Nothing is sealed" in browser("second_worker").get("/sealed/").content.decode()
    seal(world, browser, f"/people/{case.person_id}/seal/", "worker")
    page = browser("second_worker").get("/sealed/").content.decode()
    assert "A whole record" in page and "Worker" in page
    assert "Amina" not in page and "sister" not in page
    assert "1 thing is sealed here" in browser("second_worker").get("/today/").content.decode()


def test_a_lead_opens_a_seal_with_a_reason_and_a_colleague_cannot(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    seal(world, browser, f"/people/{case.person_id}/seal/", "worker")
    with world.as_("lead") as by:
        [thing] = people.seals_here(by)
    address = f"/sealed/{thing.id}/"
    second = browser("second_worker").get(address)
    assert "You cannot open it" in second.content.decode()
    forged = {"submission": hidden(browser("lead").get(address))["submission"], "reason": "I want to see"}
    assert browser("second_worker").post(address, forged).status_code == 200
    assert browser("second_worker").get(f"/cases/{case.id}/").status_code == 404
    lead = browser("lead")
    page = lead.get(address)
    empty = lead.post(address, {**hidden(page), "reason": " "})
    assert "Say in a few words why it is opened" in empty.content.decode()
    done = lead.post(address, {**hidden(page), "reason": "The worker is ill."})
    assert done.status_code == 302
    assert browser("second_worker").get(f"/cases/{case.id}/").status_code == 200


def test_whoever_leaves_themselves_out_is_not_led_to_a_page_that_is_shut(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    address = f"/people/{case.person_id}/seal/"
    page = browser("lead").get(address)
    done = browser("lead").post(
        address, {**hidden(page), "named": [str(world.worker.user_id)], "reason": "Family."}
    )
    assert done["Location"] == "/sealed/"


def test_one_conversation_is_sealed_and_the_rest_stays(world: World, browser: SignIn) -> None:
    contact = Stage(world).contact()
    seal(world, browser, f"/contacts/{contact.id}/seal/", "worker")
    address = f"/cases/{contact.case_id}/"
    own, other = (browser(who).get(address).content.decode() for who in ("worker", "second_worker"))
    assert "A talk." in own
    assert "A talk." not in other
    for page in (own, other):
        assert "1 conversation is sealed" in page
    assert browser("second_worker").get(f"/contacts/{contact.id}/mistake/").status_code == 404


def test_nobody_named_and_no_reason_are_told_at_once(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    address = f"/people/{case.person_id}/seal/"
    page = browser("worker").get(address)
    told = browser("worker").post(address, {**hidden(page), "reason": ""}).content.decode()
    assert "Choose at least one colleague" in told
    assert "Say in a few words what the person asked for" in told
