"""JSON of HSDS 3.x, which Open Referral UK 3.0 is a profile of, into records. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from typing import Any

from fingerpost.web.directory.csv_tables import Row, Table
from fingerpost.web.directory.enums import FaultKind
from fingerpost.web.directory.feeds.flattening import Flattened, Flattening, Part, Tree, Whole
from fingerpost.web.directory.hsds_csv import read_tables
from fingerpost.web.directory.records import DirectoryRecords, Fault

_OF_SERVICE: Mapping[str, Part | Whole] = {
    "phones": Part("phones", "service_id"),
    "schedules": Part("schedules", "service_id"),
    "service_areas": Part("service_areas", "service_id"),
    "service_at_locations": Part("service_at_locations", "service_id"),
    "languages": Part("languages", "service_id"),
    "funding": Part("funding", "service_id"),
    "cost_options": Part("cost_options", "service_id"),
    "contacts": Part("contacts", "service_id"),
    "required_documents": Part("required_documents", "service_id"),
    "capacities": Part("service_capacities", "service_id"),
    "attributes": Part("attributes", "link_id"),
    "additional_urls": Part("urls", "service_id"),
    "holiday_schedules": Part("holiday_schedules", "service_id"),
    "organization": Whole("organizations", "organization_id"),
    "program": Whole("programs", "program_id"),
}
TREE: Tree = {
    "services": _OF_SERVICE,
    "service_at_locations": {
        "location": Whole("locations", "location_id"),
        "service": Whole("services", "service_id"),
        "contacts": Part("contacts", "service_at_location_id"),
        "phones": Part("phones", "service_at_location_id"),
        "schedules": Part("schedules", "service_at_location_id"),
        "service_areas": Part("service_areas", "service_at_location_id"),
    },
    "organizations": {
        "services": Part("services", "organization_id"),
        "locations": Part("locations", "organization_id"),
        "programs": Part("programs", "organization_id"),
        "phones": Part("phones", "organization_id"),
        "contacts": Part("contacts", "organization_id"),
        "funding": Part("funding", "organization_id"),
        "organization_identifiers": Part("organization_identifiers", "organization_id"),
        "attributes": Part("attributes", "link_id"),
    },
    "locations": {
        "service_at_locations": Part("service_at_locations", "location_id"),
        "addresses": Part("addresses", "location_id"),
        "phones": Part("phones", "location_id"),
        "contacts": Part("contacts", "location_id"),
        "languages": Part("languages", "location_id"),
        "accessibility": Part("accessibility", "location_id"),
        "schedules": Part("schedules", "location_id"),
        "holiday_schedules": Part("holiday_schedules", "location_id"),
        "attributes": Part("attributes", "link_id"),
    },
    "contacts": {"phones": Part("phones", "contact_id")},
    "phones": {"languages": Part("languages", "phone_id")},
    "service_capacities": {"unit": Whole("units", "unit_id")},
    "attributes": {"taxonomy_term": Whole("taxonomy_terms", "taxonomy_term_id")},
    "taxonomy_terms": {"taxonomy_detail": Whole("taxonomies", "taxonomy_id")},
}
ENTITIES = frozenset(
    {"services", "organizations", "locations", "service_at_locations", "taxonomies", "taxonomy_terms"}
    | {"programs", "units"}
)
# The name that the readers of files know each table by.
KINDS: Mapping[str, str] = {
    "organizations": "provider",
    "locations": "location",
    "addresses": "address",
    "services": "listing",
    "service_at_locations": "at_location",
    "schedules": "schedule",
    "contacts": "contact",
    "phones": "phone",
    "holiday_schedules": "schedule_exception",
    "service_areas": "service_area",
    "cost_options": "cost_option",
    "funding": "funding",
    "accessibility": "accessibility",
    "languages": "language",
    "organization_identifiers": "identifier",
    "units": "unit",
    "service_capacities": "room_count",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "term",
    "attributes": "attribute",
    "programs": "programme",
    "required_documents": "required_document",
    "urls": "url",
}


def read_hsds_json(items: Iterable[tuple[str, Any]]) -> DirectoryRecords:
    """Records of objects, each with the name of its table (`services`, `locations` ...)."""
    flattening = Flattening(TREE, ENTITIES)
    for table, item in _once_each(list(items)):
        flattening.add(table, item)
    return records_of(flattening.result())


def _once_each(items: list[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Services first: the list of services is the word about them, so of a service at a place only its own is read.

    A part that both name (the hours of a service, and of it at one place) is that of the place.
    """
    at_places = [item for table, item in items if table == "service_at_locations"]
    nested = [
        {"service_id": item.get("id"), **one}
        for table, item in items
        if table == "services" and isinstance(item, Mapping)
        for one in _objects(item, "service_at_locations")
    ]
    at_places = [_pointing(item) for item in at_places]
    taken = {
        (str(one.get("service_id")), name, str(part["id"]))
        for one in [*at_places, *nested]
        if isinstance(one, Mapping)
        for name in _OF_BOTH
        for part in _objects(one, name)
        if part.get("id")
    }
    for table, item in items:
        if table != "service_at_locations":
            yield table, _without(item, taken) if table == "services" else item
    for item in at_places:
        yield "service_at_locations", item


# Parts that a service has as a whole and at one of its places.
_OF_BOTH = ("schedules", "phones", "contacts")


def _pointing(item: Any) -> Any:
    """A service at a place with the id of its service in place of the service."""
    if not isinstance(item, Mapping):
        return item
    service = item.get("service")
    inner = service.get("id") if isinstance(service, Mapping) else None
    said = {name: value for name, value in item.items() if name != "service"}
    return {**said, "service_id": item.get("service_id") or inner}


def _objects(item: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    said = item.get(name)
    return [one for one in said if isinstance(one, Mapping)] if isinstance(said, list) else []


def _without(service: Any, taken: Set[tuple[str, str, str]]) -> Any:
    if not isinstance(service, Mapping) or not taken:
        return service
    found = dict(service)
    for name in _OF_BOTH:
        parts = service.get(name)
        if isinstance(parts, list):
            found[name] = [
                part
                for part in parts
                if not isinstance(part, Mapping)
                or (str(service.get("id")), name, str(part.get("id"))) not in taken
            ]
    return found


def records_of(found: Flattened) -> DirectoryRecords:
    """Records of tables laid out from JSON; tables that nobody reads are kept as faults, by name."""
    tables = dict(found.tables)
    tables.setdefault("services", Table("services", ("id", "name"), ()))
    faults = list(found.faults)
    if "locations" in tables:
        tables["locations"] = _named(tables["locations"], tables, faults)
    records = read_tables({KINDS[name]: table for name, table in tables.items() if name in KINDS})
    for name in sorted(set(tables) - set(KINDS)):
        rows = len(tables[name].rows)
        faults.append(Fault(kind=FaultKind.FILE_NOT_READ, file=name, rows=rows))
    for reject in found.refused:
        records.rejects.append(reject)
        records.rows_read[reject.file] = records.rows_read.get(reject.file, 0) + 1
    # Places of a feed belong to the services that name them; the standard has no organisation in them.
    nothing = (FaultKind.PROVIDER_MISSING, "locations")
    records.faults = [f for f in records.faults if (f.kind, f.file) != nothing] + faults
    return records


def _named(places: Table, tables: Mapping[str, Table], faults: list[Fault]) -> Table:
    """Places of a feed need no name: the first line of the address stands for one that is missing."""
    lines: dict[str, str] = {}
    for row in tables["addresses"].rows if "addresses" in tables else ():
        lines.setdefault(row.get("location_id"), row.get("address_1", "postal_code", "city"))
    rows: list[Row] = []
    for row in places.rows:
        line = lines.get(row.get("id"), "")
        if row.get("name") or not line:
            rows.append(row)
            continue
        faults.append(
            Fault(
                kind=FaultKind.NAME_MISSING,
                file=row.file,
                line=row.line,
                column="name",
                about=("location", row.get("id")) if row.get("id") else None,
            )
        )
        rows.append(replace(row, cells={**row.cells, "name": line[:300]}))
    return replace(places, rows=tuple(rows))
