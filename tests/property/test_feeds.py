"""What a publisher holds, published as a feed in pages of any size, is what is read of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.feeds import OrukFeed, serving

from fingerpost.web.directory import api as directory
from fingerpost.web.directory.feeds.item_files import as_file, read_feed_file
from fingerpost.web.directory.feeds.lists import ListWalk
from fingerpost.web.directory.records import Record

WORDS = st.text("abc déf-&'\"<>/\\{}漢🙂", min_size=1, max_size=20).map(str.strip).filter(bool)
TEXT = st.one_of(st.just(""), WORDS)
EMAIL = st.sampled_from(["", "hello@example.org", "choir@example.org"])
URL = st.sampled_from(["", "https://example.org/choir", "http://example.org"])
AGES = st.sampled_from([(None, None), (18, None), (None, 25), (0, 130), (60, 60)])
DAYS = st.sampled_from(["MO", "TU,TH", "1WE", "-1SU"])
STATUSES = {
    directory.ListingStatus.ACTIVE: "active",
    directory.ListingStatus.INACTIVE: "inactive",
    directory.ListingStatus.DEFUNCT: "defunct",
    directory.ListingStatus.TEMPORARILY_CLOSED: "temporarily closed",
}


@st.composite
def towns(draw: st.DrawFn) -> directory.DirectoryRecords:
    """Providers, places and listings with parts, in every way in which a feed can hold them."""
    town = directory.DirectoryRecords()
    for nth in range(draw(st.integers(0, 3))):
        town.providers.append(
            directory.ProviderRecord(
                key=f"o{nth}", name=draw(WORDS), description=draw(TEXT), email=draw(EMAIL), url=draw(URL)
            )
        )
    for nth in range(draw(st.integers(0, 3))):
        placed = draw(st.booleans())
        town.locations.append(
            directory.LocationRecord(
                key=f"l{nth}",
                name=draw(WORDS),
                kind=draw(st.sampled_from(directory.LocationKind)),
                description=draw(TEXT),
                address=draw(WORDS),
                town=draw(TEXT),
                postcode=draw(st.sampled_from(["", "AB1 2CD"])),
                latitude=54.5 if placed else None,
                longitude=-1.25 if placed else None,
            )
        )
    for nth in range(draw(st.integers(0, 7))):
        _add_listing(draw, town, f"s{nth}")
    used = {link.location_key for link in town.at_locations}
    town.locations = [place for place in town.locations if place.key in used]
    behind = {listing.provider_key for listing in town.listings}
    town.providers = [provider for provider in town.providers if provider.key in behind]
    return town


def _add_listing(draw: st.DrawFn, town: directory.DirectoryRecords, key: str) -> None:
    low, high = draw(AGES)
    town.listings.append(
        directory.ListingRecord(
            key=key,
            name=draw(WORDS),
            provider_key=draw(st.sampled_from(["", *(p.key for p in town.providers)])),
            description=draw(TEXT),
            url=draw(URL),
            email=draw(EMAIL),
            status=draw(st.sampled_from(list(STATUSES))),
            minimum_age=low,
            maximum_age=high,
            cost=draw(TEXT),
            alert=draw(TEXT),
            assured_on=draw(st.sampled_from([None, date(2026, 2, 28)])),
            source_modified_at=draw(st.sampled_from([None, datetime(2026, 3, 1, 9, 30, tzinfo=UTC)])),
        )
    )
    for place in town.locations:
        if draw(st.booleans()):
            town.at_locations.append(
                directory.ListingAtLocationRecord(
                    key=f"{key}-{place.key}", listing_key=key, location_key=place.key
                )
            )
    for nth in range(draw(st.integers(0, 2))):
        town.schedules.append(
            directory.ScheduleRecord(
                key=f"{key}-t{nth}",
                listing_key=key,
                byday=draw(DAYS),
                opens_at=draw(st.sampled_from([None, time(9, 30)])),
                closes_at=draw(st.sampled_from([None, time(17, 0)])),
                description=draw(TEXT),
            )
        )
        town.contacts.append(
            directory.ContactRecord(key=f"{key}-c{nth}", listing_key=key, name=draw(WORDS), title=draw(TEXT))
        )
        town.phones.append(
            directory.PhoneRecord(key=f"{key}-p{nth}", contact_key=f"{key}-c{nth}", number="01632 960001")
        )


def published(town: directory.DirectoryRecords, version: int) -> list[dict[str, Any]]:
    """The services of a town as a feed writes them: nested, and without what is empty."""
    return [_filled(_service(town, listing, version)) for listing in town.listings]


def _service(
    town: directory.DirectoryRecords, listing: directory.ListingRecord, version: int
) -> dict[str, Any]:
    providers = [p for p in town.providers if p.key == listing.provider_key]
    links = [link for link in town.at_locations if link.listing_key == listing.key]
    return {
        "id": listing.key,
        "name": listing.name,
        "description": listing.description,
        "url": listing.url,
        "email": listing.email,
        "status": STATUSES[listing.status],
        "fees": listing.cost,
        "minimum_age": listing.minimum_age,
        "maximum_age": listing.maximum_age,
        "alert": listing.alert,
        "assured_date": listing.assured_on and listing.assured_on.isoformat(),
        "last_modified": listing.source_modified_at and listing.source_modified_at.isoformat(),
        "organization": _organisation(providers[0], version) if providers else None,
        "service_at_locations": [
            {"id": link.key, "location": _place(place, version)}
            for link in links
            for place in town.locations
            if place.key == link.location_key
        ],
        "schedules" if version == 3 else "regular_schedules": [
            {
                "id": each.key,
                "freq": "WEEKLY",
                "byday": each.byday,
                "opens_at": each.opens_at and each.opens_at.isoformat(),
                "closes_at": each.closes_at and each.closes_at.isoformat(),
                "description": each.description,
            }
            for each in town.schedules
            if each.listing_key == listing.key
        ],
        "contacts": [
            {
                "id": each.key,
                "name": each.name,
                "title": each.title,
                "phones": [
                    {"id": phone.key, "number": phone.number}
                    for phone in town.phones
                    if phone.contact_key == each.key
                ],
            }
            for each in town.contacts
            if each.listing_key == listing.key
        ],
    }


def _organisation(provider: directory.ProviderRecord, version: int) -> dict[str, Any]:
    return {
        "id": provider.key,
        "name": provider.name,
        "description": provider.description,
        "email": provider.email,
        "website" if version == 3 else "url": provider.url,
    }


def _place(place: directory.LocationRecord, version: int) -> dict[str, Any]:
    address = {
        "id": f"{place.key}-a",
        "address_1": place.address,
        "city": place.town,
        "postal_code": place.postcode,
        "address_type": "physical",
    }
    return {
        "id": place.key,
        "name": place.name,
        "location_type": place.kind.value,
        "description": place.description,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "addresses" if version == 3 else "physical_addresses": [address],
    }


def _filled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _filled(each) for name, each in value.items() if each not in (None, "", [], {})}
    return [_filled(each) for each in value] if isinstance(value, list) else value


def said(records: directory.DirectoryRecords) -> dict[str, list[Record]]:
    """The records by list, in the order of their keys, without the rows that they were made from."""
    found = {}
    for each in fields(records):
        value = getattr(records, each.name)
        if isinstance(value, list) and (not value or isinstance(value[0], Record)):
            found[each.name] = sorted((replace(r, row={}) for r in value), key=lambda r: r.key)
    found.pop("faults", None)
    return found


@settings(max_examples=25, deadline=None)
@given(
    town=towns(),
    version=st.sampled_from([1, 3]),
    per_page=st.integers(1, 5),
    whole=st.booleans(),
    from_nought=st.booleans(),
)
def test_town_published_as_a_feed_in_any_pages_is_read_as_it_is(
    town: directory.DirectoryRecords, version: int, per_page: int, whole: bool, from_nought: bool
) -> None:
    feed = OrukFeed(
        published(town, version), per_page=per_page, version=version, whole=whole, from_nought=from_nought
    )
    kind = directory.SourceKind.FEED_ORUK3 if version == 3 else directory.SourceKind.FEED_ORUK1
    items, notes = [], []
    with serving(feed) as server, server.fetcher() as fetcher:
        walk = ListWalk(fetcher, server.address, ("services",), lambda _collection, _keys: {})
        for step in walk.steps({}):
            items += [(step.collection, met.key, met.content) for met in step.met]
            notes += step.notes
    records = read_feed_file(kind, as_file(items, notes))

    assert said(records) == said(town)
    assert not records.rejects and not notes
