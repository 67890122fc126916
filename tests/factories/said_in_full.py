"""One directory that says something in every field that is published."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from fingerpost.web.directory import api as directory
from fingerpost.web.directory.records import RoomRecord

OWNERS = {"listing_key": "s", "location_key": "l"}
DAY, URL = date(2026, 4, 1), "https://example.org/all"


def everything(*, at: datetime) -> directory.DirectoryRecords:
    """A directory that says something in every field, also where the tables of HSDS alone would be read otherwise."""
    return directory.DirectoryRecords(
        **_full_places(), **_full_times(), **_full_offers(at), **_full_words(), **_full_ways()
    )


def _full_places() -> dict[str, Any]:
    """Who and where."""
    return {
        "providers": [
            directory.ProviderRecord(
                key="p",
                name="Friends",
                alternate_name="The Friends",
                description="They sing",
                email="p@example.org",
                url=URL,
                kind="club",
                legal_status="CIO",
                year_founded=1948,
                logo=URL,
            )
        ],
        "locations": [
            directory.LocationRecord(
                key="l",
                name="Bell Hall",
                provider_key="p",
                alternate_name="The Bell",
                description="Red brick",
                transportation="Bus 4",
                address="Flat 2\nBell Hall\n1 Bell Street",
                town="Allerwold",
                region="Northshire",
                postcode="QX1 1AA",
                country="GB",
                latitude=54.5,
                longitude=-1.25,
                access="Ask for the key of the lift",
            )
        ],
        "listings": [_full_listing("s", URL, DAY)],
        "at_locations": [directory.ListingAtLocationRecord(key="x", description="Upstairs", **OWNERS)],
        "identifiers": [
            directory.IdentifierRecord(key="i", provider_key="p", scheme="GB-CHC", value="1234567", uri=URL)
        ],
    }


def _full_times() -> dict[str, Any]:
    """When."""
    return {
        "schedules": [
            directory.ScheduleRecord(
                key="t",
                frequency="MONTHLY",
                byday="1WE",
                bymonthday="1",
                interval=2,
                starts_on=DAY,
                until=date(2027, 1, 1),
                valid_from=DAY,
                valid_to=date(2027, 2, 1),
                opens_at=time(9),
                closes_at=time(10, 30),
                timezone="Europe/London",
                wkst="MO",
                byweekno="1",
                byyearday="100",
                count=3,
                attending_type="physical",
                schedule_link=URL,
                notes="Not in rain",
                description="Mornings",
                **OWNERS,
            )
        ],
        "schedule_exceptions": [
            directory.ScheduleExceptionRecord(
                key="e",
                starts_on=DAY,
                ends_on=DAY,
                is_closed=False,
                opens_at=time(11),
                closes_at=time(12),
                note="Late",
                **OWNERS,
            )
        ],
    }


def _full_offers(at: datetime) -> dict[str, Any]:
    """For whom, at what price, and with how much room."""
    return {
        "service_areas": [
            directory.ServiceAreaRecord(
                key="a",
                listing_key="s",
                name="North",
                description="The north",
                codes=("QX1", "E07000001"),
                uri=URL,
            )
        ],
        "cost_options": [
            directory.CostOptionRecord(
                key=f"c{pence}",
                listing_key="s",
                name="Members",
                amount_pence=pence,
                currency="GBP",
                description="A term",
                valid_from=DAY,
                valid_to=date(2027, 1, 1),
            )
            for pence in (0, 450)
        ],
        "funding": [
            directory.FundingRecord(key="f", listing_key="s", provider_key="p", source_of_funds="The town")
        ],
        "accessibility": [
            directory.AccessibilityRecord(
                key="y", location_key="l", description="A ramp", details="Steep", url=URL
            )
        ],
        "languages": [directory.LanguageRecord(key="g", name="Polish", code="pl", note="Mondays", **OWNERS)],
        "room_counts": [
            directory.RoomCountRecord(
                key="r",
                listing_key="s",
                unit="beds",
                available=1,
                maximum=2,
                description="For one night",
                updated_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        ],
        "rooms": [
            RoomRecord(
                listing_key="s", state=directory.CapacityState.FULL, said_at=at, full_until=date(2099, 1, 1)
            )
        ],
    }


def _full_words() -> dict[str, Any]:
    """Terms, and one word said with them."""
    return {
        "taxonomies": [
            directory.TaxonomyRecord(key="tax", name="Needs", description="Of people", uri=URL, version="2")
        ],
        "terms": [
            directory.TermRecord(key="w", name="Wide", taxonomy_key="tax"),
            directory.TermRecord(
                key="n",
                name="Narrow",
                taxonomy_key="tax",
                parent_key="w",
                code="N",
                description="Less",
                language="cy",
                uri=URL,
            ),
        ],
        "attributes": [
            directory.AttributeRecord(
                key="b", term_key="n", listing_key="s", link_type="need", value="much", label="Much"
            )
        ],
    }


def _full_ways() -> dict[str, Any]:
    """How to reach somebody."""
    return {
        "contacts": [
            directory.ContactRecord(
                key="k",
                name="Ann",
                title="Cook",
                department="Kitchen",
                email="a@example.org",
                **OWNERS,
                provider_key="p",
            )
        ],
        "phones": [
            directory.PhoneRecord(
                key="q",
                number="01632 960001",
                contact_key="k",
                extension="5",
                kind="voice",
                languages="pl",
                description="Evenings",
                **OWNERS,
                provider_key="p",
            )
        ],
        "postal_addresses": [
            directory.PostalAddressRecord(
                key="o",
                location_key="l",
                provider_key="p",
                attention="Ann",
                address="PO Box 1\nBell Street",
                town="Allerwold",
                region="Northshire",
                postcode="QX1 1AA",
                country="GB",
            )
        ],
    }


def _full_listing(key: str, url: str, day: date) -> directory.ListingRecord:
    return directory.ListingRecord(
        key=key,
        name="Choir",
        provider_key="p",
        alternate_name="The singers",
        description="We sing",
        url=url,
        email="s@example.org",
        status=directory.ListingStatus.TEMPORARILY_CLOSED,
        how_to_join="Come along",
        what_to_expect="Tea first",
        accompaniment=directory.Accompaniment.ASK,
        transport="Lifts",
        additional_urls=(url + "/2",),
        programme="Winter warmth",
        required_documents="A letter\nA photo",
        eligibility="Anyone",
        for_gender=directory.ForGender.WOMEN,
        minimum_age=60,
        maximum_age=99,
        cost="A pound",
        cost_pence=100,
        wait_time="A week",
        schedule_note="Not in August",
        interpretation="BSL",
        languages=("Welsh",),
        access="Quiet room",
        ways=("online", "in_person"),
        needs=("mood", "company"),
        search_words=("lonely",),
        accreditations="Gold",
        licences="One",
        alert="New room",
        assured_on=day,
        assured_by="check@example.org",
    )
