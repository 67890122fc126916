"""Ending the work, taking it up again, putting things right, and what was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.factories.browsing import Browser, hidden
from tests.factories.connecting import a_listing, connect, mails, standing
from tests.factories.world import World, a_case

from fingerpost.web.casework import api as casework
from fingerpost.web.connections import api as connections
from fingerpost.web.feedback import api as feedback
from fingerpost.web.messaging import api as messaging
from fingerpost.web.pathway import api as pathway
from fingerpost.web.people import api as people

SignIn = Callable[[str], Browser]


@pytest.fixture
def case(world: World) -> casework.Case:
    return held(world, a_case(world))


def held(world: World, case: casework.Case) -> casework.Case:
    with world.as_("worker") as worker:
        return casework.case(worker, case_id=case.id)


def letters(world: World, case: casework.Case) -> list[feedback.Letter]:
    with world.as_("worker") as worker:
        return list(feedback.letters_of_referral(worker, referral_id=case.referral_id))


def kinds(world: World, case: casework.Case) -> set[str]:
    with world.as_("worker") as worker:
        return {one.kind for one in pathway.standing(pathway.events_of(worker, journey_id=case.journey_id))}


def test_ending_says_what_the_practice_will_read_before_it_is_sent(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    made = connect(world, case, a_listing(world), fields=["name"])
    worker, address = browser("worker"), f"/cases/{case.id}/close/"
    assert "Fell Walkers" in worker.get(address).content.decode()
    given = {
        "ended": "well",
        "why_well": "goals_met",
        "story": "I sing again.",
        "may_be_told": "yes",
        f"end_{made.id}": "changed_mind",
    }
    tell = worker.post(address, given)
    page = tell.content.decode()
    assert "Our work together has now ended" in page and "I sing again." in page
    assert held(world, case).status == "open"
    carried = hidden(tell)
    send = {**carried, "told": "Amina sings again.\n\nThank you.", "step": "send"}
    done = [worker.post(address, send) for _press in range(1)]
    assert done[0]["Location"] == f"/cases/{case.id}/closed/"
    page = worker.get(done[0]["Location"]).content.decode()
    assert "What happens next" in page and "Amina sings again." in page
    (letter,) = letters(world, case)
    assert (letter.told, letter.story) == ("Amina sings again.\n\nThank you.", "I sing again.")
    assert (standing(world, made).status, standing(world, made).status_reason) == (
        "withdrawn",
        "changed_mind",
    )
    assert {"closed", "referrer_told"} <= kinds(world, case)


def test_story_stays_with_us_unless_they_agree(world: World, browser: SignIn, case: casework.Case) -> None:
    worker, address = browser("worker"), f"/cases/{case.id}/close/"
    given: dict[str, Any] = {"ended": "person", "why_person": "changed_mind", "story": "I am afraid of him."}
    assert "Say whether the practice may read" in worker.post(address, given).content.decode()
    tell = worker.post(address, {**given, "may_be_told": "no"})
    worker.post(address, {**hidden(tell), "told": "Amina would rather not go on.", "step": "send"})
    (letter,) = letters(world, case)
    assert letter.story == "" and held(world, case).closed_story == "I am afraid of him."


def test_reason_must_belong_to_the_kind_of_end(world: World, browser: SignIn, case: casework.Case) -> None:
    worker, address = browser("worker"), f"/cases/{case.id}/close/"
    page = worker.post(address, {"ended": "life", "why_well": "goals_met"}).content.decode()
    assert "Choose the reason" in page and "<title>Error:" in page
    assert "Say how it ended" in worker.post(address, {}).content.decode()
    empty = worker.post(
        address, {"ended": "well", "why_well": "goals_met", "told": "", "step": "send"}
    ).content.decode()
    assert "Say in a few plain sentences" in empty and held(world, case).status == "open"


def test_ended_work_is_closed_to_changes_until_it_is_taken_up_again(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    worker, address = browser("worker"), f"/cases/{case.id}/close/"
    worker.post(
        address, {"ended": "well", "why_well": "advice_given", "told": "Advice was enough.", "step": "send"}
    )
    page = worker.get(f"/cases/{case.id}/").content.decode()
    assert "Advice was all that was needed" in page and "/contact/" not in page
    assert worker.get(f"/cases/{case.id}/plan/").status_code == 403
    assert worker.post(f"/cases/{case.id}/reopen/").status_code == 302
    assert held(world, case).status == "open" and "closed" not in kinds(world, case)
    assert worker.get(f"/cases/{case.id}/plan/").status_code == 200


def test_wrong_person_marks_case_referral_and_connections(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    made, worker = connect(world, case, a_listing(world), fields=["name"]), browser("worker")
    address = f"/cases/{case.id}/put-right/mistake/"
    assert "Say what happened" in worker.post(address, {}).content.decode()
    assert worker.post(address, {"reason": "wrong_person"}).status_code == 302
    now = held(world, case)
    assert (now.status, now.referral.status) == ("entered_in_error",) * 2
    assert standing(world, made).status == "entered_in_error" and kinds(world, case) == set()
    assert "recorded by mistake" in worker.get(f"/cases/{case.id}/").content.decode()


def test_details_are_corrected_and_a_second_writer_loses_nothing(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    first, second = browser("worker"), browser("lead")
    address = f"/people/{case.person_id}/details/"
    seen = [hidden(one.get(address)) for one in (first, second)]
    typed = {
        "given_name": "Amina",
        "family_name": "Okafor",
        "birth_date-day": "2",
        "birth_date-month": "6",
        "birth_date-year": "1958",
        "sex": "female",
        "phone": "07700 900123",
        "safe": ["phone"],
        "postcode": "QX1 2AB",
    }
    assert first.post(address, {**seen[0], **typed, "contact_note": "Mornings"}).status_code == 302
    answer = second.post(address, {**seen[1], **typed, "contact_note": "Evenings"})
    page = answer.content.decode()
    assert "This was changed while you were writing" in page and "Mornings" in page and "Evenings" in page
    assert second.post(address, {**hidden(answer), **typed, "contact_note": "Both"}).status_code == 302
    with world.as_("worker") as worker:
        person = people.person(worker, person_id=case.person_id)
    assert (person.contact_note, person.text_is_safe, person.sex) == ("Both", False, "female")
    assert (
        "Type their last name"
        in first.post(address, {**seen[0], **typed, "family_name": ""}).content.decode()
    )


def test_death_ends_the_work_and_tells_the_practice(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    made, worker = connect(world, case, a_listing(world), fields=["name"]), browser("worker")
    address = f"/cases/{case.id}/put-right/death/"
    day = {"died_on-day": "2", "died_on-month": "3", "died_on-year": "2026"}
    future = worker.post(address, {**day, "died_on-year": "2027", "told": "x"}).content.decode()
    assert "or earlier" in future
    worker.post(address, {**day, "told": "We are sorry to tell you that Amina has died."})
    now = held(world, case)
    assert (now.status, now.closed_reason, str(now.person.died_on)) == ("closed", "died", "2026-03-02")
    assert not standing(world, made).is_live
    assert letters(world, case)[0].told.startswith("We are sorry")
    assert "Died Mon 2 Mar" in worker.get(f"/cases/{case.id}/").content.decode()


def test_sent_message_is_seen_as_the_other_side_sees_it_in_a_locked_box(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    made, lead = connect(world, case, a_listing(world), fields=["name"]), browser("lead")
    (mail,) = mails(world, made)
    assert f"/sent/{mail.id}/" in lead.get("/sent/").content.decode()
    page = lead.get(f"/sent/{mail.id}/")
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.content.decode()
    assert 'href="http' in page.content.decode().split("fp-mail__text")[1]
    box = lead.get(f"/sent/{mail.id}/as-sent/")
    policy = box["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "sandbox" in policy
    assert box["X-Frame-Options"] == "SAMEORIGIN" and '<base target="_blank">' in box.content.decode()


def test_failed_message_is_sent_again(world: World, browser: SignIn, case: casework.Case) -> None:
    made, lead = connect(world, case, a_listing(world), fields=["name"]), browser("lead")
    (mail,) = mails(world, made)
    assert lead.post(f"/sent/{mail.id}/again/").status_code == 403  # still on its way
    with world.as_("worker"):
        mail.state, mail.failed_at = messaging.State.FAILED, world.at
        mail.save(update_fields=["state", "failed_at"])
    assert "could not be sent" in lead.get("/sent/").content.decode()
    assert lead.post(f"/sent/{mail.id}/again/").status_code == 302
    with world.as_("lead") as actor:
        assert messaging.message(actor, message_id=mail.id).state == messaging.State.QUEUED


def test_what_was_sent_is_for_leads_of_the_scheme_that_sent_it(
    world: World, browser: SignIn, case: casework.Case, settings: Any
) -> None:
    (mail,) = mails(world, connect(world, case, a_listing(world), fields=["name"]))
    settings.FINGERPOST_DEMO = False
    for who, status in (("worker", 403), ("manager", 403), ("other_lead", 404)):
        reader = browser(who)
        for step in ("", "as-sent/"):
            assert reader.get(f"/sent/{mail.id}/{step}").status_code == status
    settings.FINGERPOST_DEMO = True
    assert browser("worker").get(f"/sent/{mail.id}/").status_code == 200
    assert browser("manager").get("/sent/").status_code == 403


@pytest.mark.parametrize(
    ("said", "words", "ends_as"),
    [
        ([], "It ends: The group did not answer", ("withdrawn", "provider_no_answer")),
        (["full"], "It ends</label>", ("withdrawn", "")),
        (["takes_people", "accepts"], "nobody knows whether they went", ("withdrawn", "")),
        (["takes_people", "accepts", "came"], "It goes on without us", ("finished", "")),
    ],
)
def test_open_connection_ends_exactly_as_the_page_says(
    world: World, browser: SignIn, case: casework.Case, said: list[str], words: str, ends_as: tuple[str, str]
) -> None:
    made = connect(world, case, a_listing(world), fields=["name"], asked_by="phone")
    for kind in said:
        with world.as_("worker") as worker:
            day = world.at.date() if kind == "came" else None
            reply = connections.Reply(kind=connections.ReplyKind(kind), happened_on=day)
            connections.record_reply(connection=standing(world, made), reply=reply, by=worker, at=world.at)
    worker_browser, address = browser("worker"), f"/cases/{case.id}/close/"
    page = worker_browser.get(address).content.decode()
    assert words in " ".join(page.split()).replace(" </label>", "</label>")
    given = {
        "ended": "life",
        "why_life": "moved_away",
        f"end_{made.id}": "usual",
        "told": "Moved.",
        "step": "send",
    }
    assert worker_browser.post(address, given).status_code == 302
    now = standing(world, made)
    assert (now.status, now.status_reason) == ends_as
