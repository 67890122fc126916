"""Anything that a source may say: directories drawn with every field that is published, for property tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

from hypothesis import strategies as st

from fingerpost.codes.needs import NEEDS
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.records import Record, RoomRecord

R = TypeVar("R", bound=Record)
Keys = st.SearchStrategy[str]

# Text as sources write it, without what CSV reading takes off on purpose: space around, and NUL.
_LINES = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("Cs", "Cc", "Zl", "Zp")),
    max_size=20,
).map(str.strip)
FORMULAS = st.sampled_from(["=1+1", "+44 1632 960001", "'=x", "''@y", "-", "@a"])
SAID = _LINES | FORMULAS | st.sampled_from(["two\nlines", "a, b; c", '"quoted"'])
NAMES = SAID.filter(bool)
SHORT = st.sampled_from(["", "Polish", "=x", "a/b"])
TIMES = st.none() | st.sampled_from([time(9), time(13, 30), time(23, 59)])
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
URLS = st.sampled_from(["", "https://example.org/a?b=c", "http://example.org/ü"])
EMAILS = st.sampled_from(["", "hello@example.org"])
NUMBERS = st.none() | st.integers(0, 100_000)
LANGUAGES = st.lists(st.sampled_from(["Polish", "Welsh", "BSL"]), unique=True, max_size=2).map(tuple)
SHAPES = st.sampled_from(
    [None, {"type": "Polygon", "coordinates": [[[0.5, 51.0], [0.5, 52.0], [1.5, 52.0], [0.5, 51.0]]]}]
)
CODES = st.lists(st.sampled_from(["E07000001", "QX1", "W06000001"]), unique=True, max_size=2).map(tuple)


def _drawn(draw: st.DrawFn, cls: type[R], key: str, **fields: Any) -> R:
    values = {n: draw(v) if isinstance(v, st.SearchStrategy) else v for n, v in fields.items()}
    return cls(key=key, **values)


@st.composite
def directories(draw: st.DrawFn, *, at: datetime) -> directory.DirectoryRecords:
    """A directory in which every kind of row occurs, some of it about places that are kept secret."""
    providers = [_provider(draw, f"p{n}") for n in range(draw(st.integers(0, 2)))]
    locations = [_location(draw, f"l{n}", providers) for n in range(draw(st.integers(1, 2)))]
    listings = [_listing(draw, f"s{n}", providers) for n in range(draw(st.integers(1, 2)))]
    listing = st.sampled_from([one.key for one in listings])
    place = st.sampled_from([one.key for one in locations])
    provider = st.sampled_from(["", *(one.key for one in providers)])
    pairs = sorted({(draw(listing), one.key) for one in locations if draw(st.integers(0, 3))})
    owners: dict[str, Any] = {"listing_key": listing, "location_key": st.sampled_from(["", ""]) | place}
    return directory.DirectoryRecords(
        providers=providers,
        locations=locations,
        listings=listings,
        at_locations=[
            directory.ListingAtLocationRecord(
                key=f"{a}@{b}", listing_key=a, location_key=b, description=draw(SAID)
            )
            for a, b in pairs
        ],
        identifiers=[
            directory.IdentifierRecord(
                key=f"i{one.key}", provider_key=one.key, scheme="GB-CHC", value="1234567", uri=draw(URLS)
            )
            for one in providers
        ],
        rooms=_rooms(draw, [one.key for one in listings], at),
        **_offered(draw, owners, place, provider),
        **_words(draw, listing, locations[0].key, [one.key for one in providers]),
        **_reached(draw, owners, place, provider),
    )


def _offered(draw: st.DrawFn, owners: dict[str, Any], place: Keys, provider: Keys) -> dict[str, Any]:
    """What is told of listings and of places."""
    listing = owners["listing_key"]
    return {
        "schedules": [_schedule(draw, f"t{n}", owners) for n in range(draw(st.integers(0, 2)))],
        "schedule_exceptions": [_exception(draw, f"x{n}", owners) for n in range(draw(st.integers(0, 2)))],
        "service_areas": [
            _drawn(
                draw,
                directory.ServiceAreaRecord,
                f"a{n}",
                listing_key=listing,
                name=NAMES,
                description=SAID,
                codes=CODES,
                extent=SHAPES,
                uri=URLS,
            )
            for n in range(draw(st.integers(0, 2)))
        ],
        "cost_options": [
            _drawn(
                draw,
                directory.CostOptionRecord,
                f"c{n}",
                listing_key=listing,
                name=SAID,
                amount_pence=NUMBERS,
                currency=st.sampled_from(["GBP", "EUR"]),
                description=SAID,
                valid_from=DAYS,
                valid_to=DAYS,
            )
            for n in range(draw(st.integers(0, 2)))
        ],
        "funding": [
            _drawn(
                draw,
                directory.FundingRecord,
                "f",
                listing_key=listing,
                provider_key=provider,
                source_of_funds=NAMES,
            )
        ],
        "accessibility": [
            _drawn(
                draw,
                directory.AccessibilityRecord,
                f"y{n}",
                location_key=place,
                description=SAID,
                details=SAID,
                url=URLS,
            )
            for n in range(draw(st.integers(0, 2)))
        ],
        "languages": [
            _drawn(draw, directory.LanguageRecord, f"g{n}", name=NAMES, code=SHORT, note=SAID, **owners)
            for n in range(draw(st.integers(0, 2)))
        ],
        "room_counts": [
            _drawn(
                draw,
                directory.RoomCountRecord,
                f"r{n}",
                listing_key=listing,
                unit=st.sampled_from(["beds", "places"]),
                available=NUMBERS,
                maximum=NUMBERS,
                description=SAID,
                updated_at=st.sampled_from([None, datetime(2026, 1, 1, 12, 30, tzinfo=UTC)]),
            )
            for n in range(draw(st.integers(0, 2)))
        ],
    }


def _words(draw: st.DrawFn, listing: Keys, location_key: str, provider_keys: list[str]) -> dict[str, Any]:
    """Lists of terms, and what is said with them."""
    terms = [
        directory.TermRecord(
            key="wide", name="Wide", taxonomy_key="tax", code="W", uri="https://example.org/w"
        ),
        _drawn(
            draw,
            directory.TermRecord,
            "narrow",
            name=NAMES,
            taxonomy_key="tax",
            parent_key="wide",
            code=SHORT,
            description=SAID,
            language=st.sampled_from(["", "cy"]),
        ),
    ]
    return {
        "taxonomies": [
            _drawn(
                draw, directory.TaxonomyRecord, "tax", name=NAMES, description=SAID, uri=URLS, version=SHORT
            )
        ],
        "terms": terms,
        "attributes": [
            directory.AttributeRecord(
                key=f"b{n}",
                term_key=draw(st.sampled_from(["wide", "narrow"])),
                listing_key=draw(listing),
                link_type=draw(SHORT),
                value=draw(SAID),
                label=draw(SAID),
            )
            for n in range(draw(st.integers(0, 2)))
        ]
        + [
            directory.AttributeRecord(key="bl", term_key="wide", location_key=location_key),
            *(
                directory.AttributeRecord(key=f"b{key}", term_key="wide", provider_key=key)
                for key in provider_keys
            ),
        ],
    }


def _reached(draw: st.DrawFn, owners: dict[str, Any], place: Keys, provider: Keys) -> dict[str, Any]:
    """How somebody is reached."""
    return {
        "contacts": [
            _drawn(
                draw,
                directory.ContactRecord,
                "c",
                provider_key=provider,
                name=SAID,
                title=SAID,
                department=SAID,
                email=EMAILS,
                **owners,
            )
        ],
        "phones": [
            _drawn(
                draw,
                directory.PhoneRecord,
                f"n{n}",
                provider_key=provider,
                contact_key=st.sampled_from(["", "c"]),
                number="+44 1632 960001",
                extension=SHORT,
                kind=SHORT,
                languages=SHORT,
                description=SAID,
                **owners,
            )
            for n in range(draw(st.integers(0, 2)))
        ],
        "postal_addresses": [
            _drawn(
                draw,
                directory.PostalAddressRecord,
                "o",
                location_key=place,
                provider_key=provider,
                attention=SHORT,
                address=st.sampled_from(["PO Box 1", "PO Box 1\nBell Street\nBack door"]),
                town=SHORT,
                region=SHORT,
                postcode=st.sampled_from(["", "QX1 1AA"]),
                country=SHORT,
            )
        ],
    }


def _provider(draw: st.DrawFn, key: str) -> directory.ProviderRecord:
    return _drawn(
        draw,
        directory.ProviderRecord,
        key,
        name=NAMES,
        alternate_name=SAID,
        description=SAID,
        email=EMAILS,
        url=URLS,
        kind=st.sampled_from(["", "charity", "club"]),
        legal_status=st.sampled_from(["", "charity", "CIO"]),
        year_founded=st.sampled_from([None, 1948]),
        logo=URLS,
    )


def _location(
    draw: st.DrawFn, key: str, providers: list[directory.ProviderRecord]
) -> directory.LocationRecord:
    place = draw(
        st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)).filter(lambda p: p != (0, 0))
    )
    return _drawn(
        draw,
        directory.LocationRecord,
        key,
        name=NAMES,
        provider_key=st.sampled_from(["", *(one.key for one in providers)]),
        kind=st.sampled_from(list(directory.LocationKind)),
        alternate_name=SAID,
        description=SAID,
        transportation=SAID,
        address=st.sampled_from(["", "1 Bell Street", "Flat 2\nThe Hall\n1 Bell Street"]),
        town=SHORT,
        region=SHORT,
        postcode=st.sampled_from(["", "QX1 1AA"]),
        country=st.sampled_from(["", "GB"]),
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        access=SAID,
        is_confidential=st.sampled_from([False, False, True]),
    )


def _listing(draw: st.DrawFn, key: str, providers: list[directory.ProviderRecord]) -> directory.ListingRecord:
    low, high = sorted([draw(st.integers(0, 130)), draw(st.integers(0, 130))])
    texts = (
        *(
            "alternate_name",
            "description",
            "how_to_join",
            "what_to_expect",
            "transport",
            "required_documents",
        ),
        *("eligibility", "cost", "wait_time", "schedule_note", "interpretation", "access", "accreditations"),
        *("licences", "alert", "programme"),
    )
    several = {
        "ways": [way.value for way in directory.Way],
        "needs": [one.id for one in NEEDS],
        "search_words": ["lonely", "fed up"],
        "additional_urls": ["https://example.org/1", "https://example.org/2"],
    }
    lists = {
        name: st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)
        for name, values in several.items()
    }
    return _drawn(
        draw,
        directory.ListingRecord,
        key,
        name=NAMES,
        provider_key=st.sampled_from(["", *(one.key for one in providers)]),
        status=st.sampled_from(list(directory.ListingStatus)),
        url=URLS,
        email=EMAILS,
        accompaniment=st.sampled_from(list(directory.Accompaniment)),
        for_gender=st.sampled_from(list(directory.ForGender)),
        minimum_age=st.sampled_from([None, low]),
        maximum_age=st.sampled_from([None, high]),
        cost_pence=NUMBERS,
        languages=LANGUAGES,
        assured_on=DAYS,
        assured_by=EMAILS,
        **dict.fromkeys(texts, SAID),
        **lists,
    )


def _schedule(draw: st.DrawFn, key: str, owners: dict[str, Any]) -> directory.ScheduleRecord:
    return _drawn(
        draw,
        directory.ScheduleRecord,
        key,
        frequency=st.sampled_from(["WEEKLY", "MONTHLY", "YEARLY"]),
        byday=st.sampled_from(["", "WE", "MO,-1FR"]),
        bymonthday=st.sampled_from(["", "1,15"]),
        interval=st.integers(1, 9),
        starts_on=DAYS,
        until=DAYS,
        valid_from=DAYS,
        valid_to=DAYS,
        opens_at=TIMES,
        closes_at=TIMES,
        timezone=st.sampled_from(["", "Europe/London"]),
        wkst=st.sampled_from(["", "MO"]),
        byweekno=st.sampled_from(["", "1,2"]),
        byyearday=st.sampled_from(["", "100"]),
        count=st.sampled_from([None, 3]),
        attending_type=SHORT,
        schedule_link=URLS,
        notes=SAID,
        description=SAID,
        **owners,
    )


def _exception(draw: st.DrawFn, key: str, owners: dict[str, Any]) -> directory.ScheduleExceptionRecord:
    is_closed = draw(st.booleans())
    return _drawn(
        draw,
        directory.ScheduleExceptionRecord,
        key,
        starts_on=date(2026, 12, 23),
        ends_on=st.dates(date(2026, 12, 23), date(2027, 1, 9)),
        is_closed=is_closed,
        opens_at=None if is_closed else TIMES,
        closes_at=None if is_closed else TIMES,
        note=SAID,
        **owners,
    )


def _rooms(draw: st.DrawFn, keys: list[str], at: datetime) -> list[RoomRecord]:
    full, waiting = directory.CapacityState.FULL, directory.CapacityState.WAITING_LIST
    return [
        RoomRecord(
            listing_key=key,
            state=state,
            said_at=at.replace(microsecond=123_000),
            waiting_weeks=6 if state is waiting and draw(st.booleans()) else None,
            full_until=date(2099, 1, 31) if state is full and draw(st.booleans()) else None,
        )
        for key in keys
        if (state := draw(st.sampled_from([None, directory.CapacityState.TAKING, full, waiting])))
    ]
