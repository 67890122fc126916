"""What a source says, typed and checked for shape, before anything is written. Pure.

Every record has a `key`: the source's own id for the row, or one made from what it says. Keys that point to
other records (`provider_key` ...) may point to nothing: the link is then left empty, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from fingerpost.web.directory.enums import (
    Accompaniment,
    CapacityState,
    FaultKind,
    ForGender,
    ListingStatus,
    LocationKind,
)


@dataclass(frozen=True, kw_only=True)
class Record:
    """`row` is what the source wrote, whole, so that nothing it said is lost."""

    key: str
    row: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class ProviderRecord(Record):
    name: str
    alternate_name: str = ""
    description: str = ""
    email: str = ""
    url: str = ""
    kind: str = ""
    legal_status: str = ""
    year_founded: int | None = None
    logo: str = ""


@dataclass(frozen=True, kw_only=True)
class LocationRecord(Record):
    """A place. The address of a confidential one is kept apart: never shown, searched or measured from."""

    name: str
    provider_key: str = ""
    kind: LocationKind = LocationKind.PHYSICAL
    alternate_name: str = ""
    description: str = ""
    transportation: str = ""
    address: str = ""
    town: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    access: str = ""
    is_confidential: bool = False


@dataclass(frozen=True, kw_only=True)
class ListingRecord(Record):
    """What is offered. Ages in years, inclusive; `cost_pence` 0 is free and None is not known."""

    name: str
    provider_key: str = ""
    alternate_name: str = ""
    description: str = ""
    url: str = ""
    email: str = ""
    status: ListingStatus = ListingStatus.NOT_STATED
    how_to_join: str = ""
    what_to_expect: str = ""
    accompaniment: Accompaniment = Accompaniment.NOT_KNOWN
    transport: str = ""
    additional_urls: tuple[str, ...] = ()
    programme: str = ""
    required_documents: str = ""
    eligibility: str = ""
    for_gender: ForGender = ForGender.ANYONE
    minimum_age: int | None = None
    maximum_age: int | None = None
    cost: str = ""
    cost_pence: int | None = None
    wait_time: str = ""
    schedule_note: str = ""
    interpretation: str = ""
    languages: tuple[str, ...] = ()
    access: str = ""
    ways: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    search_words: tuple[str, ...] = ()
    accreditations: str = ""
    licences: str = ""
    alert: str = ""
    assured_on: date | None = None
    assured_by: str = ""
    source_modified_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ListingAtLocationRecord(Record):
    listing_key: str
    location_key: str
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class ScheduleRecord(Record):
    """When, in the parts of RFC 5545. Of a listing, of a location, or of a listing at a location."""

    listing_key: str = ""
    location_key: str = ""
    frequency: str = "WEEKLY"
    byday: str = ""
    bymonthday: str = ""
    interval: int = 1
    starts_on: date | None = None
    until: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    timezone: str = ""
    wkst: str = ""
    byweekno: str = ""
    byyearday: str = ""
    count: int | None = None
    attending_type: str = ""
    schedule_link: str = ""
    notes: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class ScheduleExceptionRecord(Record):
    """Days, both inclusive, on which it is otherwise; a closed one has no hours."""

    starts_on: date
    ends_on: date
    listing_key: str = ""
    location_key: str = ""
    is_closed: bool = True
    opens_at: time | None = None
    closes_at: time | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ServiceAreaRecord(Record):
    """Where people may live. `codes` are area codes or first halves of postcodes; `extent` is GeoJSON (WGS 84)."""

    listing_key: str
    name: str = ""
    description: str = ""
    codes: tuple[str, ...] = ()
    extent: Mapping[str, Any] | None = None
    uri: str = ""


@dataclass(frozen=True, kw_only=True)
class CostOptionRecord(Record):
    """One price, in the smallest coin of its currency; None is not known."""

    listing_key: str
    name: str = ""
    amount_pence: int | None = None
    currency: str = "GBP"
    description: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class FundingRecord(Record):
    source_of_funds: str
    listing_key: str = ""
    provider_key: str = ""


@dataclass(frozen=True, kw_only=True)
class AccessibilityRecord(Record):
    location_key: str
    description: str = ""
    details: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class LanguageRecord(Record):
    """`code` as BCP 47 has it, where the source gives one."""

    listing_key: str = ""
    location_key: str = ""
    name: str = ""
    code: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class IdentifierRecord(Record):
    provider_key: str
    scheme: str
    value: str
    uri: str = ""


@dataclass(frozen=True, kw_only=True)
class RoomCountRecord(Record):
    """How many of `unit` are free of how many, as the source says."""

    listing_key: str
    unit: str
    available: int | None = None
    maximum: int | None = None
    description: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RoomRecord:
    """Whether a listing has room, and when that was said. It counts only where nobody has said it later."""

    listing_key: str
    state: CapacityState
    said_at: datetime
    waiting_weeks: int | None = None
    full_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class TaxonomyRecord(Record):
    name: str
    description: str = ""
    uri: str = ""
    version: str = ""


@dataclass(frozen=True, kw_only=True)
class TermRecord(Record):
    """A term of a list. `parent_key` points to another term of the same source."""

    name: str
    taxonomy_key: str = ""
    parent_key: str = ""
    code: str = ""
    description: str = ""
    language: str = ""
    uri: str = ""


@dataclass(frozen=True, kw_only=True)
class AttributeRecord(Record):
    """A term said of a listing, a place or a provider."""

    term_key: str
    listing_key: str = ""
    location_key: str = ""
    provider_key: str = ""
    link_type: str = ""
    value: str = ""
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class ContactRecord(Record):
    """A named contact of a listing, a location or a provider: a member of staff or a volunteer."""

    listing_key: str = ""
    location_key: str = ""
    provider_key: str = ""
    name: str = ""
    title: str = ""
    department: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class PhoneRecord(Record):
    number: str
    listing_key: str = ""
    location_key: str = ""
    provider_key: str = ""
    contact_key: str = ""
    extension: str = ""
    kind: str = ""
    languages: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class PostalAddressRecord(Record):
    """Where post goes, which is often not where the door is."""

    location_key: str = ""
    provider_key: str = ""
    attention: str = ""
    address: str = ""
    town: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A named fault of the source. `about` is the kind and the key of the record it stands with, if any."""

    kind: FaultKind
    file: str
    line: int | None = None
    column: str = ""
    value: str = ""
    about: tuple[str, str] | None = None
    rows: int = 1


@dataclass(frozen=True, kw_only=True)
class Reject:
    """A row that cannot land. `line` counts rows as a spreadsheet does (heading: 1), `text_line` lines."""

    file: str
    line: int
    column: str
    value: str
    reason: str
    text_line: int = 0
    key: str = ""
    row: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(kw_only=True)
class DirectoryRecords:
    """Everything that one source says at one time.

    Records made by hand fill the lists and nothing else. A reader of files also fills `rows_read` (by file),
    `files` (the file of each kind of record) and `merged` (rows, by file, that joined another record). Where several
    files hold one kind, `counted_with` leads from each to the last; `named_elsewhere` counts records of a kind that
    has a file, and that rows of other files have named.
    """

    providers: list[ProviderRecord] = field(default_factory=list)
    locations: list[LocationRecord] = field(default_factory=list)
    listings: list[ListingRecord] = field(default_factory=list)
    at_locations: list[ListingAtLocationRecord] = field(default_factory=list)
    schedules: list[ScheduleRecord] = field(default_factory=list)
    schedule_exceptions: list[ScheduleExceptionRecord] = field(default_factory=list)
    service_areas: list[ServiceAreaRecord] = field(default_factory=list)
    cost_options: list[CostOptionRecord] = field(default_factory=list)
    funding: list[FundingRecord] = field(default_factory=list)
    accessibility: list[AccessibilityRecord] = field(default_factory=list)
    languages: list[LanguageRecord] = field(default_factory=list)
    identifiers: list[IdentifierRecord] = field(default_factory=list)
    room_counts: list[RoomCountRecord] = field(default_factory=list)
    rooms: list[RoomRecord] = field(default_factory=list)
    taxonomies: list[TaxonomyRecord] = field(default_factory=list)
    terms: list[TermRecord] = field(default_factory=list)
    attributes: list[AttributeRecord] = field(default_factory=list)
    contacts: list[ContactRecord] = field(default_factory=list)
    phones: list[PhoneRecord] = field(default_factory=list)
    postal_addresses: list[PostalAddressRecord] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    rows_read: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    merged: dict[str, int] = field(default_factory=dict)
    counted_with: dict[str, str] = field(default_factory=dict)
    named_elsewhere: dict[str, int] = field(default_factory=dict)

    def counted_as(self, file: str) -> str:
        """The file under which the rows of a file are counted."""
        return self.counted_with.get(file, file)
