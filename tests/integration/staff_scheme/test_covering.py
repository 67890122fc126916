"""Cover by another scheme, on the pages: who, from when to when, and that it is over by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from tests.factories.browsing import Browser, hidden
from tests.factories.world import World, a_case

from fingerpost.web.casework import api as casework

SignIn = Callable[[str], Browser]


@pytest.fixture
def case(world: World) -> casework.Case:
    return a_case(world)


def _parts(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def _ask(world: World, browser: SignIn, *, first: int = 0, last: int = 7, **changes: str) -> str:
    page, today = browser("lead").get("/cover/"), world.at.date()
    given = {
        **hidden(page),
        "worker": str(world.worker.user_id),
        "scheme": str(world.other_scheme.id),
        **_parts("first_day", today + timedelta(days=first)),
        **_parts("last_day", today + timedelta(days=last)),
        **changes,
    }
    done = browser("lead").post("/cover/", given)
    return "" if done.status_code == 302 else done.content.decode()


def test_the_other_scheme_works_with_them_until_the_end_of_the_last_day(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    other = browser("other_worker")
    assert other.get(f"/cases/{case.id}/").status_code == 404
    assert _ask(world, browser) == ""
    page = browser("other_worker").get("/today/").content.decode()
    assert "You cover for others" in page and "Amina Okafor" in page and "Link Up" in page
    shown = browser("other_worker").get(f"/people/{case.person_id}/")
    assert "You cover for Link Up" in shown.content.decode()
    log = {
        **hidden(shown),
        "mode": "phone",
        "outcome": "reached",
        "note": "Covered talk.",
        "when": "now",
        "minutes": "",
    }
    assert browser("other_worker").post(f"/cases/{case.id}/contact/", log).status_code == 302
    assert browser("other_worker").get(f"/cases/{case.id}/close/").status_code == 403
    assert browser("other_worker").get(f"/cases/{case.id}/assign/").status_code == 403
    assert "Covered talk." in browser("worker").get(f"/cases/{case.id}/").content.decode()
    world.later(days=7)
    assert browser("other_worker").get(f"/cases/{case.id}/").status_code == 200
    world.later(days=1)
    assert browser("other_worker").get(f"/cases/{case.id}/").status_code == 404
    assert "Amina" not in browser("other_worker").get("/today/").content.decode()


def test_cover_that_is_still_to_come_opens_nothing_yet(
    world: World, browser: SignIn, case: casework.Case
) -> None:
    assert _ask(world, browser, first=2) == ""
    assert browser("other_worker").get(f"/cases/{case.id}/").status_code == 404
    assert "1 person" in browser("lead").get("/cover/").content.decode()


def test_cover_ends_early(world: World, browser: SignIn, case: casework.Case) -> None:
    _ask(world, browser)
    world.later(hours=1)
    assert browser("lead").post(f"/cover/{world.other_scheme.id}/end/", {}).status_code == 302
    assert browser("other_worker").get(f"/cases/{case.id}/").status_code == 404
    assert "Now and to come" not in browser("lead").get("/cover/").content.decode()


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (-1, 3, "This day is over"),
        (3, 2, "The last day lies before the first"),
        (0, 200, "This is longer than cover lasts"),
    ],
)
def test_days_that_cannot_be_are_refused(
    world: World, browser: SignIn, case: casework.Case, first: int, last: int, said: str
) -> None:
    assert said in _ask(world, browser, first=first, last=last)


def test_a_link_worker_does_not_give_cover(browser: SignIn) -> None:
    assert browser("worker").get("/cover/").status_code == 403
