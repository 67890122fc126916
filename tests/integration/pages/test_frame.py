"""The frame, the pages of errors and the forms' one effect, through the real middleware and database."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation
from tests.factories.world import PASSWORD, World, build_world, email_of
from tests.integration.pages import routes

from fingerpost.web.foundation.models import Submission

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.integration.pages.routes")]


@pytest.fixture
def world() -> World:
    return build_world()


def signed_in(who: str) -> Client:
    client = Client()
    answer = client.post("/accounts/login/", {"login": email_of(who), "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


@pytest.mark.parametrize("address", ["/help/", "/accessibility/", "/privacy/"])
def test_page_for_everybody_is_whole_without_an_account(client: Client, address: str) -> None:
    answer = client.get(address)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.count("<h1") == 1 and html.count("<main") == 1
    assert "Skip to main content" in html and "Accessibility statement" in html
    assert "<script>" not in html and "style=" not in html and " onclick" not in html
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", html)


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("not-allowed", 403, "Only the team lead may accept a referral."),
        ("denied", 403, "Your role does not allow this page."),
        ("not-found", 404, "There is nothing here that you can see."),
        ("conflict", 409, "Somebody was first."),
        ("transition", 409, "It is closed already."),
        ("suspicious", 400, "Nothing was saved."),
    ],
)
def test_refusal_becomes_a_page_with_its_reason_and_a_way_on(
    client: Client, name: str, status: int, said: str
) -> None:
    answer = client.get(f"/raise/{name}/")
    assert answer.status_code == status
    assert said in answer.content.decode()


def test_failure_of_ours_is_owned_and_gives_nothing_away(client: Client) -> None:
    client.raise_request_exception = False
    answer = client.get("/raise/failed/")
    html = answer.content.decode()
    assert answer.status_code == 500
    assert "This is our fault" in html and "secret-detail" not in html


def test_address_that_is_not_there_gets_a_page(client: Client) -> None:
    assert "Page not found" in client.get("/nowhere/").content.decode()


def test_wrong_method_gets_a_page_and_names_the_right_one(client: Client) -> None:
    answer = client.get("/post/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "cannot be opened like that" in answer.content.decode()


def test_form_without_its_token_says_that_nothing_typed_is_lost() -> None:
    answer = Client(enforce_csrf_checks=True).post("/ask/", {"called": "A"})
    assert answer.status_code == 403
    assert "nothing you typed is lost" in answer.content.decode()


def test_upload_that_is_too_large_gets_its_own_page(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = client.post("/ask/", {"called": "A" * 100}, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413 or "too large" in answer.content.decode()


def test_wrong_form_is_announced_in_its_title_and_focused(client: Client) -> None:
    html = client.post("/ask/", {"called": ""}).content.decode()
    assert "<title>Error: Ask" in html
    assert re.search(r'id="error-summary" tabindex="-1" autofocus', html)
    assert 'href="#called"' in html


def test_account_shows_who_one_is_and_as_what(world: World) -> None:
    html = signed_in("lead").get("/help/").content.decode()
    assert "Lead" in html and "team lead" in html and "Link Up" in html
    assert 'action="/accounts/logout/"' in html


def test_membership_of_somebody_else_cannot_be_taken(world: World) -> None:
    client = signed_in("lead")
    before = dict(client.session)
    client.post("/membership/", {"membership": str(world.other_lead.membership_id)})
    assert dict(client.session) == before
    client.post("/membership/", {"membership": str(world.lead.membership_id)})
    assert dict(client.session) != before


def test_refused_action_keeps_nothing_that_it_wrote(world: World) -> None:
    client = signed_in("lead")
    assert client.get("/write/").status_code == 403
    with world.as_("lead"):
        assert not Submission._base_manager.exists()


def test_form_sent_twice_acts_once_and_leads_to_the_same_place(world: World) -> None:
    routes.EFFECTS.clear()
    client, key = signed_in("gp"), str(uuid4())
    answers = [client.post("/ask/", {"called": "A", "submission": key}) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == ["/result/1/", "/result/1/"]
    assert client.post("/ask/", {"called": "A", "submission": str(uuid4())})["Location"] == "/result/2/"


def test_language_is_kept_and_leads_back_to_this_site_only(client: Client) -> None:
    answer = client.post("/language/", {"language": "cy", "next": "/help/"})
    assert answer["Location"] == "/help/"
    assert 'lang="cy"' in client.get("/help/").content.decode()
    assert client.post("/language/", {"language": "cy", "next": "//elsewhere.example/"})["Location"] == "/"
    client.post("/language/", {"language": "tlh", "next": "/"})
    assert (
        "Neidio i&#39;r prif gynnwys" in client.get("/help/").content.decode()
        or "Neidio i'r prif gynnwys" in client.get("/help/").content.decode()
    )
    translation.activate("en-gb")


def test_brand_of_the_installation_is_shown_and_escaped(client: Client, settings: Any) -> None:
    settings.FINGERPOST_BRAND = {
        "organisation": "Fells & <Dales>",
        "colour": "#7a1f3d",
        "footer": "Run by us",
    }
    html = client.get("/help/").content.decode()
    assert "Fells &amp; &lt;Dales&gt;" in html and "Run by us" in html and "/brand.css" in html
    assert "--fp-brand: #7a1f3d;" in client.get("/brand.css").content.decode()
    assert client.get("/brand/logo").status_code == 404


def test_gallery_is_not_served_outside_development(client: Client) -> None:
    assert client.get("/dev/components/").status_code == 404
