"""What is published is a feed like any other: it is walked, read and refused by the same reader."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from tests.factories.feeds import Reply, serving
from tests.factories.published import ROOT
from tests.factories.world import World

from fingerpost.kernel import clock
from fingerpost.web.directory.api import SourceKind
from fingerpost.web.directory.feeds.item_files import as_file, read_feed_file
from fingerpost.web.directory.feeds.lists import PER_PAGE, ListWalk

pytestmark = pytest.mark.django_db


def _published(world: World) -> dict[str, Any]:
    """Every answer that a reader of the feed will ask for, by path: the server of a test has no database."""
    with clock.fixed(world.at):
        first = Client().get(f"{ROOT}/services?{urlencode({'page': 1, 'per_page': PER_PAGE})}").json()
        found = {f"{ROOT}/services": first}
        for service in first["contents"]:
            found[f"{ROOT}/services/{service['id']}"] = (
                Client().get(f"{ROOT}/services/{service['id']}").json()
            )
    return found


def test_own_feed_is_read_whole_and_nothing_in_it_is_refused(world: World) -> None:
    said = _published(world)

    def answer(path: str, _asked: dict[str, str]) -> Reply:
        return Reply(said[path]) if path in said else Reply(status=404)

    with serving(answer) as server, server.fetcher() as fetcher:
        walk = ListWalk(fetcher, server.address + ROOT, ("services",), lambda _collection, _keys: {})
        steps = list(walk.steps({}))
    items = [(step.collection, met.key, met.content) for step in steps for met in step.met]
    notes = [note for step in steps for note in step.notes]
    records = read_feed_file(SourceKind.FEED_ORUK3, as_file(items, notes))
    services = [content for path, content in said.items() if path != f"{ROOT}/services"]
    assert len(services) == 5 and len(server.asked) == 6
    assert [listing.name for listing in records.listings] == [service["name"] for service in services]
    assert {place.name for place in records.locations} == {"Bell Hall", "Hill Barn"}
    assert records.cost_options and records.schedules and records.attributes
    assert not records.rejects and not notes
    assert all(urlsplit(path).path.startswith(ROOT) for path in server.asked)
