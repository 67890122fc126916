"""Refer someone, as the page does it: faults together, agreement required, one press or two the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from tests.factories.browsing import Browser, hidden
from tests.factories.world import World, a_referral, details

from fingerpost.kernel import clock
from fingerpost.kernel.person_identifiers import NHSNumber
from fingerpost.web.audit import api as audit
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals
from fingerpost.web.staff.practice import refer

SignIn = Callable[[str], Browser]


def answers(world: World, **changes: object) -> dict[str, object]:
    given: dict[str, object] = {
        "identifier": "not-known",
        "given_name": "Edith",
        "family_name": "Pryce",
        "birth_date-day": "4",
        "birth_date-month": "7",
        "birth_date-year": "1951",
        "needs": ["company", "money"],
        "reason": "Alone since spring.",
        "phone": "07700 900456",
        "safe": ["phone", "text"],
        "agreed": "yes",
        "agreed_how": "by_phone",
        "agreed_on-day": "2",
        "agreed_on-month": "3",
        "agreed_on-year": "2026",
        "scheme": str(world.scheme.id),
    }
    return {**given, **changes}


def sent(world: World) -> list[referrals.Referral]:
    with world.as_("gp") as gp:
        return list(referrals.sent_by(gp))


def test_complete_form_is_looked_over_then_sent_and_says_what_happens_next(
    world: World, browser: SignIn
) -> None:
    gp = browser("gp")
    check = gp.post("/refer/", answers(world))
    assert "Check before you send" in check.content.decode()
    assert sent(world) == []

    done = gp.post("/refer/", {**hidden(check), "step": "send"})
    page = gp.get(done["Location"]).content.decode()
    assert "What happens next" in page and world.scheme.name in page

    (referral,) = sent(world)
    assert (referral.needs, referral.agreed_how, referral.agreed_at.date()) == (
        ["company", "money"],
        "by_phone",
        date(2026, 3, 2),
    )
    person = referral.person
    assert (person.phone_is_safe, person.text_is_safe, person.voicemail_is_safe, person.email_is_safe) == (
        True,
        True,
        False,
        False,
    )


def test_empty_form_tells_all_its_faults_at_once(browser: SignIn) -> None:
    page = browser("gp").post("/refer/", {"given_name": "Edith"}).content.decode()
    assert "<title>Error: Refer someone" in page
    for fault in (
        "say that it is not known",
        "Type their last name",
        "Type their date of birth",
        "Choose at least one thing",
        "Say in a sentence or two",
        "Give a phone number or an e-mail address",
        "Say whether they have agreed",
        "Choose the scheme",
    ):
        assert fault in page
    assert 'value="Edith"' in page


def test_without_agreement_nothing_is_sent_even_from_the_last_step(world: World, browser: SignIn) -> None:
    page = browser("gp").post("/refer/", answers(world, agreed="no", step="send"))
    assert "Ask them first" in page.content.decode()
    assert sent(world) == []


def test_agreement_on_a_day_to_come_is_refused(world: World, browser: SignIn) -> None:
    given = answers(world, **{"agreed_on-day": "4", "step": "send"})
    assert "must be Tue 3 Mar or earlier" in browser("gp").post("/refer/", given).content.decode()
    assert sent(world) == []


def test_pressed_twice_is_one_referral(world: World, browser: SignIn) -> None:
    gp = browser("gp")
    form = gp.get("/refer/")
    given = {**answers(world), **hidden(form), "step": "send"}
    first, second = gp.post("/refer/", given), gp.post("/refer/", given)
    assert first["Location"] == second["Location"]
    assert len(sent(world)) == 1


def test_going_back_to_change_loses_nothing(world: World, browser: SignIn) -> None:
    gp = browser("gp")
    check = gp.post("/refer/", answers(world, family_name="O'Brien <b>", reason="Line one\nLine “two”"))
    back = gp.post("/refer/", {**hidden(check), "step": "change"}).content.decode()
    assert "There is a problem" not in back
    assert "O&#39;Brien &lt;b&gt;" in back and "Line one\nLine “two”" in back.replace("\r", "")
    assert back.count("checked") == check.content.decode().count('name="needs"') + 6


def test_somebody_the_network_knows_is_said_to_be_known_and_no_more(world: World, browser: SignIn) -> None:
    number = NHSNumber.reserved(7)
    with world.as_("other_gp") as other:
        people.record_person(
            details=details(
                given_name="Edith", family_name="Pryce", birth_date=date(1951, 7, 4), phone="01632 960999"
            ),
            identifier=number,
            practice_id=world.other_practice.id,
            by=other,
            at=world.at,
        )
    given = answers(world, identifier="nhs_number", **{"identifier-nhs_number": number.display})
    page = browser("gp").post("/refer/", given).content.decode()
    assert "already known to this network" in page
    assert "960999" not in page and world.other_practice.name not in page


def test_asking_who_is_known_is_limited_for_each_account_and_for_an_hour(
    world: World, browser: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number and a birth date tried one after the other: by looking, by sending, and by both in turn."""
    monkeypatch.setattr(refer, "PRESSES_AN_HOUR", 3)
    gp, colleague = browser("gp"), browser("receptionist")
    for step in ("", "", "send"):
        assert gp.post("/refer/", answers(world, step=step)).status_code in (200, 302)
    before = len(sent(world))
    for step in ("", "send"):
        refused = gp.post("/refer/", answers(world, step=step, given_name="Enid"))
        assert refused.status_code == 429
        page = refused.content.decode()
        assert "asked sixty times in an hour" in page and 'value="Enid"' in page
        assert "already known" not in page
    assert len(sent(world)) == before
    assert gp.post("/refer/", answers(world, given_name="")).status_code == 200
    assert colleague.post("/refer/", answers(world)).status_code == 200
    with clock.fixed(world.at + timedelta(hours=1)):
        given = {**answers(world), "csrfmiddlewaretoken": gp.client.cookies["csrftoken"].value}
        assert gp.client.post("/refer/", given).status_code == 200


def test_refused_by_the_action_shows_the_reason_on_the_filled_form(world: World, browser: SignIn) -> None:
    waiting = a_referral(world)
    gp = browser("gp")
    address = f"/refer/{waiting.person_id}/"
    given = {k: v for k, v in answers(world).items() if k.startswith(("needs", "reason", "agreed", "scheme"))}
    page = gp.post(address, {**given, "step": "send"}).content.decode()
    assert "already has a referral waiting" in page and "Alone since spring." in page
    assert len(sent(world)) == 1


def test_known_person_is_referred_to_another_scheme_without_being_typed_again(
    world: World, browser: SignIn
) -> None:
    waiting = a_referral(world)
    given = {k: v for k, v in answers(world).items() if k.startswith(("needs", "reason", "agreed"))}
    gp = browser("gp")
    answer = gp.post(
        f"/refer/{waiting.person_id}/", {**given, "scheme": str(world.other_scheme.id), "step": "send"}
    )
    assert answer.status_code == 302
    assert {referral.person_id for referral in sent(world)} == {waiting.person_id}
    with world.as_("gp") as actor:
        assert audit.accesses_of_person(actor, person_id=waiting.person_id).count() >= 1


def test_person_of_another_practice_cannot_be_opened(world: World, browser: SignIn) -> None:
    theirs = a_referral(world, by="other_gp", given_name="Zebedee")
    answer = browser("gp").get(f"/refer/{theirs.person_id}/")
    assert answer.status_code == 404 and "Zebedee" not in answer.content.decode()


def test_link_worker_is_told_in_words_that_referring_is_not_their_part(browser: SignIn) -> None:
    answer = browser("worker").get("/refer/")
    assert answer.status_code == 403 and "refer a person to a scheme" in answer.content.decode()
