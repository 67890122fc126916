"""The nine endpoints, asked by anybody: each answer is judged by our own contract as it comes."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.listings import a_listing, a_town, importer, land
from tests.factories.published import ROOT, asked, know_postcodes, listing_id
from tests.factories.world import World, build_world

from fingerpost.kernel import clock
from fingerpost.web.directory import api as directory

pytestmark = pytest.mark.django_db


def _names(page: Any) -> list[str]:
    return sorted(one["name"] for one in page["contents"])


def test_interface_says_what_it_is(world: World) -> None:
    found = asked(world, "/")
    assert found["version"] == "HSDS-UK-3.0"
    assert found["openapi_url"].endswith("/open-referral-uk/openapi.json")


def test_list_shows_every_open_listing_a_page_at_a_time(world: World) -> None:
    first, second = asked(world, "/services", per_page=3), asked(world, "/services", per_page=3, page=2)
    assert {key: first[key] for key in first if key != "contents"} == {
        "total_items": 5,
        "total_pages": 2,
        "page_number": 1,
        "size": 3,
        "first_page": True,
        "last_page": False,
        "empty": False,
    }
    assert second["last_page"] and second["size"] == 2
    together = [one["id"] for one in first["contents"] + second["contents"]]
    assert together == sorted(set(together)) and len(together) == 5
    beyond = asked(world, "/services", page=9)
    assert beyond["empty"] and beyond["total_items"] == 5 and beyond["last_page"]


def test_one_listing_has_everything_that_belongs_to_it(world: World) -> None:
    found = asked(world, f"/services/{listing_id(world, 'lunch')}")
    assert found["status"] == "active" and found["minimum_age"] == 60 and found["fees"] == "£5"
    assert [s["freq"] for s in found["schedules"]] == ["WEEKLY", "MONTHLY"]
    assert found["schedules"][0]["opens_at"] == "12:00:00"
    (place,) = found["service_at_locations"]
    assert place["location"]["addresses"] == [
        {
            "id": place["location"]["addresses"][0]["id"],
            "location_id": place["location"]["id"],
            "address_1": "1 Bell Street",
            "city": "Allerwold",
            "region": "Northshire",
            "state_province": "Northshire",
            "postal_code": "QX1 1AA",
            "country": "GB",
            "address_type": "physical",
        }
    ]
    assert place["location"]["accessibility"][0]["description"] == "A ramp at the side door"
    assert found["organization"]["organization_identifiers"][0]["identifier"] == "1234567"
    assert found["cost_options"][0]["amount"] == 4.5
    assert found["contacts"][0]["name"] == "Ann Bell"
    assert found["funding"][0]["source"] == "The town council"
    assert found["attributes"][0]["taxonomy_term"]["term"] == "E1"
    assert found["languages"][0]["name"] == "Polish"


def test_what_has_no_value_is_left_out(world: World) -> None:
    assert set(asked(world, f"/services/{listing_id(world, 'bare')}")) == {
        "id",
        "name",
        "status",
        "last_modified",
    }


def test_listing_whose_source_gives_no_status_says_so(world: World) -> None:
    with world.as_(importer(world)) as job:
        source = directory.SourceDetails(name="silent", label="Says little")
        status = directory.ListingStatus.NOT_STATED
        records = directory.DirectoryRecords(listings=[a_listing("q", "Quiet Choir", status=status)])
        directory.land(records, source=source, by=job, at=world.at)
    found = asked(world, f"/services/{listing_id(world, 'q')}")
    assert found["status"] == "active" and "does not say whether it is running" in found["alert"]


def test_listing_at_a_place(world: World) -> None:
    page = asked(world, "/service_at_locations")
    assert sorted(one["service"]["name"] for one in page["contents"]) == [
        "Hill Walks",
        "Wednesday Lunch Club",
    ]
    one = asked(world, f"/service_at_locations/{page['contents'][0]['id']}")
    assert one["service_id"] == one["service"]["id"] and one["location_id"] == one["location"]["id"]


def test_terms_and_their_lists(world: World) -> None:
    (taxonomy,) = asked(world, "/taxonomies")["contents"]
    assert asked(world, f"/taxonomies/{taxonomy['id']}") == taxonomy
    terms = {one["term"]: one for one in asked(world, "/taxonomy_terms")["contents"]}
    assert terms["E1"]["parent_id"] == terms["E"]["id"] and terms["E"]["taxonomy_id"] == taxonomy["id"]
    assert asked(world, f"/taxonomy_terms/{terms['E']['id']}") == terms["E"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"search": "company"}, {"Wednesday Lunch Club", "Phone Friends"}),
        ({"search": "nothing-like-this-here"}, set()),
        ({"minimum_age": 60}, {"Wednesday Lunch Club"}),
        ({"minimum_age": 61}, set()),
        ({"maximum_age": 99}, set()),
        ({"day": "WE"}, {"Wednesday Lunch Club"}),
        ({"day": "Wednesday", "start_time": "11:30"}, {"Wednesday Lunch Club"}),
        ({"day": "WE", "start_time": "12:01"}, set()),
        ({"day": "SA", "end_time": "12:00"}, {"Wednesday Lunch Club"}),
        ({"day": "WE", "end_time": "11:30"}, set()),
    ],
)
def test_each_parameter_narrows(world: World, query: dict[str, object], expected: set[str]) -> None:
    assert set(_names(asked(world, "/services", **query))) == expected


def test_terms_narrow(world: World) -> None:
    terms = {one["term"]: one for one in asked(world, "/taxonomy_terms")["contents"]}
    assert _names(asked(world, "/services", taxonomy_term_id=terms["E1"]["id"])) == ["Wednesday Lunch Club"]
    assert _names(asked(world, "/services", taxonomy_term_id=terms["E"]["id"])) == []
    assert _names(asked(world, "/services", taxonomy_id=terms["E"]["taxonomy_id"])) == [
        "Wednesday Lunch Club"
    ]


def test_what_has_not_changed_is_left_out(world: World) -> None:
    before = world.at.isoformat()
    assert len(asked(world, "/services", modified_after=before)["contents"]) == 5
    later = world.later(days=1).isoformat()
    assert asked(world, "/services", modified_after=later)["contents"] == []
    town = a_town()
    town.phones[0] = directory.PhoneRecord(key="church", provider_key="church", number="01632 960299")
    town.schedules[0] = directory.ScheduleRecord(key="lunch", listing_key="lunch", byday="TH")
    land(world, town)
    assert _names(asked(world, "/services", modified_after=later)) == ["Wednesday Lunch Club"]


def test_distance_is_measured_from_the_postcode(world: World) -> None:
    know_postcodes(world, {"QX1 1AA": (54.5, 1.4), "QX2 1AA": (54.8, 1.4)})

    def near(postcode: str, metres: int) -> list[str]:
        page = asked(world, "/service_at_locations", postcode=postcode, proximity=metres)
        return sorted(one["service"]["name"] for one in page["contents"])

    assert near("QX1 1AA", 1000) == ["Wednesday Lunch Club"]
    assert near("qx11aa", 40_000) == ["Hill Walks", "Wednesday Lunch Club"]
    assert near("QX2 1AA", 40_000) == ["Hill Walks"]  # the lunch club says that it is for QX1


def test_every_fault_is_told_at_once(world: World) -> None:
    found = asked(world, "/service_at_locations", page="0", day="Caturday", proximity="5", minimum_age="x")
    assert {fault["parameter"] for fault in found["faults"]} == {"page", "day", "proximity", "minimum_age"}


@pytest.mark.parametrize(
    "path", ["/services/no-such", "/taxonomies/1", "/service_at_locations/x", "/wrong/way"]
)
def test_what_is_not_there_is_told_as_json(world: World, path: str) -> None:
    response = Client().get(ROOT + path)
    assert response.status_code == 404
    assert json.loads(response.content)["status"] == 404


def test_any_site_may_read_and_nobody_may_write(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    for path in ("/", "/services", "/services/nothing", "/wrong"):
        assert client.get(ROOT + path)["Access-Control-Allow-Origin"] == "*"
        assert client.get(ROOT + path)["Content-Type"] == "application/json"
    ahead = client.options(ROOT + "/services", HTTP_ORIGIN="https://elsewhere.example")
    assert (ahead.status_code, ahead["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    assert client.post(ROOT + "/services").status_code in (403, 405)
    assert "sessionid" not in client.cookies


def test_one_address_may_not_ask_without_end(world: World, settings: Any) -> None:
    settings.FINGERPOST_OPEN_REQUESTS_A_MINUTE = 3
    with clock.fixed(world.at):
        answers = [Client().get(ROOT + "/services") for _ in range(4)]
        other = Client(REMOTE_ADDR="192.0.2.7").get(ROOT + "/services")
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert answers[-1]["Retry-After"] == "60" and json.loads(answers[-1].content)["status"] == 429
    assert other.status_code == 200


@pytest.mark.parametrize("path", [ROOT + "/services/nothing", "/help-near-you/" + str(UUID(int=5)) + "/"])
def test_asking_for_what_is_not_there_counts_too(world: World, settings: Any, path: str) -> None:
    settings.FINGERPOST_OPEN_REQUESTS_A_MINUTE = 2
    with clock.fixed(world.at):
        assert [Client().get(path).status_code for _ in range(3)] == [404, 404, 429]


@pytest.mark.parametrize("path", ["/services", "/service_at_locations", "/services/{id}"])
def test_queries_of_a_page_do_not_grow_with_it(world: World, path: str) -> None:
    path = path.replace("{id}", str(listing_id(world, "lunch")))

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            asked(world, path)
        return len(found)

    few = queries()
    town = a_town()
    for n in range(30):
        town.listings.append(a_listing(f"more{n}", f"Choir {n}", provider_key="church"))
        town.at_locations.append(
            directory.ListingAtLocationRecord(key=f"m{n}", listing_key=f"more{n}", location_key="hall")
        )
    land(world, town)
    assert queries() == few < 40


def test_several_systems_publish_only_where_the_setting_says(
    world: World, systems: dict[str, UUID], settings: Any
) -> None:
    here, there = systems
    other = build_world(mark="other", system_id=systems[there])
    land(other, directory.DirectoryRecords(listings=[a_listing("z", "Zither Club")]))
    settings.ALLOWED_HOSTS = ["*"]
    with clock.fixed(world.at):
        settings.FINGERPOST_PUBLISHES = [("*", "")]
        assert Client().get(ROOT + "/services").status_code == 404
        settings.FINGERPOST_PUBLISHES = [("town.example", here)]
        assert Client().get(ROOT + "/services").status_code == 404
        settings.FINGERPOST_PUBLISHES = [("town.example", here), ("*", there)]
        first = Client().get(ROOT + "/services", HTTP_HOST="town.example:8000")
        second = Client().get(ROOT + "/services", HTTP_HOST="elsewhere.example")
        lunch = listing_id(world, "lunch")
        across = Client().get(f"{ROOT}/services/{lunch}", HTTP_HOST="elsewhere.example")
    assert "Zither" not in first.content.decode() and "Lunch" in first.content.decode()
    assert _names(json.loads(second.content)) == ["Zither Club"]
    assert across.status_code == 404
