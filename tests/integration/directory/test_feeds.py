from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from tests.factories.feeds import Answer, OrukFeed, Reply, RpdeFeed, Server, serving
from tests.factories.listings import found, importer, names
from tests.factories.world import NOW, World

from fingerpost.cli.main import main
from fingerpost.kernel import clock
from fingerpost.kernel.errors import Conflict, InvalidValue, NotAllowed, SourceFault
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory import api as directory
from fingerpost.web.directory import tasks
from fingerpost.web.directory.actions import feeds
from fingerpost.web.directory.feeds import lists
from fingerpost.web.directory.feeds.lists import Step
from fingerpost.web.directory.models import (
    FeedItem,
    FeedReading,
    ListingAtLocation,
    ListingContact,
    ListingPhone,
    Schedule,
)
from fingerpost.web.foundation import jobs
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy import api as tenancy

pytestmark = pytest.mark.django_db

KIND = directory.SourceKind


@pytest.fixture
def world() -> World:
    """A system with one reader of the directory, and no organisations: nothing here needs any."""
    worker = Actor(
        kind="user",
        id="user:worker",
        label="A worker",
        system_id=new_id(NOW),
        permissions=frozenset({tenancy.Permission.SEARCH_DIRECTORY}),
        user_id=new_id(NOW),
    )
    assert worker.system_id
    none: Any = None
    return World(worker.system_id, NOW, none, none, none, none, {"worker": worker})


def _service(key: str, **more: Any) -> dict[str, Any]:
    place = {"id": "l", "name": "Hall", "location_type": "physical", "latitude": 54.5, "longitude": -1.25}
    return {
        "id": key,
        "name": f"Choir {key}",
        "status": "active",
        "last_modified": "2026-01-01T00:00:00Z",
        "service_at_locations": [{"id": f"x{key}", "location": place}],
        **more,
    }


class Setting:
    """A feed on loopback that a world reads."""

    def __init__(
        self, world: World, server: Server, kind: KIND = KIND.FEED_ORUK3, actor: Actor | None = None
    ) -> None:
        self.world, self.server, self.kind = world, server, kind
        self.actor = actor or importer(world)
        self.feed_id = self.set_up().id

    def set_up(self, *paths: str) -> directory.Feed:
        with self.world.as_(self.actor) as actor:
            return directory.keep_feed(
                source=directory.SourceDetails(name="county", label="The county", kind=self.kind),
                addresses=[self.server.address + path for path in paths or ("",)],
                every_hours=24,
                inside=[self.server.host],
                by=actor,
                at=self.world.at,
            )

    def read(self, *, until: datetime | None = None) -> dict[str, bytes] | None:
        with clock.fixed(self.world.at), self.server.fetcher() as fetcher:
            return directory.read_feed(feed_id=self.feed_id, by=self.actor, fetcher=fetcher, until=until)

    def bring_in(self) -> directory.ImportReport:
        files = self.read()
        assert files is not None
        with self.world.as_(self.actor) as actor:
            done = directory.import_feed(feed_id=self.feed_id, files=files, by=actor, at=self.world.at)
        assert isinstance(done, directory.ImportReport)
        return done

    def hold(self) -> directory.SourceImport:
        files = self.read()
        assert files is not None
        with self.world.as_(self.actor) as actor:
            done = directory.import_feed(feed_id=self.feed_id, files=files, by=actor, at=self.world.at)
        assert isinstance(done, directory.SourceImport)
        return done

    def readings(self) -> list[FeedReading]:
        with self.world.as_(self.actor):
            return list(FeedReading.objects.filter(feed=self.feed_id).order_by("started_at"))

    def keys(self) -> set[str]:
        with self.world.as_(self.actor):
            return set(FeedItem.objects.filter(feed=self.feed_id).values_list("key", flat=True))

    def feed(self) -> directory.Feed:
        with self.world.as_(self.actor):
            return directory.Feed.objects.get(id=self.feed_id)


def _landed(report: directory.ImportReport) -> tuple[int, int, int, int]:
    (tally,) = [f.tally for f in report.files if f.file == "services"]
    return tally.new, tally.changed, tally.unchanged, tally.gone


def test_feed_becomes_listings_and_read_again_asks_only_for_what_changed(world: World) -> None:
    feed = OrukFeed([_service(str(nth)) for nth in range(12)], per_page=5)
    with serving(feed) as server:
        county = Setting(world, server)
        assert _landed(county.bring_in()) == (12, 0, 0, 0)
        assert len(server.asked) == 3 + 12 + 1  # and whether it has services at places
        assert "Choir 7" in names(found(world, words="choir"))
        server.asked.clear()
        world.later(days=1)
        feed.services[3] = _service("3", name="Band", last_modified="2026-02-01T00:00:00Z")
        feed.services.pop()
        assert _landed(county.bring_in()) == (0, 1, 10, 1)
        # The one that changed, and a question whether the feed can say what changed; it cannot.
        assert [path for path in server.asked if "page" not in path] == ["/", "/services/3"]
        assert names(found(world, words="band")) == ["Band"]
    assert [(r.state, r.pages) for r in county.readings()] == [("done", 3), ("done", 3)]


def test_feed_that_can_say_what_changed_is_asked_for_that_and_nothing_is_taken_to_be_gone(
    world: World,
) -> None:
    feed = OrukFeed([_service("1"), _service("2")], root={"version": "HSDS-3.1"})
    with serving(feed) as server:
        county = Setting(world, server)
        county.bring_in()
        world.later(days=1)
        modified = world.at.isoformat()
        feed.services = [_service("2", name="Band", last_modified=modified)]
        server.asked.clear()
        assert _landed(county.bring_in()) == (0, 1, 1, 0)
        assert any("modified_after" in path for path in server.asked)
        world.later(days=8)  # once a week the whole list is read, which alone tells what is gone
        assert _landed(county.bring_in()) == (0, 0, 1, 1)


def _failing(feed: Answer, when: Callable[[str, dict[str, str]], bool]) -> tuple[Answer, list[bool]]:
    """A feed that breaks down while the switch is on and `when` is true."""
    broken = [True]

    def answer(path: str, asked: dict[str, str]) -> Reply:
        return Reply(status=500) if broken[0] and when(path, asked) else feed(path, asked)

    return answer, broken


def test_reading_that_stopped_goes_on_where_it_was_and_until_then_changes_no_listing(world: World) -> None:
    feed = OrukFeed([_service(str(nth)) for nth in range(12)], per_page=5)
    answer, broken = _failing(feed, lambda _path, asked: asked.get("page") == "3")
    with serving(answer) as server:
        county = Setting(world, server)
        with pytest.raises(SourceFault, match="did not answer"):
            county.read()
        (reading,) = county.readings()
        assert (reading.state, reading.pages, reading.items) == ("stopped", 2, 10)
        assert "did not answer" in reading.why
        assert names(found(world, words="choir")) == []
        assert county.feed().due_at == world.later(hours=6)
        broken[0] = False
        server.asked.clear()
        assert _landed(county.bring_in()) == (12, 0, 0, 0)
        assert len(server.asked) == 1 + 2 + 1
    (reading,) = county.readings()
    assert (reading.state, reading.pages, reading.items) == ("done", 3, 12)


def test_reading_in_parts_ends_as_one(world: World) -> None:
    with serving(OrukFeed([_service(str(nth)) for nth in range(12)], per_page=5)) as server:
        county = Setting(world, server)
        parts = [county.read(until=world.at) for _part in range(3)]
        assert parts == [None, None, None] and len(server.asked) == 15
        assert _landed(county.bring_in()) == (12, 0, 0, 0)
        assert len(county.readings()) == 1


def test_reader_that_was_thought_dead_and_wakes_up_again_stops(world: World) -> None:
    """Two have the same reading in hand, one of them since longer: it must not undo what the other kept."""
    with serving(OrukFeed([_service(str(nth)) for nth in range(12)], per_page=5)) as server:
        county = Setting(world, server)
        with world.as_(county.actor) as actor:
            old = feeds.take_up(feed_id=county.feed_id, by=actor, at=world.at)
        county.read(until=world.at)
        step = Step("services", [], [], {"collection": "services", "page": 9})
        with world.as_(county.actor):
            with pytest.raises(Conflict):
                feeds.keep_page(old, step, since=None, at=world.at)
            with pytest.raises(Conflict):
                feeds.finish(old, at=world.at)
            feeds.stop(old, why="late", at=world.at)
        assert [(r.state, r.place["page"], r.why) for r in county.readings()] == [("reading", 2, "")]


def test_reading_that_lay_for_days_is_begun_again(world: World) -> None:
    with serving(OrukFeed([_service(str(nth)) for nth in range(12)], per_page=5)) as server:
        county = Setting(world, server)
        county.read(until=world.at)
        world.later(days=3)
        county.bring_in()
    assert [r.state for r in county.readings()] == ["lapsed", "done"]


def test_list_that_does_not_add_up_takes_nothing_away_until_it_has_said_so_three_times(world: World) -> None:
    feed = OrukFeed([_service("1"), _service("2")])
    with serving(feed) as server:
        county = Setting(world, server)
        county.bring_in()
        feed.services.pop()
        feed.lies = {"total_items": 50}
        for gone in (0, 0, 1):
            world.later(days=1)
            report = county.bring_in()
            assert _landed(report)[3] == gone
            assert report.faults["services", directory.FaultKind.LIST_CHANGED] == 1


def test_feed_that_never_ends_changes_no_listing(world: World) -> None:
    def answer(_path: str, asked: dict[str, str]) -> Reply:
        page = int(asked.get("page", 1))
        items = [_service(f"{page}-{nth}") for nth in range(20)]
        return Reply({"contents": items, "total_pages": 10**6, "last_page": False})

    with serving(answer) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "MOST_ITEMS", 100)
        county = Setting(world, server)
        with pytest.raises(SourceFault, match="does not end"):
            county.read()
    assert names(found(world, words="choir")) == []


def test_version_one_is_read_with_the_same_care(world: World) -> None:
    with serving(OrukFeed([_service(str(nth)) for nth in range(4)], version=1, per_page=2)) as server:
        assert _landed(Setting(world, server, KIND.FEED_ORUK1).bring_in()) == (4, 0, 0, 0)


def _series(name: str) -> dict[str, Any]:
    return {"type": "SessionSeries", "id": f"https://club.example/{name}", "name": name}


def test_changes_of_openactive_are_followed_from_where_they_were_left(world: World) -> None:
    series, sessions = RpdeFeed(per_page=2), RpdeFeed(per_page=2)
    for nth in range(5):
        series.update(str(nth), _series(f"Walk {nth}"))
    when = {
        "type": "ScheduledSession",
        "superEvent": "https://club.example/Walk 1",
        "startDate": "2026-12-01T10:00:00Z",
    }
    sessions.update("e", when, kind="ScheduledSession")
    with serving(lambda path, asked: (series if path == "/series" else sessions)(path, asked)) as server:
        club = Setting(world, server, KIND.FEED_RPDE)
        club.set_up("/series", "/sessions")
        report = club.bring_in()
        assert _landed(report) == (5, 0, 0, 0)
        assert [f.landed for f in report.files if f.file == "schedules"] == [1]
        series.delete("0")
        series.update("1", _series("Walk 1 and tea"))
        series.delete("never met")
        server.asked.clear()
        world.later(days=1)
        assert _landed(club.bring_in()) == (0, 1, 3, 1)
        assert len(server.asked) == 4  # two pages of changes, and the two ends
        # Nothing has changed: one question to each, and everything stays.
        server.asked.clear()
        world.later(days=1)
        assert _landed(club.bring_in()) == (0, 0, 4, 0)
        assert len(server.asked) == 2


def test_older_word_never_replaces_a_newer_one(world: World) -> None:
    def item(modified: int, name: str) -> dict[str, Any]:
        return {
            "id": "1",
            "kind": "SessionSeries",
            "state": "updated",
            "modified": modified,
            "data": _series(name),
        }

    pages = [[item(10, "New"), item(9, "Old in the page")], [item(8, "Old")], []]
    with serving(
        lambda _p, a: Reply({"next": f"/?n={int(a.get('n', 0)) + 1}", "items": pages[int(a.get("n", 0))]})
    ) as server:
        club = Setting(world, server, KIND.FEED_RPDE)
        club.bring_in()
    assert names(found(world, words="new")) == ["New"] and club.keys() == {"1"}


def test_setting_up_a_feed_is_for_those_who_import_and_for_addresses_that_may_be_asked(world: World) -> None:
    with serving(OrukFeed([])) as server:
        county = Setting(world, server)
        details = directory.SourceDetails(name="county", label="The county", kind=KIND.FEED_ORUK3)
        values: dict[str, Any] = {"source": details, "every_hours": 24, "inside": [], "at": world.at}
        with world.as_("worker") as worker, pytest.raises(NotAllowed):
            directory.keep_feed(addresses=["https://example.org"], by=worker, **values)
        with world.as_(county.actor) as actor:
            for address in ("http://example.org", "https://u:p@example.org", "gopher://x"):
                with pytest.raises(SourceFault):
                    directory.keep_feed(addresses=[address], by=actor, **values)
            with pytest.raises(InvalidValue):
                directory.keep_feed(addresses=["https://a.example", "https://b.example"], by=actor, **values)
            other = directory.SourceDetails(name="county", label="x", kind=KIND.FEED_ORUK1)
            with pytest.raises(Conflict):
                directory.keep_feed(addresses=["https://a.example"], by=actor, **{**values, "source": other})


def test_what_a_feed_holds_is_read_by_staff_only(world: World) -> None:
    with serving(OrukFeed([_service("1")])) as server:
        Setting(world, server).bring_in()
    with world.as_("worker"):
        assert FeedItem.objects.count() == 1
    with world.as_(Actor.public(system_id=world.system_id)):
        assert FeedItem.objects.count() == 0


def test_due_feeds_are_queued_and_read_by_the_job(world: World, settings: Any, make_system: str) -> None:
    (system,) = [one for one in tenancy.systems() if one.slug == make_system]
    with serving(OrukFeed([_service("1")])) as server:
        settings.FINGERPOST_FEED_HOSTS_INSIDE = [server.host]
        county = Setting(world, server, actor=replace(importer(world), system_id=system.id))
        with clock.fixed(world.at), jobs.held() as held:
            tasks.read_due(0)
            held.run_due()
            assert len(server.asked) == 3
            tasks.read_due(0)
            held.run_due()
            assert len(server.asked) == 3  # it is due tomorrow
    with world.as_(county.actor):
        assert [listing.name for listing in directory.Listing.objects.all()] == ["Choir 1"]
    assert county.feed().due_at == world.later(hours=24)


def test_job_that_fails_keeps_why_and_tries_again_later(
    world: World, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(lambda _path, _asked: Reply(b"<html>", headers={"Content-Type": "text/html"})) as server:
        settings.FINGERPOST_FEED_HOSTS_INSIDE = [server.host]
        county = Setting(world, server)
        with clock.fixed(world.at):
            tasks.read_feed(feed_id=str(county.feed_id), system_id=str(world.system_id))
    (reading,) = county.readings()
    assert reading.state == "stopped" and "text/html" in reading.why and str(county.feed_id) in caplog.text
    assert county.feed().due_at == world.later(hours=6)


def test_feed_that_lost_most_of_its_listings_is_held_for_a_person(
    settings: Any, capsys: pytest.CaptureFixture[str], make_system: str
) -> None:
    feed = OrukFeed([_service(str(nth)) for nth in range(20)], per_page=50)
    with serving(feed) as server:
        settings.FINGERPOST_FEED_HOSTS_INSIDE = [server.host]
        words = ["directory", "import", "--feed", server.address, "--kind", "oruk3", "--system", make_system]
        assert main(words) == 0
        del feed.services[3:]
        assert main(words) == 0
    assert "held until somebody has looked" in capsys.readouterr().out
    (system,) = [one for one in tenancy.systems() if one.slug == make_system]
    actor = Actor.system(reason="a test", system_id=system.id)
    with scope(actor):
        assert [done.state for done in directory.imports(actor)] == ["held", "applied"]
        assert directory.Listing.objects.filter(gone_at=None).count() == 20


def _held(world: World, county: Setting) -> list[tuple[str, int]]:
    with world.as_(county.actor) as actor:
        return [(one.state, one.changes.count()) for one in directory.imports(actor)]


def test_same_shrunken_feed_is_held_once_and_another_takes_its_place(world: World) -> None:
    feed = OrukFeed([_service(str(nth)) for nth in range(20)], per_page=50)
    with serving(feed) as server:
        county = Setting(world, server)
        county.bring_in()
        del feed.services[3:]
        first, again = county.hold(), county.hold()
        assert first.pk == again.pk and [state for state, _n in _held(world, county)] == ["held", "applied"]
        del feed.services[2:]
        other = county.hold()
        assert other.pk != first.pk
        # Of what was overtaken only the report is kept: it can be neither applied nor read as what is true now.
        (_new, changes), (replaced, none), _applied = _held(world, county)
        assert changes and (replaced, none) == ("replaced", 0)
        with world.as_(county.actor) as actor, pytest.raises(InvalidValue):
            directory.apply_import(import_id=first.pk, although_held=True, by=actor, at=world.at)
        # Its content is the same, but the directory is not: then it is looked at afresh.
        with world.as_(county.actor) as actor:
            one = directory.Listing.objects.get(source_key="9")
            directory.say(
                kind="listing",
                row_id=one.pk,
                fields={"cost": "£2"},
                voice=directory.SourceKind.STEWARD,
                by=actor,
                at=world.at,
            )
        assert county.hold().pk == other.pk  # what people say of one that is gone changes nothing
        feed.services += [_service(str(nth)) for nth in range(2, 20)]
        county.bring_in()
        assert "held" not in dict(_held(world, county))


def _at_place(key: str, service: str, **more: Any) -> dict[str, Any]:
    place = {"id": "l", "name": "Hall", "location_type": "physical", "latitude": 54.5, "longitude": -1.25}
    return {
        "id": key,
        "service": {"id": service, "name": f"Choir {service}", "last_modified": "2026-01-01T00:00:00Z"},
        "location": place,
        "description": "In the small room",
        "schedules": [
            {"id": "t", "freq": "WEEKLY", "byday": "WE", "opens_at": "10:00", "closes_at": "11:00"}
        ],
        "phones": [{"id": "n", "number": "01632 960001"}],
        "contacts": [{"id": "c", "name": "Ann Bell"}],
        **more,
    }


def test_services_at_places_are_read_with_their_hours_numbers_and_words(world: World) -> None:
    whole = _service("1", schedules=[{"id": "t", "byday": "WE"}, {"id": "u", "byday": "FR"}])
    feed = OrukFeed([whole, _service("2")], at_places=[_at_place("x1", "1"), _at_place("gone", "7")])
    with serving(feed) as server:
        county = Setting(world, server)
        report = county.bring_in()
        assert "/service_at_locations/x1" in server.asked
        # A place of a service that the list of services does not name is refused, and makes no listing.
        assert {reject.key for reject in report.rejects} >= {"gone"}
        with world.as_(county.actor):
            (pair,) = ListingAtLocation.objects.filter(source_key="x1")
            assert pair.description == "In the small room"
            times = Schedule.objects.filter(listing__source_key="1").order_by("byday")
            assert [(t.byday, t.location and t.location.name) for t in times] == [
                ("FR", None),
                ("WE", "Hall"),
            ]
            assert times[1].opens_at is not None
            (phone,) = ListingPhone.objects.filter(number="01632 960001", listing__source_key="1")
            assert phone.location and phone.location.name == "Hall"
            assert ListingContact.objects.filter(listing__source_key="1", name="Ann Bell").count() == 1
            assert directory.Listing.objects.count() == 2
        server.asked.clear()
        world.later(days=1)
        assert county.bring_in().changes == 0
        assert not [path for path in server.asked if path.startswith("/service_at_locations/")]
        assert feed.at_places is not None
        feed.at_places.clear()
        world.later(days=1)
        county.bring_in()
        with world.as_(county.actor):
            assert not ListingPhone.objects.filter(number="01632 960001").exists()
            assert directory.Listing.objects.filter(gone_at=None).count() == 2


@pytest.mark.parametrize("failing", ["/service_at_locations", "/service_at_locations/x1"])
def test_services_at_places_that_cannot_be_read_hold_up_nothing_and_lose_nothing(
    world: World, failing: str
) -> None:
    feed = OrukFeed([_service("1"), _service("2")], at_places=[_at_place("x1", "1")])
    broken = False

    def answer(path: str, asked: dict[str, str]) -> Reply:
        return Reply({"error": "down"}, 500) if broken and path == failing else feed(path, asked)

    with serving(answer) as server:
        county = Setting(world, server)
        county.bring_in()
        broken = True
        world.later(days=1)
        feed.services.pop()
        feed.at_places = [_at_place("x1", "1", description="Upstairs")]
        feed.at_places[0]["service"]["last_modified"] = "2026-02-01T00:00:00Z"
        report = county.bring_in()
        assert directory.FaultKind.COLLECTION_FAILED in {kind for _file, kind in report.faults}
        with world.as_(county.actor):
            assert ListingPhone.objects.filter(number="01632 960001").exists()
            assert directory.Listing.objects.filter(gone_at=None).count() == 1


def test_command_reads_a_feed_and_says_where_every_item_went(
    settings: Any, capsys: pytest.CaptureFixture[str], make_system: str
) -> None:
    with serving(OrukFeed([_service("1"), _service("2")])) as server:
        settings.FINGERPOST_FEED_HOSTS_INSIDE = [server.host]
        words = ["directory", "import", "--feed", server.address, "--kind", "oruk3", "--system", make_system]
        assert main(words) == 0
        assert main(["directory", "import", "--feed", server.address]) == 3
    said = capsys.readouterr()
    assert "page 1: 2 items so far" in said.err and "services" in said.out
