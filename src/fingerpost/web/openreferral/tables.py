"""The tables of the package: HSDS 3.1 as CSV, each column declared once with what it is filled from. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from fingerpost.web.directory import api as directory
from fingerpost.web.openreferral.objects import email_address

STRING, NUMBER, INTEGER, DATE, DATETIME = "string", "number", "integer", "date", "datetime"
_STATUS = {
    directory.ListingStatus.ACTIVE: "active",
    directory.ListingStatus.TEMPORARILY_CLOSED: "temporarily closed",
}


@dataclass(frozen=True)
class Column:
    """One column. `of` takes what is written from a row; None and an empty text leave the cell empty."""

    name: str
    of: Callable[[Any], Any]
    kind: str = STRING


@dataclass(frozen=True)
class Table:
    """One file of the package. `rows` names the table of the directory; `keep` leaves out rows without content."""

    name: str
    rows: str
    columns: tuple[Column, ...]
    keep: Callable[[Any], bool] = bool

    @property
    def file(self) -> str:
        return f"{self.name}.csv"


def cell(value: Any) -> str:
    """A value as a cell. What a spreadsheet would run as a formula is led by an apostrophe, which reading takes off."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, time):
        return value.strftime("%H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return directory.guarded(value) if isinstance(value, str) else str(value)


def _plain(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, _field(name)) for name in names)


def _field(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def _as(name: str, field: str, kind: str = STRING) -> Column:
    return Column(name, _field(field), kind)


_ID = _as("id", "id")
_OF_SERVICE, _OF_PLACE = _as("service_id", "listing_id"), _as("location_id", "location_id")
_OF_PROVIDER = _as("organization_id", "provider_id")
# Where a row may belong to an organisation that is not published.
_OF_SHOWN_PROVIDER = _as("organization_id", "shown_provider_id")


def _lines(row: Any) -> list[str]:
    return [line.strip() for line in row.address.splitlines() if line.strip()]


def _address(kind: Callable[[Any], str], id: Column, place: Column) -> tuple[Column, ...]:
    return (
        id,
        place,
        Column("address_1", lambda row: next(iter(_lines(row)), "")),
        Column("address_2", lambda row: "\n".join(_lines(row)[1:])),
        _as("city", "town"),
        _as("state_province", "region"),
        _as("postal_code", "postcode"),
        _as("country", "country"),
        Column("address_type", kind),
    )


_PHYSICAL = _address(
    lambda row: "physical",
    Column("id", lambda row: directory.part_id(row.id, "address")),
    _as("location_id", "id"),
)
_POSTAL = _address(lambda row: "postal", _ID, _OF_PLACE)


def _amount(pence: int | None) -> str:
    return "" if pence is None else f"{pence / 100:.2f}"


def _linked(row: Any) -> Any:
    if isinstance(row, directory.OwnAttribute):
        return row.link_id
    return row.listing_id or row.location_id or row.provider_id


def _entity(row: Any) -> str:
    if isinstance(row, directory.OwnAttribute):
        return row.entity
    if row.listing_id:
        return "service"
    return "location" if row.location_id else "organization"


TABLES: tuple[Table, ...] = (
    Table(
        "organizations",
        "provider",
        (
            *_plain("id", "name", "alternate_name", "description"),
            Column("email", lambda row: email_address(row.email)),
            _as("website", "url"),
            *_plain("logo", "legal_status"),
            _as("year_incorporated", "year_founded", INTEGER),
        ),
    ),
    Table(
        "organization_identifiers",
        "identifier",
        (
            _ID,
            _OF_PROVIDER,
            _as("identifier_scheme", "scheme"),
            _as("identifier_type", "scheme"),
            _as("identifier", "value"),
        ),
    ),
    Table("programs", "programme", (_ID, _OF_PROVIDER, _as("name", "said"))),
    Table(
        "services",
        "listing",
        (
            _ID,
            _OF_SHOWN_PROVIDER,
            Column("program_id", directory.programme_id),
            *_plain("name", "alternate_name", "description", "url"),
            Column("email", lambda row: email_address(row.email)),
            Column("status", lambda row: _STATUS.get(directory.ListingStatus(row.status), "")),
            _as("interpretation_services", "interpretation"),
            _as("application_process", "how_to_join"),
            _as("fees_description", "cost"),
            _as("wait_time", "wait_time"),
            _as("accreditations", "accreditations"),
            _as("licenses", "licences"),
            _as("eligibility_description", "eligibility"),
            _as("minimum_age", "minimum_age", INTEGER),
            _as("maximum_age", "maximum_age", INTEGER),
            _as("assured_date", "assured_on", DATE),
            Column("assurer_email", lambda row: email_address(row.assured_by)),
            _as("alert", "alert"),
            _as("last_modified", "changed_at", DATETIME),
        ),
    ),
    Table(
        "locations",
        "location",
        (
            _ID,
            _OF_SHOWN_PROVIDER,
            _as("location_type", "kind"),
            *_plain("name", "alternate_name", "description", "transportation"),
            _as("latitude", "latitude", NUMBER),
            _as("longitude", "longitude", NUMBER),
        ),
    ),
    Table(
        "addresses",
        "location",
        _PHYSICAL,
        lambda row: any((row.address, row.town, row.region, row.postcode, row.country)),
    ),
    Table("postal_addresses", "postal_address", (*_POSTAL, _OF_PROVIDER, *_plain("attention"))),
    Table("service_at_locations", "at_location", (_ID, _OF_SERVICE, _OF_PLACE, *_plain("description"))),
    Table(
        "schedules",
        "schedule",
        (
            _ID,
            _OF_SERVICE,
            _OF_PLACE,
            *(_as(name, name, DATE) for name in ("valid_from", "valid_to")),
            _as("dtstart", "starts_on", DATE),
            _as("until", "until", DATE),
            _as("freq", "frequency"),
            _as("interval", "interval", INTEGER),
            _as("count", "count", INTEGER),
            *_plain("byday", "bymonthday", "byweekno", "byyearday", "wkst", "timezone"),
            *_plain("opens_at", "closes_at", "attending_type", "schedule_link", "description", "notes"),
        ),
    ),
    Table(
        # Days on which it is otherwise: HSDS 3 has no table for them any more, so this is that of HSDS 2.
        "holiday_schedules",
        "schedule_exception",
        (
            _ID,
            _OF_SERVICE,
            _OF_PLACE,
            _as("start_date", "starts_on", DATE),
            _as("end_date", "ends_on", DATE),
            Column("closed", lambda row: "true" if row.is_closed else "false"),
            *_plain("opens_at", "closes_at", "note"),
        ),
    ),
    Table("required_documents", "required_document", (_ID, _OF_SERVICE, _as("document", "said"))),
    Table("urls", "url", (_ID, _OF_SERVICE, _as("url", "said"))),
    Table("units", "unit", (_ID, _as("name", "said"))),
    Table(
        "service_capacities",
        "room_count",
        (
            _ID,
            _OF_SERVICE,
            Column("unit_id", lambda row: directory.unit_id(row.unit)),
            _as("available", "available", INTEGER),
            _as("maximum", "maximum", INTEGER),
            *_plain("description"),
            _as("updated", "updated_at", DATETIME),
        ),
    ),
    Table(
        "contacts",
        "contact",
        (
            _ID,
            _OF_SERVICE,
            _OF_PLACE,
            _OF_PROVIDER,
            *_plain("name", "title", "department"),
            Column("email", lambda row: email_address(row.email)),
        ),
    ),
    Table(
        "phones",
        "phone",
        (
            _ID,
            _OF_SERVICE,
            _OF_PLACE,
            _OF_PROVIDER,
            _as("contact_id", "contact_id"),
            *_plain("number", "extension"),
            _as("type", "kind"),
            _as("language", "languages"),
            *_plain("description"),
        ),
    ),
    Table(
        "service_areas",
        "service_area",
        (
            _ID,
            _OF_SERVICE,
            Column("name", lambda row: (row.name or row.description or ", ".join(row.codes))[:300]),
            *_plain("description"),
            Column(
                "extent",
                lambda row: json.dumps(row.extent, sort_keys=True) if row.extent else ", ".join(row.codes),
            ),
            Column("extent_type", lambda row: "geojson" if row.extent else "text" if row.codes else ""),
            *_plain("uri"),
        ),
    ),
    Table(
        "cost_options",
        "cost_option",
        (
            _ID,
            _OF_SERVICE,
            _as("option", "name"),
            _as("currency", "currency"),
            Column("amount", lambda row: _amount(row.amount_pence), NUMBER),
            _as("amount_description", "description"),
            _as("valid_from", "valid_from", DATE),
            _as("valid_to", "valid_to", DATE),
        ),
    ),
    Table("funding", "funding", (_ID, _OF_SERVICE, _OF_PROVIDER, _as("source", "source_of_funds"))),
    Table("languages", "language", (_ID, _OF_SERVICE, _OF_PLACE, *_plain("name", "code", "note"))),
    Table("accessibility", "accessibility", (_ID, _OF_PLACE, *_plain("description", "details", "url"))),
    Table("taxonomies", "taxonomy", _plain("id", "name", "description", "uri", "version")),
    Table(
        "taxonomy_terms",
        "term",
        (
            *_plain("id", "code", "name", "description"),
            _as("parent_id", "shown_parent_id"),
            Column("taxonomy", lambda row: row.taxonomy.name if row.taxonomy else ""),
            *_plain("language", "taxonomy_id"),
            _as("term_uri", "uri"),
        ),
    ),
    Table(
        "attributes",
        "attribute",
        (
            _ID,
            Column("link_id", _linked),
            Column("link_entity", _entity),
            _as("taxonomy_term_id", "term_id"),
            *_plain("link_type", "value", "label"),
        ),
    ),
)
