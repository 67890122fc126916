"""One listing's page, what a person may decide on it, and a listing entered by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from tests.factories.browsing import Browser
from tests.factories.listings import land, listing_called
from tests.factories.world import World

from fingerpost.web.directory import api as directory

SignIn = Callable[[str], Browser]
NEW = "/directory/listings/new/"


def words(page: HttpResponse) -> str:
    inside = page.content.decode().partition("<main")[2].partition("<footer")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", inside)))


def address(world: World, name: str) -> str:
    return f"/directory/listings/{listing_called(world, name).id}/"


@pytest.mark.parametrize("who", ["gp", "receptionist", "worker", "lead", "manager", "administrator"])
def test_everybody_who_searches_reads_what_is_known_and_where_it_comes_from(
    world: World, browser: SignIn, who: str
) -> None:
    land(world)
    shown = words(browser(who).get(address(world, "Wednesday Lunch Club")))
    for text in (
        "It is running",
        "Aged 60 and over",
        "Wednesdays, midday to 2pm",
        "Bell Hall Allerwold",
        "01632 960201",
        "Not known whether there is room",
        "Nobody who knows has said yet that it is right.",
        "The town's list",
        "Nobody has checked it, so nothing is sent to it",
    ):
        assert text in shown


def test_faults_of_the_source_are_named(world: World, administrator: Browser) -> None:
    upload = SimpleUploadedFile("services.csv", b"id,name,url\n1,Choir,javascript:alert(1)\n")
    report = administrator.post("/directory/imports/new/", {"upload": upload, "label": "List"})["Location"]
    administrator.post(f"{report}apply/")
    page = administrator.get(address(world, "Choir"))
    shown = words(page)
    assert "The source does not say whether it is running" in shown and "No location known" in shown
    assert "does not say which organisation is behind it" in shown and "has no e-mail address" in shown
    assert 'href="javascript' not in page.content.decode()


def test_confidential_address_is_on_no_page(world: World, administrator: Browser, browser: SignIn) -> None:
    land(world)
    for who in (administrator, browser("worker")):
        page = who.get(address(world, "Larkrise Refuge")).content.decode()
        assert "The address is kept confidential" in page
        assert not any(secret in page for secret in ("Hidden Street", "Secretown", "QX9 9ZZ", "54.5"))


def test_address_is_checked_by_who_says_so_and_only_as_seen(world: World, browser: SignIn) -> None:
    land(world)
    worker, where = browser("worker"), address(world, "Wednesday Lunch Club")
    stale = worker.post(f"{where}email/", {"address": "other@church.example"})
    assert "The address has changed since you opened this page" in words(stale)
    assert "I have checked this address" in words(worker.get(where))
    done = worker.post(f"{where}email/", {"address": "lunch@church.example"})
    shown = words(worker.get(done["Location"]))
    assert "may now be written to" in shown and "A colleague says it is right" in shown
    assert "I have checked this address" not in shown
    with world.as_("worker") as actor:
        assert directory.email_state(actor, address="lunch@church.example") == "checked"


def test_roles_that_do_not_deal_with_providers_are_not_asked_and_are_refused(
    world: World, browser: SignIn
) -> None:
    land(world)
    gp, where = browser("gp"), address(world, "Wednesday Lunch Club")
    shown = words(gp.get(where))
    assert "I have checked this address" not in shown and "Say that it is closed" not in shown
    assert gp.post(f"{where}email/", {"address": "lunch@church.example"}).status_code == 403
    assert gp.get(f"{where}status/").status_code == 403
    assert gp.post(f"{where}status/", {"status": "defunct"}).status_code == 403
    assert listing_called(world, "Wednesday Lunch Club").status == "active"


def test_administrator_closes_a_listing_and_says_that_it_runs_again(
    world: World, administrator: Browser
) -> None:
    land(world)
    where = address(world, "Hill Walks")
    answer = administrator.post(f"{where}status/", {"status": "defunct", "reason": "The barn was sold"})
    shown = words(administrator.get(answer["Location"]))
    assert (
        "It has ended for good" in shown and "The barn was sold" in shown and "Administrator said so" in shown
    )
    land(world)  # the source still says that it runs
    assert "It has ended for good" in words(administrator.get(where))
    refused = administrator.post(f"{where}status/", {"status": "temporarily_closed"})
    assert refused.status_code == 200 and "<title>Error: " in refused.content.decode()
    administrator.post(f"{where}status/", {"status": "active"})
    assert listing_called(world, "Hill Walks").status == "active"


def test_listing_entered_by_hand_is_found_with_all_that_was_said(
    world: World, administrator: Browser
) -> None:
    given = {
        "name": "Crochet & Chat",
        "provider": "St Bees",
        "description": "Bring wool.",
        "needs": ["company"],
        "ways": ["in_person"],
        "place": "Village hall",
        "address": "1 High Street",
        "postcode": "qx11aa",
        "when": "Tuesdays at 2",
        "minimum_age": "18",
        "cost": "paid",
        "cost_words": "£2",
        "phone": "01632 960001",
        "email": "Crochet@mail.example",
        "url": "www.example.org",
    }
    answer = administrator.post(NEW, given)
    shown = words(administrator.get(answer["Location"]))
    for text in (
        "Crochet & Chat",
        "St Bees",
        "Village hall 1 High Street QX1 1AA",
        "Tuesdays at 2",
        "Aged 18 and over",
        "£2",
        "01632 960001",
        "crochet@mail.example",
        "A colleague says it is right",
        "Entered by Administrator",
    ):
        assert text in shown
    assert "Crochet" not in words(administrator.get("/directory/imports/"))


def test_refuge_entered_by_hand_keeps_its_address_to_itself(world: World, administrator: Browser) -> None:
    given = {"name": "Larkrise", "place": "The house", "address": "5 Hidden Street", "postcode": "QX9 9ZZ"}
    answer = administrator.post(NEW, {**given, "confidential": "on", "cost": "free"})
    page = administrator.get(answer["Location"]).content.decode()
    assert "kept confidential" in page and "Hidden Street" not in page and "QX9 9ZZ" not in page


def test_everything_wrong_with_an_entry_is_told_together(world: World, administrator: Browser) -> None:
    page = administrator.post(
        NEW, {"url": "javascript:alert(1)", "minimum_age": "60", "maximum_age": "50", "postcode": "QX1 1AA"}
    )
    shown = words(page)
    for text in (
        "Give the name people know it by",
        "Name the place",
        "not below 60",
        "Say whether it costs anything",
        "Type a web address",
    ):
        assert text in shown
    with world.as_("worker") as actor:
        assert not directory.open_listings(actor).exists()


def test_listing_asks_the_same_few_questions_however_much_is_known(
    world: World, administrator: Browser, django_assert_max_num_queries: object
) -> None:
    land(world)
    for name in ("Wednesday Lunch Club", "Crochet Circle"):
        with django_assert_max_num_queries(38):  # type: ignore[operator]
            assert administrator.get(address(world, name)).status_code == 200


def test_listing_of_another_system_is_not_there(world: World, administrator: Browser) -> None:
    from tests.factories.world import build_world

    other = build_world(mark=" B")
    land(other)
    where = address(other, "Hill Walks")
    assert administrator.get(where).status_code == 404
    assert administrator.post(f"{where}status/", {"status": "defunct"}).status_code == 404
