"""The queue: in order, decided in one press, undone within ten minutes, shared out fairly."""

from __future__ import annotations

from collections.abc import Callable

from tests.factories.browsing import Browser, hidden
from tests.factories.world import World, a_case, a_referral, details, request

from fingerpost.web.audit import api as audit
from fingerpost.web.casework import api as casework
from fingerpost.web.referrals import api as referrals

SignIn = Callable[[str], Browser]


def urgent(world: World) -> referrals.Referral:
    with world.as_("gp") as gp:
        return referrals.refer(
            details=details(given_name="Ursula"),
            identifier=None,
            request=request(world, is_urgent=True, urgent_reason="Rent is due on Friday"),
            scheme_id=world.scheme.id,
            by=gp,
            at=world.at,
        )


def status_of(world: World, referral: referrals.Referral) -> str:
    with world.as_("lead") as lead:
        return referrals.referral(lead, referral_id=referral.id).status


def test_urgent_referral_comes_first_and_says_why(world: World, browser: SignIn) -> None:
    a_referral(world, given_name="Older")
    world.later(days=3)
    urgent(world)
    page = browser("lead").get("/queue/").content.decode()
    assert page.index("Ursula") < page.index("Older")
    assert "Rent is due on Friday" in page and "3 working days" in page


def test_suggested_worker_has_the_fewest_open_cases_and_is_never_the_lead(
    world: World, browser: SignIn
) -> None:
    a_case(world, given_name="Carried")
    referral = a_referral(world, given_name="Newcomer")
    page = browser("lead").get(f"/queue/{referral.id}/").content.decode()
    assert "Take it on and give it to Second Worker" in page and "no open cases" in page


def test_accepting_gives_the_case_in_one_press_and_twice_is_once(world: World, browser: SignIn) -> None:
    referral, lead = a_referral(world), browser("lead")
    page = lead.get(f"/queue/{referral.id}/")
    given = {**hidden(page), "worker": str(world.worker.user_id)}
    given["submission"] = (
        given["submission"][0] if isinstance(given["submission"], list) else given["submission"]
    )
    answers = [lead.post(f"/queue/{referral.id}/accept/", given) for _press in range(2)]
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, "/queue/")] * 2
    assert "Worker has the case" in lead.get("/queue/").content.decode()
    with world.as_("worker") as worker:
        assert casework.case_of_referral(worker, referral_id=referral.id).worker_id == world.worker.user_id  # type: ignore[union-attr]


def test_accepting_without_a_worker_says_the_fault_and_keeps_the_page(world: World, browser: SignIn) -> None:
    referral = a_referral(world)
    page = browser("lead").post(f"/queue/{referral.id}/accept/", {"worker": ""}).content.decode()
    assert "Choose who will work with them" in page and "<title>Error:" in page
    assert status_of(world, referral) == "received"


def test_decline_needs_a_reason_and_is_undone_within_ten_minutes_only(world: World, browser: SignIn) -> None:
    referral, lead = a_referral(world), browser("lead")
    assert "Choose the reason" in lead.post(f"/queue/{referral.id}/decline/", {}).content.decode()
    lead.post(f"/queue/{referral.id}/decline/", {"reason": "scheme_out_of_area", "note": "Over the river."})
    assert status_of(world, referral) == "declined"
    assert f"/queue/{referral.id}/restore/" in lead.get("/queue/").content.decode()
    assert "Over the river." in lead.get("/queue/decided/").content.decode()
    world.later(minutes=9)
    assert lead.post(f"/queue/{referral.id}/restore/").status_code == 302
    assert status_of(world, referral) == "received"
    lead.post(f"/queue/{referral.id}/decline/", {"reason": "scheme_full"})
    world.later(minutes=11)
    assert "/restore/" not in lead.get("/queue/").content.decode()
    assert lead.post(f"/queue/{referral.id}/restore/").status_code == 409
    assert status_of(world, referral) == "declined"


def test_reasons_of_another_kind_are_not_offered(world: World, browser: SignIn) -> None:
    referral, lead = a_referral(world), browser("lead")
    page = lead.get(f"/queue/{referral.id}/decline/").content.decode()
    assert 'value="scheme_full"' in page
    for code in ("redirected", "provider_full", "wrong_person", "referrer_withdrew"):
        assert f'value="{code}"' not in page
        assert lead.post(f"/queue/{referral.id}/decline/", {"reason": code}).status_code == 200
    assert status_of(world, referral) == "received"


def test_redirect_lands_in_the_other_queue(world: World, browser: SignIn) -> None:
    referral = a_referral(world, given_name="Onward")
    answer = browser("lead").post(
        f"/queue/{referral.id}/redirect/", {"scheme": str(world.other_scheme.id), "note": ""}
    )
    assert answer.status_code == 302 and status_of(world, referral) == "redirected"
    assert "Onward" in browser("other_lead").get("/queue/").content.decode()


def test_perhaps_known_person_is_said_before_deciding(world: World, browser: SignIn) -> None:
    a_referral(world)
    with world.as_("other_gp") as gp:
        again = referrals.refer(
            details=details(),
            identifier=None,
            request=request(world),
            scheme_id=world.scheme.id,
            by=gp,
            at=world.at,
        )
    assert again.maybe_known
    page = browser("lead").get(f"/queue/{again.id}/").content.decode()
    assert "Perhaps this person is known already" in page


def test_link_worker_sees_the_queue_and_decides_nothing(world: World, browser: SignIn) -> None:
    referral, worker = a_referral(world, given_name="Waiting"), browser("worker")
    assert "Waiting" in worker.get("/queue/").content.decode()
    page = worker.get(f"/queue/{referral.id}/").content.decode()
    assert "Only a team lead decides" in page and "/accept/" not in page
    for step in ("accept", "decline", "redirect", "restore"):
        assert worker.post(f"/queue/{referral.id}/{step}/", {}).status_code == 403


def test_foreign_scheme_gets_404_and_a_manager_403(world: World, browser: SignIn) -> None:
    referral = a_referral(world)
    foreign, manager = browser("other_lead"), browser("manager")
    for address in (
        f"/queue/{referral.id}/",
        f"/queue/{referral.id}/decline/",
        f"/queue/{referral.id}/redirect/",
    ):
        assert foreign.get(address).status_code == 404
        assert manager.get(address).status_code == 403
    assert manager.get("/queue/").status_code == 403


def test_list_and_opening_are_logged(world: World, browser: SignIn) -> None:
    referral, lead = a_referral(world), browser("lead")
    lead.get("/queue/")
    lead.get(f"/queue/{referral.id}/")
    with world.as_("lead") as actor:
        kinds = [one.kind for one in audit.accesses_of_person(actor, person_id=referral.person_id)]
    assert sorted(kinds[:2]) == ["list", "view"]


def test_queue_of_many_takes_no_more_queries(
    world: World, browser: SignIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(12):
        a_referral(world, given_name=f"Person{number}", family_name=f"Name{number}")
    lead = browser("lead")
    with django_assert_max_num_queries(21):  # type: ignore[attr-defined]
        assert lead.get("/queue/").content.decode().count("Person") >= 12
