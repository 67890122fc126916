"""Working with a person: the page, contacts, plan and goals, questionnaires."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.factories.browsing import Browser, hidden
from tests.factories.world import World, a_case, a_referral

from fingerpost.kernel.london import to_london
from fingerpost.web.audit import api as audit
from fingerpost.web.casework import api as casework
from fingerpost.web.measures import api as measures
from fingerpost.web.pathway import api as pathway

SignIn = Callable[[str], Browser]
ALL_SEVEN = {"satisfied": "7", "worthwhile": "6", "happy": "5", "anxious": "skip"}


@pytest.fixture
def case(world: World) -> casework.Case:
    return a_case(world, phone_is_safe=False, contact_note="Ring her daughter first")


def held(world: World, case: casework.Case) -> casework.Case:
    with world.as_("worker") as worker:
        return casework.case(worker, case_id=case.id)


def contacts(world: World, case: casework.Case, *, mistakes: bool = False) -> list[casework.Contact]:
    with world.as_("worker") as worker:
        return casework.contacts_of(worker, case_id=case.id, mistakes=mistakes)


def test_page_says_how_to_reach_them_safely_and_keeps_need_and_reason_out_of_the_title(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    page = browser("worker").get(f"/people/{case.person_id}/").content.decode()
    assert "Do not phone" in page and "Ring her daughter first" in page
    assert "<title>Amina Okafor" in page
    with world.as_("worker") as worker:
        (look, *_rest) = audit.accesses_of_person(worker, person_id=case.person_id)
    assert look.kind == "view"


def test_contact_in_few_clicks_takes_the_usual_minutes_and_sets_the_next_step(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    worker = browser("worker")
    page = worker.get(f"/cases/{case.id}/")
    next_day = (to_london(world.at).date() + timedelta(days=7)).isoformat()
    given = {
        **hidden(page),
        "mode": "home",
        "outcome": "reached",
        "note": "Sang all afternoon.",
        "when": "now",
        "next_step": "Ring about the choir",
        "next_day": next_day,
    }
    first = worker.post(f"/cases/{case.id}/contact/", given)
    again = worker.post(f"/cases/{case.id}/contact/", given)
    assert first["Location"] == again["Location"] == f"/cases/{case.id}/"
    (contact,) = contacts(world, case)
    assert (contact.minutes, contact.outcome) == (60, "reached")
    kept = held(world, case)
    assert (kept.next_step, str(kept.next_step_on)) == ("Ring about the choir", next_day)
    story = worker.get(f"/cases/{case.id}/").content.decode()
    assert "Sang all afternoon." in story and "Ring about the choir" in story


def test_attempt_takes_little_and_a_kept_promise_leaves_today(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    worker = browser("worker")
    worker.post(
        f"/cases/{case.id}/next-step/",
        {"next_step": "Ring", "next_on-day": "3", "next_on-month": "3", "next_on-year": "2026"},
    )
    assert "Promised for today" in worker.get("/today/").content.decode()
    worker.post(
        f"/cases/{case.id}/contact/",
        {"mode": "phone", "outcome": "not_reached", "when": "now", "step_done": "on"},
    )
    (contact,) = contacts(world, case)
    assert contact.minutes == 5 and held(world, case).next_step_on is None


def test_faulty_contact_keeps_everything_typed(world: World, browser: SignIn, case: casework.Case) -> None:
    answer = browser("worker").post(
        f"/cases/{case.id}/contact/",
        {"mode": "phone", "note": "A long story", "minutes": "lots", "when": "earlier", "next_step": "Ring"},
    )
    page = answer.content.decode()
    assert "A long story" in page and 'value="lots"' in page and "<title>Error:" in page
    for fault in ("Say whether you reached them", "Use a whole number", "Type the day on which it was"):
        assert fault in page
    assert contacts(world, case) == []


def test_contact_of_earlier_stands_at_its_day(world: World, browser: SignIn, case: casework.Case) -> None:
    world.later(days=2)
    browser("worker").post(
        f"/cases/{case.id}/contact/",
        {
            "mode": "phone",
            "outcome": "reached",
            "when": "earlier",
            "on-day": "4",
            "on-month": "3",
            "on-year": "2026",
            "at": "2:30pm",
        },
    )
    (contact,) = contacts(world, case)
    assert to_london(contact.contacted_on).strftime("%d %H:%M") == "04 14:30"


def test_contact_marked_as_a_mistake_is_struck_through_and_counts_nowhere(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    worker = browser("worker")
    worker.post(
        f"/cases/{case.id}/contact/",
        {"mode": "phone", "outcome": "reached", "when": "now", "note": "Not her"},
    )
    (contact,) = contacts(world, case)
    address = f"/contacts/{contact.id}/mistake/"
    assert address in worker.get(f"/cases/{case.id}/").content.decode()
    assert "This cannot be undone" in worker.get(address).content.decode()
    worker.post(address)
    assert contacts(world, case) == []
    page = worker.get(f"/cases/{case.id}/").content.decode()
    assert '<s class="fp-mistake">' in page and "Not her" in page
    with world.as_("worker") as actor:
        events = pathway.events_of(actor, journey_id=case.journey_id)
    assert "contacted" not in {event.kind for event in pathway.standing(events)}


def test_second_writer_of_a_plan_is_shown_both_texts_and_loses_nothing(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    first, second = browser("worker"), browser("second_worker")
    address = f"/cases/{case.id}/plan/"
    forms = [one.get(address) for one in (first, second)]
    keys = [hidden(page) for page in forms]
    for key in keys:
        key["submission"] = str(key["submission"])
    first.post(address, {**keys[0], "what_matters": "To sing again", "strengths": ""})
    answer = second.post(
        address, {**keys[1], "what_matters": "To sleep through", "strengths": "Her daughter"}
    )
    page = answer.content.decode()
    assert "This was changed while you were writing" in page and "Worker" in page
    assert page.count("To sing again") >= 1 and page.count("To sleep through") >= 2 and "Her daughter" in page
    both = {**hidden(answer), "what_matters": "To sing and to sleep", "strengths": "Her daughter"}
    assert second.post(address, both).status_code == 302
    with world.as_("worker") as worker:
        assert casework.plan_of(worker, case_id=case.id).what_matters == "To sing and to sleep"  # type: ignore[union-attr]


def test_goal_is_set_and_moves_only_where_it_may(world: World, browser: SignIn, case: casework.Case) -> None:
    worker = browser("worker")
    assert (
        "Write first what matters"
        in worker.post(f"/cases/{case.id}/goals/", {"words": "Sing"}).content.decode()
    )
    worker.post(f"/cases/{case.id}/plan/", {"what_matters": "To sing", "strengths": "", "version": "0"})
    worker.post(f"/cases/{case.id}/goals/", {"words": "Sing with others"})
    with world.as_("worker") as actor:
        (goal,) = casework.goals_of(actor, case_id=case.id)
    worker.post(f"/goals/{goal.id}/move/", {"to": "reached"})
    page = worker.get(f"/cases/{case.id}/plan/").content.decode()
    assert "Reached" in page and 'value="on_the_way"' in page and 'value="let_go"' not in page
    assert worker.post(f"/goals/{goal.id}/move/", {"to": "let_go"}).status_code == 409


def test_four_questions_are_each_answered_or_left_out_by_choice(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    worker, address = browser("worker"), f"/cases/{case.id}/how-life-feels/"
    page = worker.post(address, {"satisfied": "7", "kind": "baseline"}).content.decode()
    assert (
        "Answer “Worthwhile”, or say that they would rather not" in page and "Say how they answered" in page
    )
    assert 'value="7" checked' in page
    answer = worker.post(address, {**ALL_SEVEN, "kind": "baseline", "mode": "assisted"})
    assert answer.status_code == 302
    result = worker.get(answer["Location"]).content.decode()
    assert "7 of 10: high" in result and "Would rather not answer" in result
    with world.as_("worker") as actor:
        (occasion,) = measures.occasions_of(actor, case_id=case.id)
    assert (occasion.answers["satisfied"], occasion.answers["anxious"]) == (7, None)


def test_change_is_told_without_a_cause_and_a_mistake_leaves_the_charts(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    worker, address = browser("worker"), f"/cases/{case.id}/how-life-feels/"
    worker.post(address, {**ALL_SEVEN, "anxious": "6", "kind": "baseline", "mode": "assisted"})
    world.later(days=30)
    worker = browser("worker")
    later = worker.post(
        address, {**ALL_SEVEN, "satisfied": "5", "anxious": "2", "kind": "review", "mode": "by_phone"}
    )
    page = worker.get(later["Location"]).content.decode()
    assert "7 on Tue 3 Mar: worse now." in page and "6 on Tue 3 Mar: better now." in page
    assert "does not say what brought it about" in page
    assert worker.post(later["Location"] + "mistake/").status_code == 302
    assert "Marked as entered in error" in worker.get(later["Location"]).content.decode()
    assert "Answered how life feels, on the way." in worker.get(f"/cases/{case.id}/").content.decode()


def test_person_without_a_case_shows_the_waiting_referral(world: World, browser: SignIn) -> None:
    referral = a_referral(world)
    page = browser("worker").get(f"/people/{referral.person_id}/").content.decode()
    assert "does not work with Amina yet" in page and f"/queue/{referral.id}/" in page


@pytest.mark.parametrize(
    "step",
    ["", "plan/", "how-life-feels/", "next-step/", "find/", "close/", "put-right/", "put-right/death/"],
)
def test_pages_of_a_case_are_closed_to_others(
    world: World, browser: SignIn, case: casework.Case, step: str
) -> None:
    address = f"/cases/{case.id}/{step}"
    assert browser("second_worker").get(address).status_code == 200
    assert browser("other_worker").get(address).status_code == 404
    assert browser("manager").get(address).status_code == 403


def test_long_story_takes_no_more_queries(
    world: World,
    browser: SignIn,
    case: casework.Case,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    worker = browser("worker")
    for number in range(12):
        worker.post(
            f"/cases/{case.id}/contact/",
            {"mode": "phone", "outcome": "reached", "when": "now", "note": f"Talk {number}"},
        )
    with django_assert_max_num_queries(30):  # type: ignore[attr-defined]
        assert "Talk 11" in worker.get(f"/cases/{case.id}/").content.decode()
