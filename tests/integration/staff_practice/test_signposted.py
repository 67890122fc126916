"""Signposted: a need and a place, again with one press, put right where it is seen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from tests.factories.browsing import Browser, hidden
from tests.factories.world import World

from fingerpost.web.referrals import api as referrals

SignIn = Callable[[str], Browser]


def kept(world: World, who: str = "receptionist") -> list[tuple[str, str]]:
    with world.as_(who) as actor:
        return [(one.need, one.pointed_to) for one in referrals.signpostings(actor)]


@pytest.mark.parametrize("who", ["receptionist", "gp", "worker"])
def test_desk_saves_a_need_and_a_place(world: World, browser: SignIn, who: str) -> None:
    answer = browser(who).post("/signposted/", {"need": "food", "pointed_to": " Food Cupboard "})
    assert answer.status_code == 302
    assert kept(world, who) == [("food", "Food Cupboard")]


def test_what_is_missing_is_told_together(world: World, browser: SignIn) -> None:
    page = browser("receptionist").post("/signposted/", {}).content.decode()
    assert "Say where they were pointed to" in page and "Choose what it was about" in page
    assert kept(world) == []


def test_said_before_is_said_again_with_one_press_and_once(world: World, browser: SignIn) -> None:
    desk = browser("receptionist")
    desk.post("/signposted/", {"need": "company", "pointed_to": "Choir"})
    page = desk.get("/signposted/")
    earlier = re.search(r'name="again" value="([^"]+)"', page.content.decode())
    assert earlier
    given = {"again": earlier[1], "submission": _first_key(page)}
    desk.post("/signposted/", given)
    desk.post("/signposted/", given)
    assert kept(world) == [("company", "Choir"), ("company", "Choir")]


def test_undo_is_offered_for_ten_minutes_and_entered_in_error_after(world: World, browser: SignIn) -> None:
    desk = browser("receptionist")
    saved = desk.post("/signposted/", {"need": "company", "pointed_to": "Choir"})["Location"]
    assert "Undo" in desk.get(saved).content.decode()
    world.later(minutes=11)
    page = desk.get(saved).content.decode()
    assert "Undo" not in page and "Entered in error" in page
    address = re.search(r'action="(/signposted/[^"]+/mistake/)"', page)
    assert address
    desk.post(address[1])
    assert kept(world) == []


def test_another_practice_neither_sees_nor_undoes_it(world: World, browser: SignIn) -> None:
    saved = browser("receptionist").post("/signposted/", {"need": "company", "pointed_to": "Choir"})[
        "Location"
    ]
    other = browser("other_gp")
    assert "Choir" not in other.get("/signposted/").content.decode()
    other.post(f"/signposted/{saved.partition('saved=')[2]}/mistake/")
    assert kept(world) == [("company", "Choir")]


def test_directory_without_the_words_says_so_and_keeps_what_was_typed(world: World, browser: SignIn) -> None:
    given = {"need": "food", "pointed_to": "Qwertzuiop", "step": "search"}
    page = browser("receptionist").post("/signposted/", given).content.decode()
    assert "nothing under these words" in page and 'value="Qwertzuiop"' in page
    assert kept(world) == []


def _first_key(page: object) -> object:
    keys = hidden(page)["submission"]  # type: ignore[arg-type]
    return keys[0] if isinstance(keys, list) else keys
