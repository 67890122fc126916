"""What is open in an emergency, asked for on every other page about the person: refused in words, nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection
from django.urls import reverse
from tests.factories.browsing import Browser, hidden
from tests.factories.world import World, a_case
from tests.integration.staff_scheme.test_emergency_pages import AMINA

from fingerpost.web.casework import api as casework
from fingerpost.web.tenancy import api as tenancy

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Browser]
WORDS = "You opened this record in an emergency. It can be read, and not changed."

PAGES = {  # those that the role opens at all for people it works with
    "other_worker": ("person", "conditions", "change_practice", "seal_person"),
    "other_gp": ("conditions", "change_practice", "refer_known"),
}
WRITTEN = {
    "people_personhistoryevent": "pgh_obj_id",
    "people_involvement": "person_id",
    "people_seal": "person_id",
    "people_contactcondition": "person_id",
    "referrals_referral": "person_id",
}


@pytest.fixture
def case(world: World) -> casework.Case:
    return a_case(world, phone_is_safe=False)


def _open(browser: Browser, **changes: str) -> str:
    page = browser.get("/emergency/")
    return str(browser.post("/emergency/", {**hidden(page), **AMINA, **changes})["Location"])


def _rows(world: World, person_id: UUID) -> dict[str, int]:
    counted = {}
    for who in ("worker", "other_worker", "other_gp"):
        with world.as_(who), connection.cursor() as cursor:
            for table, column in WRITTEN.items():
                cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [person_id])
                counted[f"{who} {table}"] = cursor.fetchone()[0]
    return counted


@pytest.mark.parametrize("who", PAGES)
def test_every_other_page_refuses_and_changes_nothing(
    world: World, browser: SignIn, case: casework.Case, who: str
) -> None:
    them = browser(who)
    opened = _open(them)
    before = _rows(world, case.person_id)
    assert before["worker people_involvement"]
    for name in PAGES[who]:
        address = reverse(f"staff:{name}", args=[case.person_id])
        page = them.get(address)
        assert (page.status_code, WORDS in page.content.decode()) == (403, True), name
        given = {"kind": "nothing", "reason": "x", "step": "send", "practice": str(world.other_practice.id)}
        assert them.post(address, given).status_code in (403, 405), name
    assert _rows(world, case.person_id) == before
    assert WORDS not in them.get(opened).content.decode()


@pytest.mark.parametrize("asked", ["999 000 0018", "2 6 1958", "2/6/1958 Okafor", "Okafor"])
def test_the_search_finds_nobody_who_is_open_in_an_emergency_alone(
    world: World, browser: SignIn, case: casework.Case, asked: str
) -> None:
    them = browser("other_worker")
    _open(them)
    assert "Amina" not in them.post("/find-person/", {"words": asked}).content.decode()


def test_the_same_form_sent_again_opens_nothing_again(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    """Back in the browser, or a copy of the request: after the record was closed it stays closed."""
    them = browser("other_worker")
    page = them.get("/emergency/")
    given = {**hidden(page), **AMINA}
    address = them.post("/emergency/", given)["Location"]
    assert them.post(f"{address}close/").status_code == 302
    again = them.post("/emergency/", given)
    assert again["Location"] == address
    assert them.get(address).status_code == 404


def test_without_the_token_of_the_form_nothing_is_opened_or_closed(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    them = browser("other_worker")
    page = them.get("/emergency/")
    assert them.client.post("/emergency/", {**hidden(page), **AMINA}).status_code == 403
    address = _open(them)
    assert them.client.post(f"{address}close/").status_code == 403
    assert them.get(address).status_code == 200


def test_a_colleague_closes_nothing_of_somebody_else(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    them = browser("other_worker")
    address = _open(them)
    browser("other_lead").post(f"{address}close/")
    assert them.get(address).status_code == 200


def test_whoever_is_suspended_meanwhile_is_shut_out(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    them = browser("other_worker")
    address = _open(them)
    account = world.other_worker.user_id
    assert account is not None
    with world.as_(world.job()):
        [held] = tenancy.current_memberships(user_id=account, at=world.at)
        held.suspended_at = world.at
        held.save(update_fields=["suspended_at"])
    assert "Amina" not in them.get(address).content.decode()
