from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from tests.factories.listings import a_town, land, listing_called
from tests.factories.world import a_case

from fingerpost.web.casework.api import Case
from fingerpost.web.directory import api as directory

if TYPE_CHECKING:
    from tests.factories.browsing import Browser
    from tests.factories.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world: World) -> Case:
    land(world, a_town())
    return a_case(world)


def _put(browser: Browser, case: Case, listing: directory.Listing) -> None:
    address = reverse("staff:change_short_list", args=[case.id, listing.id])
    assert browser.post(address).status_code == 302


def _shown(browser: Browser, case: Case) -> str:
    return browser.get(reverse("staff:short_list", args=[case.id])).content.decode()


def test_a_list_is_made_printed_and_changed(
    world: World, case: Case, browser: Callable[[str], Browser]
) -> None:
    worker, lunch = browser("worker"), listing_called(world, "Wednesday Lunch Club")
    assert "Nothing is on the list yet" in _shown(worker, case)
    _put(worker, case, lunch)
    page = _shown(worker, case)
    assert "Wednesday Lunch Club" in page and "01632 960201" in page and "Wednesdays" in page
    assert "<svg" in page and "ring them" in page
    _put(worker, case, lunch)
    assert "Wednesday Lunch Club" not in _shown(worker, case).partition('<ol class="fp-handout">')[2]


def test_what_is_handed_over_says_nothing_of_the_person_but_a_first_name(
    world: World, case: Case, browser: Callable[[str], Browser]
) -> None:
    worker = browser("worker")
    _put(worker, case, listing_called(world, "Wednesday Lunch Club"))
    page = _shown(worker, case)
    assert case.person.family_name not in page
    assert case.person.phone not in page


def test_the_address_of_a_refuge_is_on_no_paper(
    world: World, case: Case, browser: Callable[[str], Browser]
) -> None:
    worker = browser("worker")
    _put(worker, case, listing_called(world, "Larkrise Refuge"))
    page = _shown(worker, case)
    assert "the address is kept confidential" in page
    assert "Hidden Street" not in page and "Secretown" not in page


def test_what_has_closed_since_is_not_handed_over(
    world: World, case: Case, browser: Callable[[str], Browser]
) -> None:
    worker, lunch = browser("worker"), listing_called(world, "Wednesday Lunch Club")
    _put(worker, case, lunch)
    with world.as_("administrator") as steward:
        directory.set_status(
            listing_id=lunch.id, status=directory.ListingStatus.INACTIVE, by=steward, at=world.at
        )
    page = _shown(worker, case)
    assert "This has closed since you put it on the list, so it is left out:" in page
    assert "fp-handout" not in page and "01632 960201" not in page
