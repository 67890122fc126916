"""Break-glass on the pages: proved afresh, said why, banner, closing, and the lead's review."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from tests.factories.browsing import Browser, hidden
from tests.factories.world import World, a_case

from fingerpost.kernel import clock
from fingerpost.web.casework import api as casework
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope

SignIn = Callable[[str], Browser]
AMINA = {
    "given_name": "amina",
    "family_name": "OKAFOR",
    "birth_date-day": "2",
    "birth_date-month": "6",
    "birth_date-year": "1958",
    "reason_kind": "danger",
    "reason": "Found at the bus stop.",
}


@pytest.fixture
def case(world: World) -> casework.Case:
    return a_case(world, phone_is_safe=False)


def _open(browser: Browser, **changes: str) -> str:
    page = browser.get("/emergency/")
    assert page.status_code == 200
    done = browser.post("/emergency/", {**hidden(page), **AMINA, **changes})
    assert done.status_code == 302, done.content.decode()
    return str(done["Location"])


def test_a_record_is_opened_read_and_closed(world: World, browser: SignIn, case: casework.Case) -> None:
    nurse = browser("other_gp")
    address = _open(nurse)
    page = nurse.get(address).content.decode()
    for words in (
        "You opened this record in an emergency",
        "Link Up",
        "01632 960 100",
        "Do not phone",
    ):
        assert words in page, words
    assert browser("other_lead").get(address).status_code == 404
    assert "Opened in an emergency, until" in page
    assert nurse.post(f"{address}close/").status_code == 302
    assert nurse.get(address).status_code == 404


def test_a_miss_says_no_more_than_a_miss(browser: SignIn, case: casework.Case) -> None:
    nurse = browser("other_gp")
    given = {**hidden(nurse.get("/emergency/")), **AMINA, "family_name": "Okonkwo"}
    said = nurse.post("/emergency/", given)
    text = said.content.decode()
    assert said.status_code == 200 and "Nothing was opened" in text
    assert "Okonkwo" in text and "Found at the bus stop." in text  # nothing that was typed is lost
    assert nurse.post("/emergency/", given).status_code == 200  # the same press again
    assert _open(nurse, **{**hidden(said), "family_name": "Okafor"}) != "/emergency/"


def test_what_is_missing_is_said_at_once(browser: SignIn) -> None:
    nurse = browser("other_gp")
    page = nurse.get("/emergency/")
    said = nurse.post("/emergency/", hidden(page)).content.decode()
    for words in (
        "Give their NHS number, or both their first and last name",
        "Give their date of birth",
        "Say what kind of emergency it is",
        "Say what has happened and why it cannot wait",
    ):
        assert words in said


def test_who_signed_in_long_ago_proves_it_again(browser: SignIn, case: casework.Case) -> None:
    nurse = browser("other_gp")
    page = nurse.get("/emergency/")
    session = import_module(settings.SESSION_ENGINE).SessionStore(nurse.client.cookies["sessionid"].value)
    with scope(Actor.system(reason="a test"), signing_in=True):
        for record in session[AUTHENTICATION_METHODS_SESSION_KEY]:
            record["at"] -= 3600
        session[AUTHENTICATION_METHODS_SESSION_KEY] = session[AUTHENTICATION_METHODS_SESSION_KEY]
        session.save()
    for answer in (nurse.get("/emergency/"), nurse.post("/emergency/", {**hidden(page), **AMINA})):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/")


def test_the_lead_finds_it_reviews_it_and_sees_no_more(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    _open(browser("other_gp"))
    lead = browser("governance")
    page = lead.get("/emergencies/").content.decode()
    assert "1 waits for you" in page and "Amina Okafor" in page and "Found at the bus stop." in page
    assert "07700" not in page
    [address] = {part.split('"')[0] for part in page.split('href="') if part.startswith("/emergencies/0")}
    empty = lead.post(address, {}).content.decode()
    assert "Say what you found" in empty and "Say it in words" in empty
    assert lead.post(address, {"finding": "justified", "note": "She was found."}).status_code == 302
    after = lead.get("/emergencies/").content.decode()
    assert "waits for you" not in after and "Justified</strong> She was found." in after


def test_nobody_else_opens_the_lead_s_list_or_the_form(browser: SignIn) -> None:
    for who in ("receptionist", "manager", "administrator", "governance"):
        assert browser(who).get("/emergency/").status_code == 403
    for who in ("worker", "lead", "gp", "administrator"):
        assert browser(who).get("/emergencies/").status_code == 403


def test_the_way_there_is_shown_where_a_search_found_nobody(world: World, browser: SignIn) -> None:
    worker = browser("worker")
    found = worker.post("/find-person/", {"words": "Nobody Known"})
    with clock.fixed(world.at):
        assert "/emergency/" in found.content.decode()
