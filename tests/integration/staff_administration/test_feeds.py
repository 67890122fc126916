"""Feeds on their page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from django.http import HttpResponse
from tests.factories.browsing import Browser
from tests.factories.feeds import OrukFeed, Reply, Server, serving
from tests.factories.world import World

from fingerpost.kernel import clock
from fingerpost.web.foundation import jobs

PAGE = "/directory/feeds/"


def words(page: HttpResponse) -> str:
    inside = page.content.decode().partition("<main")[2].partition("</main")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", inside)))


@pytest.fixture
def server(settings: object) -> Iterator[Server]:
    pages = OrukFeed([{"id": "1", "name": "Choir", "status": "active"}])
    broken = Reply(b"<html>", headers={"Content-Type": "text/html"})
    with serving(lambda path, asked: broken if path.startswith("/people") else pages(path, asked)) as up:
        settings.FINGERPOST_FEED_HOSTS_INSIDE = [up.host]  # type: ignore[attr-defined]
        yield up


def set_up(who: Browser, address: str, **changes: str) -> HttpResponse:
    given: dict[str, object] = {
        "label": "The county",
        "kind": "feed_oruk3",
        "addresses": address,
        "every_hours": "24",
        **changes,
    }
    return who.post(PAGE, given)


def test_feed_is_set_up_read_and_shown_with_how_far_it_is(
    world: World, browser: Callable[[str], Browser], server: Server
) -> None:
    administrator = browser("administrator")
    with clock.fixed(world.at), jobs.held() as held:
        assert set_up(administrator, server.address).status_code == 302
        page = words(administrator.get(PAGE))
        assert "The county not read yet" in page and "Each day" in page and server.address in page
        held.run_due()
    page = words(administrator.get(PAGE))
    assert "The county read to its end" in page and "Pages read: 1. Items: 1." in page
    assert "The county" in words(administrator.get("/directory/imports/"))


def test_feed_that_cannot_be_read_says_why_and_is_read_again_when_asked(
    world: World, browser: Callable[[str], Browser], server: Server
) -> None:
    administrator = browser("administrator")
    with clock.fixed(world.at), jobs.held() as held:
        set_up(administrator, f"{server.address}/people", every_hours="0")
        held.run_due()
        page = administrator.get(PAGE)
        assert "stopped before its end" in words(page) and "text/html" in words(page)
        (again,) = re.findall(rf'action="({PAGE}[0-9a-f-]+/read/)"', page.content.decode())
        asked = len(server.asked)
        assert administrator.post(again, {}).status_code == 302
        held.run_due()
    assert len(server.asked) == asked + 1


def test_feed_that_was_read_and_cannot_be_imported_says_why(
    world: World, browser: Callable[[str], Browser], settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It used to stand in a log, where nobody looks."""
    monkeypatch.setattr("fingerpost.web.directory.hsds_reading.LONGEST_ROW", 10**9)
    many = "".join(f"{n:x} " for n in range(150_000))
    feed = OrukFeed([{"id": "1", "name": "Choir", "description": many, "status": "active"}], whole=True)
    administrator = browser("administrator")
    with serving(feed) as up:
        settings.FINGERPOST_FEED_HOSTS_INSIDE = [up.host]  # type: ignore[attr-defined]
        with clock.fixed(world.at), jobs.held() as held:
            set_up(administrator, up.address)
            held.run_due()
    page = words(administrator.get(PAGE))
    assert "read to its end" in page and "could not be imported: Something in the files is too long" in page


def test_address_that_may_not_be_asked_is_refused_in_words(administrator: Browser, server: Server) -> None:
    for address, said in (
        ("http://directory.example.org", "could be changed on its way"),
        ("ftp://directory.example.org", "cannot be the address of a feed"),
        ("https://a.example https://b.example", "several addresses only for OpenActive"),
        ("", "Give the address of the feed"),
    ):
        answer = set_up(administrator, address)
        assert answer.status_code == 200 and said in words(answer)
    assert set_up(administrator, server.address).status_code == 302
    assert "of another kind" in words(set_up(administrator, server.address, kind="feed_oruk1"))
