"""An attack: where a refuge is, and what is not published, from everything that anybody can ask.

Two directories that differ only in what must stay hidden are asked the same questions. Whatever the attacker does
with the answers, they are the same: so nothing about what is hidden is in any of them.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import time

import pytest
from django.test import Client
from tests.factories.listings import a_listing, a_town, importer, land
from tests.factories.published import ROOT, know_postcodes
from tests.factories.world import World

from fingerpost.kernel import clock
from fingerpost.web.directory import api as directory
from fingerpost.web.directory import models

pytestmark = pytest.mark.django_db

PAGES = "/help-near-you"
# Every halving of the distance takes minutes: the long form asks all of them.
IS_LONG = int(os.environ.get("FINGERPOST_PUBLISHED_EXAMPLES", "0")) > 50
STEP = 2 if IS_LONG else 40
MILES = ("", "1", "2", "5", "10", "20") if IS_LONG else ("", "5")
# What is new in every answer, whatever is in it: the nonce of the policy and the token of forms.
_CHANCE = re.compile(rb'nonce="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"')
# Where the refuge may be: three places far apart, in postcodes that the gazetteer knows.
PLACES = {"QX1 1AA": (54.5, 1.4), "QX5 5AA": (54.9, 1.9), "QX9 9ZZ": (53.9, 0.7)}
HIDDEN = (
    "5 Hidden Street",
    "Secretown",
    "01999 960999",
    "Warden",
    "warden@haven.example",
    "Ramp behind the green door",
    "private words",
)


def _town(postcode: str, *, secret: bool = True) -> directory.DirectoryRecords:
    """The town with its refuge at a postcode, and a listing that is at the refuge and in the open hall."""
    town = a_town()
    latitude, longitude = PLACES[postcode]
    town.locations[2] = replace(
        town.locations[2],
        postcode=postcode,
        latitude=latitude,
        longitude=longitude,
        access="Ramp behind the green door",
        is_confidential=secret,
    )
    town.listings.append(a_listing("both", "Haven Drop In", provider_key="haven", search_words=()))
    town.at_locations += [
        directory.ListingAtLocationRecord(key="both@hall", listing_key="both", location_key="hall"),
        directory.ListingAtLocationRecord(key="both@refuge", listing_key="both", location_key="refuge"),
    ]
    town.phones.append(directory.PhoneRecord(key="w", location_key="refuge", number="01999 960999"))
    town.contacts.append(
        directory.ContactRecord(
            key="w", location_key="refuge", listing_key="safe", name="Warden", email="warden@haven.example"
        )
    )
    town.schedules.append(
        directory.ScheduleRecord(
            key="n", location_key="refuge", listing_key="safe", byday="MO", opens_at=time(3, 33)
        )
    )
    town.postal_addresses.append(
        directory.PostalAddressRecord(
            key="post", location_key="refuge", address="5 Hidden Street", town="Secretown", postcode=postcode
        )
    )
    return town


def _questions() -> Iterator[tuple[str, dict[str, str]]]:
    """Everything that an attacker who looks for a place would ask, distances halved down to a metre."""
    yield from ((ROOT + path, {}) for path in ("/", "/services", "/service_at_locations", "/taxonomy_terms"))
    yield PAGES + "/", {}
    for postcode in PLACES:
        metres = 100_000
        while metres:
            yield ROOT + "/service_at_locations", {"postcode": postcode, "proximity": str(metres)}
            metres //= STEP
        yield ROOT + "/service_at_locations", {"postcode": postcode}
        for miles in MILES:
            yield PAGES + "/", {"near": postcode, "max_miles": miles}
    for words in (
        "Secretown",
        "Hidden",
        "5 Hidden Street",
        "QX9 9ZZ",
        "QX9",
        "Warden",
        "private",
        "Larkrise",
    ):
        yield ROOT + "/services", {"search": words}
        yield ROOT + "/service_at_locations", {"search": words}
        yield PAGES + "/", {"words": words}
    for day in ("MO", "TU"):
        yield ROOT + "/services", {"day": day, "start_time": "03:00", "end_time": "04:00"}
    yield ROOT + "/services", {"start_time": "03:33"}


def _everything(world: World) -> dict[str, bytes]:
    """Every answer, and what each listing and pair that they name has to say for itself."""
    client = Client()
    found: dict[str, bytes] = {}

    def ask(path: str, query: dict[str, str]) -> bytes:
        response = client.get(path, query)
        heads = sorted(
            (k, v) for k, v in response.items() if k not in ("Content-Security-Policy", "Set-Cookie")
        )
        body = _CHANCE.sub(b"", response.getvalue())
        name = f"{path}?{sorted(query.items())}"
        found[name] = f"{response.status_code} {heads}\n".encode() + body
        return body

    with clock.fixed(world.at):
        for path, query in _questions():
            ask(path, query)
        ids = set(re.findall(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", b"".join(found.values())))
        for id in sorted(one.decode() for one in ids):
            ask(f"{ROOT}/service_at_locations/{id}", {})
            if b'"title":' not in ask(f"{ROOT}/services/{id}", {}):
                ask(f"{PAGES}/{id}/", {})
                ask(f"{PAGES}/{id}/sessions.ics", {})
        with zipfile.ZipFile(io.BytesIO(client.get(ROOT + "/package.zip").getvalue())) as archive:
            found |= {f"package {name}": archive.read(name) for name in archive.namelist()}
    return found


def _land(world: World, town: directory.DirectoryRecords) -> None:
    land(world, town)
    with world.as_(importer(world)):
        models.Listing.objects.filter(source_key="safe").update(
            source_row={"note": "private words"}, closed_reason="private words"
        )


def test_answers_are_the_same_wherever_the_refuge_is_and_hold_no_word_of_it(world: World) -> None:
    know_postcodes(world, PLACES)
    _land(world, _town("QX1 1AA"))
    at, first = world.at, _everything(world)
    for postcode in list(PLACES)[1 if IS_LONG else 2 :]:
        world.later(minutes=5)  # the move itself is later; the questions are asked at the same time
        _land(world, _town(postcode))
        world.at = at
        moved = _everything(world)
        differing = [name for name, content in moved.items() if first.get(name) != content]
        assert not differing, _first_difference(first[differing[0]], moved[differing[0]])
        assert moved.keys() == first.keys()
        leaks = [
            (name, words)
            for name, content in moved.items()
            for words in HIDDEN
            if words.encode() in _without_the_question(name, content)
        ]
        assert not leaks


def test_refuge_in_a_feed_of_others_is_as_hidden_until_a_steward_says_that_it_is_public(world: World) -> None:
    """No feed can mark it: its words do. The name of the place is its address, as in feeds without names."""
    know_postcodes(world, PLACES)
    feed = directory.SourceDetails(name="feed", label="A feed", kind=directory.SourceKind.FEED_ORUK3)
    town = _town("QX9 9ZZ", secret=False)
    town.locations[2] = replace(town.locations[2], name="5 Hidden Street", description="In Secretown")
    with world.as_(importer(world)) as job:
        directory.land(town, source=feed, by=job, at=world.at)
        place = models.Location.objects.get(source__name="feed", source_key="refuge")
        # From here on it is what the attack above looks for: a place without an address or a point.
        assert place.is_confidential and place.latitude is None
    leaks = [
        (name, words)
        for name, content in _everything(world).items()
        for words in HIDDEN
        if words.encode() in _without_the_question(name, content)
    ]
    assert not leaks
    with world.as_("administrator") as steward:
        directory.make_address_public(location_id=place.id, by=steward, at=world.at)
    with clock.fixed(world.at):
        near = {"postcode": "QX9 9ZZ", "proximity": "1000"}
        found = Client().get(ROOT + "/service_at_locations", near).json()
    assert {one["location"]["name"] for one in found["contents"]} == {"5 Hidden Street"}


def test_attack_finds_a_place_that_is_no_secret(world: World) -> None:
    """The same attack must succeed where there is nothing to hide, or it would prove nothing."""
    know_postcodes(world, PLACES)
    _land(world, _town("QX1 1AA", secret=False))
    first = _everything(world)
    _land(world, _town("QX9 9ZZ", secret=False))
    moved = _everything(world)
    differing = {name.partition("?")[0] for name, content in moved.items() if first.get(name) != content}
    assert {ROOT + "/service_at_locations", PAGES + "/", "package locations.csv"} <= differing
    assert any(b"5 Hidden Street" in content for content in moved.values())


def test_place_that_becomes_a_secret_is_taken_back_everywhere(world: World) -> None:
    know_postcodes(world, PLACES)
    _land(world, _town("QX9 9ZZ", secret=False))
    world.later(days=1)
    _land(world, _town("QX9 9ZZ"))
    leaks = [
        name
        for name, content in _everything(world).items()
        if b"Hidden Street" in _without_the_question(name, content)
        or b"03:33" in _without_the_question(name, content)
    ]
    assert not leaks


def _without_the_question(name: str, content: bytes) -> bytes:
    """A search page shows the words that were asked for: they are the asker's own."""
    asked = re.findall(r"'words', '([^']*)'", name)
    for words in asked:
        for said in (f'value="{words}"', f"words={words.replace(' ', '%20')}", f"“{words}”"):
            content = content.replace(said.encode(), b"")
    return content


def _first_difference(one: bytes, other: bytes) -> str:
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return f"{one[max(0, at - 200) : at + 100]!r} became {other[max(0, at - 200) : at + 100]!r}"
