from __future__ import annotations

import json
from datetime import date, time
from functools import partial
from typing import Any

import pytest
from tests.factories.feeds import OrukFeed, Reply, RpdeFeed, Server, said, serving
from tests.factories.listings import shared_data

from fingerpost.kernel.errors import Faults, SourceFault
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.feeds.changes import ChangeWalk, is_older
from fingerpost.web.directory.feeds.envelopes import MOST_ON_A_PAGE, list_page, rpde_page
from fingerpost.web.directory.feeds.hsds_json import read_hsds_json
from fingerpost.web.directory.feeds.lists import Held, ListWalk, Step, base_of
from fingerpost.web.directory.feeds.openactive import Opportunity, read_openactive
from fingerpost.web.directory.feeds.oruk1 import read_oruk1
from fingerpost.web.directory.readers import read_files

EXAMPLES = "open-referral-uk/specifications/3.0/examples"


def _service(key: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "name": f"Choir {key}", "status": "active", **more}


def _walk(server: Server, **changes: Any) -> list[Step]:
    values: dict[str, Any] = {"collections": ("services",), "held": lambda _c, _k: {}}
    place = changes.pop("place", {})
    with server.fetcher() as fetcher:
        return list(ListWalk(fetcher, server.address, **{**values, **changes}).steps(place))


def _keys(steps: list[Step]) -> list[str]:
    return [met.key for step in steps for met in step.met]


def _notes(steps: list[Step]) -> list[str]:
    return [str(note.get("fault") or note.get("reason")) for step in steps for note in step.notes]


def test_example_of_the_specification_becomes_records() -> None:
    whole = json.loads((shared_data(EXAMPLES) / "service_full.json").read_text())
    records = read_hsds_json([("services", whole)])
    (listing,) = records.listings
    assert (listing.key, listing.name) == ("ac148810-d857-441c-9679-408f346de14b", "Community Counselling")
    assert (listing.minimum_age, listing.maximum_age, listing.cost) == (12, 100, "fees_description")
    assert [p.url for p in records.providers] == ["http://example.com"]
    assert listing.provider_key == records.providers[0].key
    assert [(s.byday, s.opens_at, s.listing_key) for s in records.schedules] == [
        ("TH,FR", time(10), listing.key)
    ]
    assert [p.name for p in records.locations] == ["MyCity Civic Center"]
    # The example puts its place beyond the poles; that is told and not put right.
    assert directory.FaultKind.COORDINATES_MALFORMED in [f.kind for f in records.faults]
    assert [c.name for c in records.contacts] == ["Ann Persona"]
    assert [(i.scheme, i.value) for i in records.identifiers] == [("GB-COH", "1234567")]
    assert [(c.name, c.amount_pence, c.currency) for c in records.cost_options] == [
        ("Under 18s and Over 60s", 3500, "GBP")
    ]
    assert listing.cost_pence == 3500
    assert [a.location_key for a in records.accessibility] == [records.locations[0].key]
    assert "induction loops" in records.locations[0].access
    assert [(t.name, a.listing_key) for t, a in zip(records.terms, records.attributes, strict=True)] == [
        ("name", listing.key)
    ]
    assert [f.listing_key for f in records.funding] == [listing.key]
    (area,) = records.service_areas
    assert area.extent is None and (area.uri, area.codes) == ("http://example.com", ())
    # Of its language the example says nothing but an id.
    assert [(reject.file, reject.reason) for reject in records.rejects] == [
        ("languages", "it does not say which language")
    ]


def test_feed_of_the_examples_is_walked_from_its_list_to_each_service() -> None:
    whole = json.loads((shared_data(EXAMPLES) / "service_full.json").read_text())
    with serving(OrukFeed([whole])) as server:
        (step,) = _walk(server)
    assert [path.partition("?")[0] for path in server.asked] == ["/services", f"/services/{whole['id']}"]
    assert step.met[0].content == whole


def test_one_thing_in_several_places_is_one_record_and_a_difference_is_told() -> None:
    town = {"id": "o", "name": "Town", "phones": [{"number": "01632 1"}, {"number": "01632 1"}]}
    other = {"id": "o", "name": "The Town", "email": "town@example.org"}
    records = read_hsds_json(
        ("services", _service(key, organization=said))
        for key, said in (("1", town), ("2", town), ("3", other))
    )
    assert [(p.name, p.email) for p in records.providers] == [("Town", "town@example.org")]
    assert len(records.phones) == 2  # both, once: they are listed twice by one object, and that object thrice
    faults = [f for f in records.faults if f.kind == directory.FaultKind.SAID_IN_TWO_WAYS]
    assert [(f.file, f.column, f.value) for f in faults] == [("organizations", "name", "The Town")]


def test_one_id_in_the_parts_of_two_services_gives_each_its_part() -> None:
    part = {"id": "t", "freq": "WEEKLY", "byday": "MO"}
    records = read_hsds_json(("services", _service(key, schedules=[part])) for key in "12")
    assert [(s.listing_key, s.byday) for s in records.schedules] == [("1", "MO"), ("2", "MO")]


def test_place_without_a_name_is_called_by_its_address_and_that_is_told() -> None:
    place = {"id": "l", "location_type": "physical", "addresses": [{"id": "a", "address_1": "1 Hill"}]}
    records = read_hsds_json(
        [("services", _service("1", service_at_locations=[{"id": "x", "location": place}]))]
    )
    assert [p.name for p in records.locations] == ["1 Hill"]
    assert directory.FaultKind.NAME_MISSING in [f.kind for f in records.faults]


@pytest.mark.parametrize(
    "odd",
    [
        "text",
        {"id": "1"},
        {"name": "No id"},
        _service("1", organization="a name"),
        _service("1", organization=[1, 2]),
        _service("1", schedules="Mondays"),
        _service("1", schedules=[None, 5, {"byday": {"a": 1}}]),
        _service("1", service_at_locations=[{"id": "x"}, {"location": {"id": "l"}}]),
        _service("1", contacts=[{"phones": [{"number": None}]}]),
        _service(
            "1", cost_options=[{"amount": "x"}, {"amount": -1}, {"amount": 1e300}, {"currency": "pounds"}]
        ),
        _service(
            "1", service_areas=[{"extent": "{"}, {"extent": {"type": "Polygon"}}, {"extent": "[" * 5000}, {}]
        ),
        _service("1", languages=[{}, {"code": "cy"}, {"phone_id": "nowhere", "name": "Welsh"}]),
        _service(
            "1", capacities=[{}, {"unit": {"id": "u", "name": "beds"}, "available": "many"}, {"unit": "beds"}]
        ),
        _service("1", attributes=[{}, {"taxonomy_term": {}}, {"taxonomy_term": {"id": "t", "term": "T"}}]),
        _service(
            "1",
            holiday_schedules=[{}, {"start_date": "2026-12-25", "closed": "maybe"}, {"start_date": "soon"}],
        ),
        _service(
            "1",
            required_documents=[{}, {"document": "Passport"}],
            additional_urls=[{}, {"url": "javascript:1"}],
        ),
        _service("1", program={"id": "p"}, funding=[{}, {"source": 5}]),
        _service(
            "1", organization={"id": "o", "name": "O", "organization_identifiers": [{}, {"identifier": "1"}]}
        ),
        _service("1", organization={"id": "o", "name": "O", "year_incorporated": "long ago", "logo": "x:y"}),
    ],
)
def test_whatever_a_feed_says_every_row_lands_or_is_refused_with_a_reason(odd: Any) -> None:
    for read in (read_hsds_json, read_oruk1):
        records = read([("services", odd), ("services", _service("whole"))])
        assert "whole" in [listing.key for listing in records.listings]
        landed = sum(len(found) for found in said(records).values()) + sum(records.merged.values())
        assert sum(records.rows_read.values()) == landed + len(records.rejects)
        assert all(reject.reason for reject in records.rejects)


def test_nesting_without_end_is_cut_with_a_reason() -> None:
    service: dict[str, Any] = _service("0")
    for nth in range(1, 12):
        link = {"id": f"x{nth}", "service": service}
        service = _service(str(nth), service_at_locations=[link])
    records = read_hsds_json([("services", service)])
    assert any("too deep" in reject.reason for reject in records.rejects)


def test_service_of_version_one_is_read_in_its_own_names() -> None:
    records = read_oruk1(
        [
            (
                "services",
                {
                    **_service("1"),
                    "attending_type": "venue, phone",
                    "attending_access": "drop-in",
                    "organization": {"id": "o", "name": "Town", "url": "https://example.org"},
                    "regular_schedules": [{"id": "t", "byday": "MO", "opens_at": "10:00", "freq": "WEEKLY"}],
                    "eligibilitys": [
                        {"minimum_age": 18, "maximum_age": 50, "eligibility": "Adults"},
                        {"minimum_age": 60, "maximum_age": 99},
                    ],
                    "service_at_locations": [
                        {
                            "id": "x",
                            "location": {
                                "id": "l",
                                "name": "Hall",
                                "physical_addresses": [{"id": "a", "address_1": "1 Hill", "city": "Town"}],
                            },
                        }
                    ],
                    "link_taxonomies": [
                        {
                            "id": "a",
                            "link_type": "need",
                            "link_id": "elsewhere",
                            "taxonomy": {"id": "n", "name": "Company", "vocabulary": "esdNeeds"},
                        }
                    ],
                    "holiday_schedules": [
                        {"start_date": "2026-12-25", "end_date": "2026-12-25", "closed": True}
                    ],
                    "contacts": [{"id": "c", "name": "Ann", "phones": [{"id": "p", "number": "01632 1"}]}],
                },
            )
        ]
    )
    (listing,) = records.listings
    assert listing.ways == (directory.Way.IN_PERSON, directory.Way.BY_PHONE)
    assert (listing.minimum_age, listing.maximum_age, listing.eligibility) == (18, 99, "Adults")
    assert listing.how_to_join == "Just come along."
    assert records.locations[0].address == "1 Hill"
    assert [s.byday for s in records.schedules] == ["MO"]
    assert [(p.number, p.contact_key) for p in records.phones] == [("01632 1", "c")]
    assert [(t.name, t.taxonomy_key) for t in records.terms] == [("Company", "vocabulary:esdNeeds")]
    assert [(a.term_key, a.listing_key, a.link_type) for a in records.attributes] == [("n", "1", "need")]
    assert [(e.starts_on, e.is_closed) for e in records.schedule_exceptions] == [(date(2026, 12, 25), True)]


def test_places_of_version_one_come_from_their_own_list_and_need_not_be_there() -> None:
    places = [{"id": "l", "name": "Hall", "service_at_locations": [{"id": "x", "service": _service("1")}]}]
    both = ("services", "locations")
    with serving(OrukFeed([_service("1")], version=1, locations=places)) as server:
        steps = _walk(server, collections=both)
        assert _keys(steps) == ["1", "l"]
    items = [(step.collection, met.content) for step in steps for met in step.met]
    links = read_oruk1(items).at_locations
    assert [(link.listing_key, link.location_key) for link in links] == [("1", "l")]
    with serving(OrukFeed([_service("1")], version=1)) as server:
        assert _keys(_walk(server, collections=both)) == ["1"]


def test_walk_goes_on_at_its_place_and_asks_only_for_what_may_have_changed() -> None:
    services = [_service(str(nth), last_modified="2026-01-01T00:00:00Z") for nth in range(25)]
    with serving(OrukFeed(services)) as server:
        steps = _walk(server)
        assert [step.place and step.place["page"] for step in steps] == [2, 3, None]
        known = {met.key: Held(met.listed, True) for step in steps for met in step.met}
        server.asked.clear()
        later = _walk(
            server, held=lambda _c, _k: known, place=steps[1].place, seen={"services": set(_keys(steps[:2]))}
        )
        assert _keys(later) == _keys(steps[2:]) and not _notes(later)
        assert len(server.asked) == 1 and all(met.content is None for met in later[0].met)
        services[24]["last_modified"] = "2026-02-01T00:00:00Z"
        again = _walk(server, held=lambda _c, _k: known)
        assert [met.key for step in again for met in step.met if met.content] == ["24"]


def test_feed_that_ignores_which_page_is_asked_for_is_refused() -> None:
    said = {"total_pages": 500, "last_page": False, "first_page": True}
    with serving(OrukFeed([_service("1")], lies=said | {"contents": [_service("1")]})) as server:
        with pytest.raises(SourceFault, match="nothing but what was on earlier pages"):
            _walk(server)
        assert len(server.asked) < 6


def test_list_without_any_counts_ends_where_it_repeats_itself() -> None:
    with serving(lambda _p, _a: Reply({"contents": [_service("1", schedules=[{"id": "t"}])]})) as server:
        assert _keys(_walk(server)) == ["1", "1"]


def test_list_that_changes_under_paging_or_counts_wrongly_is_told() -> None:
    services = [_service(str(nth), schedules=[]) for nth in range(12)]
    feed = OrukFeed(services, per_page=5, whole=True)

    def shrinking(path: str, asked: dict[str, str]) -> Reply:
        reply = feed(path, asked)
        if asked.get("page") == "1":
            del services[0]  # the next page begins one later than it should
        return reply

    with serving(shrinking) as server:
        steps = _walk(server)
    assert "5" not in _keys(steps)
    assert _notes(steps) == ["list_changed"]
    with serving(OrukFeed(services, whole=True, lies={"total_items": 99})) as server:
        assert _notes(_walk(server)) == ["list_changed"]


def test_item_that_is_none_is_refused_and_one_that_is_gone_or_another_is_kept_as_listed() -> None:
    listed = [_service("1"), "text", {"name": "no id"}, _service("2"), _service("x" * 101)]

    def answer(path: str, _asked: dict[str, str]) -> Reply:
        if path == "/services/1":
            return Reply(status=404)
        return Reply(
            _service("9") if path.startswith("/services/") else {"contents": listed, "last_page": True}
        )

    with serving(answer) as server:
        (step,) = _walk(server)
    assert [(met.key, met.is_whole) for met in step.met] == [("1", False), ("2", False)]
    assert len(step.notes) == 5


def test_answers_that_are_no_list_are_named() -> None:
    bodies: list[Any] = [{"results": []}, "text", 5, {"contents": {}}]
    for body in bodies:
        reply = Reply(body)
        with (
            serving(partial(lambda reply, _p, _a: reply, reply)) as server,
            pytest.raises(SourceFault, match="no list called contents"),
        ):
            _walk(server)


def test_page_of_millions_of_items_of_nothing_is_refused() -> None:
    many: list[Any] = [{}] * (MOST_ON_A_PAGE + 1)
    for read, page in (
        (list_page, many),
        (list_page, {"contents": many}),
        (rpde_page, {"items": many, "next": "https://a.example/2"}),
    ):
        with pytest.raises(SourceFault, match="holds 20,001 items"):
            read(page, where="https://a.example")


def test_address_may_be_given_with_or_without_the_endpoint_and_keeps_its_key() -> None:
    assert (
        base_of("https://a.example/v3/services/")
        == base_of("https://a.example/v3/")
        == "https://a.example/v3"
    )
    with serving(OrukFeed([_service("1")])) as server, server.fetcher() as fetcher:
        walk = ListWalk(fetcher, f"{server.address}?key=k", ("services",), lambda _c, _k: {})
        list(walk.steps({}))
    assert all("key=k" in path for path in server.asked)


SERIES = {
    "@context": "https://openactive.io/",
    "type": "SessionSeries",
    "id": "https://club.example/series/1",
    "name": "Walking football",
    "description": "For anyone.",
    "url": "https://club.example/walking",
    "activity": [
        {"type": "Concept", "id": "https://openactive.io/activity-list#w", "prefLabel": "Walking Football"}
    ],
    "organizer": {
        "type": "Organization",
        "id": "https://club.example",
        "name": "Club",
        "telephone": "01632 1",
    },
    "location": {
        "type": "Place",
        "id": "https://club.example/hall",
        "name": "Hall",
        "address": {"type": "PostalAddress", "streetAddress": "1 Hill", "postalCode": "AB1 2CD"},
        "geo": {"type": "GeoCoordinates", "latitude": 54.5, "longitude": -1.25},
    },
    "ageRange": {"type": "QuantitativeValue", "minValue": 50},
    "genderRestriction": "https://openactive.io/FemaleOnly",
    "offers": [{"type": "Offer", "id": "o1", "name": "Adult", "price": 4.5, "priceCurrency": "GBP"}],
    "eventSchedule": [
        {
            "type": "Schedule",
            "repeatFrequency": "P1W",
            "byDay": ["https://schema.org/Tuesday"],
            "startDate": "2026-09-01",
            "startTime": "10:00",
            "duration": "PT1H30M",
            "exceptDate": ["2026-12-29T10:00:00Z"],
        }
    ],
}


def test_series_of_openactive_is_a_listing_with_its_place_price_and_times() -> None:
    records = read_openactive([Opportunity("s1", "SessionSeries", SERIES)])
    (listing,) = records.listings
    assert (listing.key, listing.name, listing.status) == (
        "s1",
        "Walking football",
        directory.ListingStatus.ACTIVE,
    )
    assert (listing.minimum_age, listing.for_gender) == (50, directory.ForGender.WOMEN)
    assert (listing.cost, listing.cost_pence, listing.ways) == (
        "Adult £4.50",
        450,
        (directory.Way.IN_PERSON,),
    )
    assert listing.search_words == ("Walking Football",)
    (schedule,) = records.schedules
    assert (schedule.byday, schedule.opens_at, schedule.closes_at) == ("TU", time(10), time(11, 30))
    assert [e.starts_on for e in records.schedule_exceptions] == [date(2026, 12, 29)]
    assert [(c.name, c.amount_pence) for c in records.cost_options] == [("Adult", 450)]
    assert [t.name for t in records.terms] == ["Walking Football"]
    (place,) = records.locations
    assert (place.name, place.postcode, place.latitude) == ("Hall", "AB1 2CD", 54.5)
    assert [(p.provider_key, p.number) for p in records.phones] == [("https://club.example", "01632 1")]


def test_single_sessions_become_the_times_of_their_series() -> None:
    series = {name: value for name, value in SERIES.items() if name != "eventSchedule"}
    days = ("2026-10-20T18:00:00Z", "2026-10-27T19:00:00Z", "2026-11-03T19:00:00Z", "2026-11-24T19:00:00Z")
    sessions = [
        Opportunity(
            f"e{nth}",
            "ScheduledSession",
            {"type": "ScheduledSession", "superEvent": SERIES["id"], "startDate": start, "duration": "PT1H"},
        )
        for nth, start in enumerate(days)
    ]
    cancelled = {**sessions[0].data, "eventStatus": "https://schema.org/EventCancelled", "startDate": days[3]}
    lost = Opportunity("lost", "ScheduledSession", {"superEvent": "https://nowhere.example"})
    slot = Opportunity("slot", "Slot", {"type": "Slot"})
    records = read_openactive(
        [
            *sessions[:3],
            lost,
            slot,
            Opportunity("c", "ScheduledSession", cancelled),
            Opportunity("s1", "x", series),
        ]
    )
    # The clocks change on 25 October: seven in the evening on the wall all along.
    assert [(s.byday, s.starts_on, s.until, s.opens_at) for s in records.schedules] == [
        ("TU", date(2026, 10, 20), date(2026, 11, 3), time(19))
    ]
    assert [(r.value, r.file) for r in records.rejects] == [("lost", "sessions")]
    unread = [f for f in records.faults if f.kind == directory.FaultKind.KIND_NOT_READ]
    assert [(f.file, f.rows) for f in unread] == [("Slot", 1)]
    assert (records.rows_read["sessions"], records.merged["sessions"]) == (5, 4)


def test_changes_are_walked_to_the_end_and_on_from_there() -> None:
    feed = RpdeFeed(per_page=3)
    for nth in range(7):
        feed.update(str(nth), SERIES)
    with serving(feed) as server, server.fetcher() as fetcher:
        address = f"{server.address}/feed"
        steps = list(ChangeWalk(fetcher, (address,)).steps({}))
        assert [c.key for step in steps for c in step.changes] == list("0123456")
        assert [step.is_last for step in steps] == [False, False, False, True]
        feed.update("2", SERIES)
        feed.delete("5")
        later = list(ChangeWalk(fetcher, (address,)).steps(steps[-1].place))
    assert [(c.key, c.content is None) for step in later for c in step.changes] == [("2", False), ("5", True)]


def test_feed_of_changes_that_runs_in_a_circle_or_leaves_its_host_is_refused() -> None:
    items = [{"id": "1", "kind": "SessionSeries", "state": "updated", "modified": 1, "data": SERIES}]
    for there, words in (
        ("/feed?b", "already"),
        ("/feed", "already"),
        ("https://else.example/", "another host"),
    ):

        def answer(path: str, asked: dict[str, str], there: str = there) -> Reply:
            return Reply(
                {"next": there if asked else "/feed?b=1" if there == "/feed?b" else there, "items": items}
            )

        with serving(answer) as server, server.fetcher() as fetcher:
            with pytest.raises(SourceFault, match=words):
                list(ChangeWalk(fetcher, (f"{server.address}/feed",)).steps({}))
            assert len(server.asked) < 5


def test_items_of_changes_that_cannot_be_told_apart_are_refused_one_by_one() -> None:
    good = {"id": 1, "kind": "SessionSeries", "state": "updated", "modified": 2, "data": SERIES}
    bad = [
        5,
        {},
        {**good, "id": ""},
        {**good, "state": "new"},
        {**good, "data": None},
        {**good, "modified": None},
    ]
    pages = [Reply({"next": "/feed?2", "items": [good, *bad]}), Reply({"next": "/feed?2", "items": []})]
    with serving(lambda _p, _a: pages.pop(0)) as server, server.fetcher() as fetcher:
        steps = list(ChangeWalk(fetcher, (f"{server.address}/feed",)).steps({}))
    assert [c.key for c in steps[0].changes] == ["1"]
    assert len(steps[0].notes) == len(bad) and all(note["reason"] for note in steps[0].notes)
    assert is_older("9", "10") and not is_older("10", "9") and is_older("2026-01-01", "2026-01-02")


def _package(**changes: Any) -> dict[str, bytes]:
    resources = [
        {
            "name": "services",
            "path": "data/services.csv",
            "dialect": {"delimiter": ";"},
            "encoding": "cp1252",
        },
        {"name": "organizations", "path": "organizations.csv"},
    ]
    return {
        "datapackage.json": json.dumps(
            {"name": "hsds", "resources": changes.get("resources", resources)}
        ).encode(),
        "services.csv": "id;name;organization_id\n1;Café;o\n".encode("cp1252"),
        "organizations.csv": b"id,name\no,Town\n",
        "notes.csv": b"a\n1\n",
    }


def test_data_package_is_read_as_it_describes_itself() -> None:
    records = read_files(directory.SourceKind.HSDS_PACKAGE, _package(), {})
    assert [(r.name, r.provider_key) for r in records.listings] == [("Café", "o")]
    assert ("notes.csv", directory.FaultKind.FILE_NOT_READ) in [(f.file, f.kind) for f in records.faults]


@pytest.mark.parametrize(
    ("resources", "words"),
    [
        ([], "names no files"),
        ([{"name": "services", "path": "https://example.org/services.csv"}], "outside"),
        ([{"name": "services", "path": "../services.csv"}], "outside"),
        ([{"name": "services", "path": "/etc/passwd"}], "outside"),
        ([{"name": "services", "path": "gone.csv"}], "not in it"),
        ([{"name": "services"}], "no path"),
        ([5], "no name"),
        ([{"name": "services", "path": "services.csv", "encoding": "rot13"}], "cannot be read"),
        ([{"name": "services", "path": ["services.csv", "notes.csv"]}], "several files"),
    ],
)
def test_package_that_cannot_be_read_says_why(resources: list[Any], words: str) -> None:
    with pytest.raises((Faults, SourceFault), match=words):
        read_files(directory.SourceKind.HSDS_PACKAGE, _package(resources=resources), {})
