"""Today, open cases and giving a case away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.factories.browsing import Browser
from tests.factories.connecting import a_listing, connect, standing
from tests.factories.world import World, a_case, a_referral

from fingerpost.kernel.london import to_london
from fingerpost.web.casework import api as casework
from fingerpost.web.connections import api as connections
from fingerpost.web.referrals import api as referrals

SignIn = Callable[[str], Browser]


def promise(world: World, case: casework.Case, *, days: int, words: str = "Ring about the choir") -> None:
    with world.as_("worker") as worker:
        casework.plan_next_step(
            case=casework.case(worker, case_id=case.id),
            next_step=words,
            next_step_on=to_london(world.at).date() + timedelta(days=days),
            by=worker,
            at=world.at,
        )


def test_each_thing_stands_in_its_own_part_once(world: World, browser: SignIn) -> None:
    late, due, new = (a_case(world, given_name=name) for name in ("Latecomer", "Dueperson", "Newcomer"))
    promise(world, late, days=-2)
    promise(world, due, days=0)
    page = browser("worker").get("/today/").content.decode()
    parts = [
        page.index(words)
        for words in (
            "Overdue",
            "Latecomer",
            "Promised for today",
            "Dueperson",
            "Not spoken to yet",
            "Newcomer",
        )
    ]
    assert parts == sorted(parts)
    assert [page.count(f'/cases/{case.id}/"') for case in (late, due, new)] == [1, 1, 1]
    assert "was promised for" in page


def test_group_that_is_full_comes_back_until_noted(world: World, browser: SignIn) -> None:
    case = a_case(world, given_name="Singer")
    with world.as_("worker") as worker:
        case = casework.case(worker, case_id=case.id)
    connection = connect(world, case, a_listing(world), fields=["name"])
    worker_browser = browser("worker")
    assert "Waiting for others" in worker_browser.get("/today/").content.decode()
    with world.as_("worker") as worker:
        connections.provider_full(connection=standing(world, connection), by=worker, at=world.at)
    assert "Back with you" in worker_browser.get("/today/").content.decode()
    worker_browser.post(f"/connections/{connection.id}/seen/")
    assert "Back with you" not in worker_browser.get("/today/").content.decode()


def test_group_to_be_rung_is_the_workers_own_move(world: World, browser: SignIn) -> None:
    case = a_case(world)
    with world.as_("worker") as worker:
        case = casework.case(worker, case_id=case.id)
    connect(world, case, a_listing(world), fields=["name"], asked_by="phone")
    page = browser("worker").get("/today/").content.decode()
    assert "Groups to ring" in page and "Waiting for others" not in page


def test_lead_sees_cases_without_a_worker_and_gives_them(world: World, browser: SignIn) -> None:
    referral = a_referral(world, given_name="Lonely")
    with world.as_("lead") as lead:
        held = referrals.referral(lead, referral_id=referral.id)
        case = casework.accept(referral=held, by=lead, at=world.at)
    lead_browser = browser("lead")
    page = lead_browser.get("/today/").content.decode()
    assert "Nobody has them yet" in page and f"/cases/{case.id}/assign/" in page
    assert "Nobody has them yet" not in browser("worker").get("/today/").content.decode()
    address = f"/cases/{case.id}/assign/"
    assert "Choose who will work with them" in lead_browser.post(address, {}).content.decode()
    assert lead_browser.post(address, {"worker": str(world.manager.user_id)}).status_code == 200
    assert lead_browser.post(address, {"worker": str(world.second_worker.user_id)}).status_code == 302
    assert "Lonely" in browser("second_worker").get("/today/").content.decode()


def test_open_cases_are_all_for_a_lead_and_own_for_a_worker(world: World, browser: SignIn) -> None:
    a_case(world, given_name="Heldbyworker")
    lead = browser("lead").get("/cases/").content.decode()
    assert "Heldbyworker" in lead and "Second Worker" in lead
    assert "Heldbyworker" in browser("worker").get("/cases/").content.decode()
    assert "Heldbyworker" not in browser("second_worker").get("/cases/").content.decode()
    only = browser("lead").get(f"/cases/?worker={world.second_worker.user_id}").content.decode()
    assert "Heldbyworker" not in only


def test_nothing_to_do_says_what_will_appear(browser: SignIn) -> None:
    assert "Nothing is waiting for you today" in browser("worker").get("/today/").content.decode()


def test_only_a_scheme_has_a_day_and_only_a_lead_gives_cases(world: World, browser: SignIn) -> None:
    case = a_case(world)
    for who in ("manager", "gp", "administrator"):
        assert browser(who).get("/today/").status_code == 403
        assert browser(who).get("/cases/").status_code == 403
    assert browser("worker").get(f"/cases/{case.id}/assign/").status_code == 403
    assert browser("other_lead").get(f"/cases/{case.id}/assign/").status_code == 404


def test_busy_day_takes_no_more_queries(
    world: World, browser: SignIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(10):
        case = a_case(world, given_name=f"Busy{number}", family_name=f"Name{number}")
        if number % 2:
            promise(world, case, days=-number)
    worker, lead = browser("worker"), browser("lead")
    with django_assert_max_num_queries(22):  # type: ignore[attr-defined]
        assert "Busy9" in worker.get("/today/").content.decode()
    with django_assert_max_num_queries(24):  # type: ignore[attr-defined]
        assert "Busy9" in lead.get("/cases/").content.decode()
