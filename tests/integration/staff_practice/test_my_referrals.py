"""What became of it: the list, one referral's story, letters, and putting a referral right."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.factories.browsing import Browser
from tests.factories.world import World, a_case, a_referral

from fingerpost.web.audit import api as audit
from fingerpost.web.casework import api as casework
from fingerpost.web.feedback import api as feedback
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals
from fingerpost.web.referrals.api import ReferralStatus

SignIn = Callable[[str], Browser]


def closed(world: World) -> feedback.Letter:
    case = a_case(world)
    with world.as_("worker") as worker:
        held = casework.case(worker, case_id=case.id)
        told = "Amina sings in the choir every week."
        return feedback.close(
            case=held, reason="goals_met", story="", told=told, by=worker, at=world.later(days=30)
        )


def test_list_says_in_a_sentence_where_each_stands_and_is_logged(world: World, browser: SignIn) -> None:
    referral = a_referral(world)
    page = browser("gp").get("/my-referrals/").content.decode()
    assert "Amina Okafor" in page and "Link Up has it since" in page and "has not answered yet" in page
    with world.as_("gp") as gp:
        kinds = {a.kind for a in audit.accesses_of_person(gp, person_id=referral.person_id)}
    assert "list" in kinds


def test_list_of_a_practice_that_referred_nobody_says_what_will_appear(browser: SignIn) -> None:
    assert "No referrals yet" in browser("gp").get("/my-referrals/").content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [("?status=received", True), ("?status=declined", False), ("?need=company", True), ("?need=food", False)],
)
def test_filters_narrow_the_list(world: World, browser: SignIn, query: str, shown: bool) -> None:
    a_referral(world)
    assert ("Amina Okafor" in browser("gp").get(f"/my-referrals/{query}").content.decode()) is shown


def test_closed_referral_shows_story_letter_and_entries_dated_when_the_person_agreed(
    world: World, browser: SignIn
) -> None:
    letter = closed(world)
    page = browser("gp").get(f"/my-referrals/{letter.referral_id}/").content.decode()
    assert "871731000000106" in page and "02/03/2026" in page
    assert "Amina sings in the choir every week." in page and "being prepared" in page
    assert "Finished" in page and world.scheme.phone in page
    assert "Amina" not in page.split("</title>")[0]


def test_letter_is_downloaded_under_a_name_that_names_nobody_and_is_kept_by_no_cache(
    world: World, browser: SignIn
) -> None:
    letter = closed(world)
    gp = browser("gp")
    assert "being prepared" in gp.get(f"/letters/{letter.id}/").content.decode()
    with world.as_("worker") as worker:
        feedback.set_letter(letter=letter, by=worker, at=world.at)
    answer = gp.get(f"/letters/{letter.id}/")
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith('attachment; filename="social-prescribing-letter-')
    assert "Amina" not in answer["Content-Disposition"]


@pytest.mark.parametrize("who", ["other_gp", "lead", "manager", "administrator", "other_lead"])
def test_letter_and_detail_open_only_to_the_practice_they_are_for(
    world: World, browser: SignIn, who: str
) -> None:
    letter = closed(world)
    other = browser(who)
    for address in (f"/letters/{letter.id}/", f"/my-referrals/{letter.referral_id}/"):
        answer = other.get(address)
        assert answer.status_code in (403, 404) and "Amina" not in answer.content.decode()


def test_foreign_practice_finds_no_detail_and_takes_nothing_back(world: World, browser: SignIn) -> None:
    referral = a_referral(world)
    other = browser("other_gp")
    for page in ("", "take-back/", "mistake/"):
        assert other.get(f"/my-referrals/{referral.id}/{page}").status_code == 404
    assert other.post(f"/my-referrals/{referral.id}/take-back/", {"reason": "died"}).status_code == 404
    with world.as_("gp") as gp:
        assert referrals.referral(gp, referral_id=referral.id).status == ReferralStatus.RECEIVED


def test_receptionist_takes_a_referral_back_with_a_reason(world: World, browser: SignIn) -> None:
    referral = a_referral(world)
    desk = browser("receptionist")
    address = f"/my-referrals/{referral.id}/take-back/"
    assert "Choose the reason" in desk.post(address, {"note": "x"}).content.decode()
    assert desk.post(address, {"reason": "changed_mind", "note": ""}).status_code == 302
    assert "Taken back" in desk.get(f"/my-referrals/{referral.id}/").content.decode()
    again = desk.post(address, {"reason": "changed_mind", "note": ""})
    assert "cannot become" in again.content.decode()


def test_mistake_is_marked_by_a_clinician_and_leaves_the_list(world: World, browser: SignIn) -> None:
    referral = a_referral(world)
    address = f"/my-referrals/{referral.id}/mistake/"
    assert browser("receptionist").get(address).status_code == 403
    gp = browser("gp")
    assert gp.post(address, {"reason": "wrong_person"}).status_code == 302
    assert "Amina Okafor" not in gp.get("/my-referrals/").content.decode()
    assert "Amina Okafor" in gp.get("/my-referrals/?status=entered_in_error").content.decode()
    with world.as_("gp") as actor:
        assert feedback.entries_of(actor, journey_id=referral.journey_id) == []


def test_search_finds_ones_own_people_by_post_and_logs_no_name(world: World, browser: SignIn) -> None:
    mine = a_referral(world)
    a_referral(world, by="other_gp", given_name="Amina", family_name="Elsewhere")
    page = browser("gp").post("/find-person/", {"words": "ami"}).content.decode()
    assert "Amina Okafor" in page and "2 June 1958" in page and "Elsewhere" not in page
    assert f"/my-referrals/{mine.id}/" in page and f"/refer/{mine.person_id}/" in page
    with world.as_("gp") as gp:
        (access,) = audit.accesses_of_person(gp, person_id=mine.person_id).filter(kind="search")
    assert access.query_hash and "ami" not in access.query_hash


def test_search_by_number_finds_the_person(world: World, browser: SignIn) -> None:
    from tests.factories.world import details

    from fingerpost.kernel.person_identifiers import NHSNumber

    number = NHSNumber.reserved(11)
    with world.as_("gp") as gp:
        people.record_person(
            details=details(), identifier=number, practice_id=world.practice.id, by=gp, at=world.at
        )
    assert "Amina Okafor" in browser("gp").post("/find-person/", {"words": number.display}).content.decode()


def test_search_is_not_open_to_the_desk(browser: SignIn) -> None:
    assert browser("receptionist").post("/find-person/", {"words": "ami"}).status_code == 403
