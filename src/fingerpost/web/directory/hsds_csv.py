"""Read HSDS tables (CSV, versions 1 to 3.1) into records, rejects and named faults. Pure; writes nothing.

Rows are rejected only when they cannot land: no id or name, or a part of something that is not there. What a
source merely leaves out is a named fault, and the row lands without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import FaultList, FingerpostError, SourceFault
from fingerpost.web.directory import cell_values as cells
from fingerpost.web.directory import hsds_details as details
from fingerpost.web.directory import hsds_terms as terms
from fingerpost.web.directory.csv_tables import Row, Table, read_table
from fingerpost.web.directory.enums import FaultKind as F
from fingerpost.web.directory.enums import ListingStatus, LocationKind
from fingerpost.web.directory.hsds_own import apply_own
from fingerpost.web.directory.hsds_parts import (
    at_location,
    contact,
    phone,
    physical_address,
    postal_address,
    schedule,
)
from fingerpost.web.directory.hsds_reading import Reading
from fingerpost.web.directory.records import DirectoryRecords, ListingRecord, LocationRecord, ProviderRecord

# Which files hold what; HSDS has renamed several of them over the years.
FILES: Mapping[str, tuple[str, ...]] = {
    "provider": ("organizations.csv", "organization.csv"),
    "location": ("locations.csv", "location.csv"),
    "listing": ("services.csv", "service.csv"),
    "at_location": ("service_at_locations.csv", "services_at_location.csv", "service_at_location.csv"),
    "physical_address": ("physical_addresses.csv", "physical_address.csv"),
    "postal_address": ("postal_addresses.csv", "postal_address.csv"),
    "address": ("addresses.csv", "address.csv"),
    "schedule": ("schedules.csv", "regular_schedules.csv", "schedule.csv", "regular_schedule.csv"),
    "contact": ("contacts.csv", "contact.csv"),
    "phone": ("phones.csv", "phone.csv"),
    "schedule_exception": ("holiday_schedules.csv", "holiday_schedule.csv"),
    "service_area": ("service_areas.csv", "service_area.csv"),
    "cost_option": ("cost_options.csv", "cost_option.csv"),
    "funding": ("funding.csv", "fundings.csv"),
    "accessibility": ("accessibility.csv", "accessibility_for_disabilities.csv"),
    "language": ("languages.csv", "language.csv"),
    "identifier": ("organization_identifiers.csv", "organization_identifier.csv"),
    "unit": ("units.csv", "unit.csv"),
    "room_count": ("service_capacities.csv", "service_capacity.csv"),
    "taxonomy": ("taxonomies.csv", "taxonomy.csv"),
    "term": ("taxonomy_terms.csv", "taxonomy_term.csv"),
    "attribute": (
        "attributes.csv",
        "attribute.csv",
        "service_attributes.csv",
        "service_attribute.csv",
        "services_taxonomy.csv",
        "service_taxonomy.csv",
    ),
    "programme": ("programs.csv", "program.csv"),
    "required_document": ("required_documents.csv", "required_document.csv"),
    "eligibility": ("eligibility.csv", "eligibilities.csv"),
    "url": ("urls.csv", "url.csv"),
}
_NEEDED_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "provider": ("id", "name"),
    "location": ("id", "name"),
    "listing": ("id", "name"),
    "at_location": ("service_id", "location_id"),
    "phone": ("number",),
}
# Parts that should have an id of their own, so that they are known again; a source without them is told so.
_WITH_IDS = ("at_location", "schedule", "contact", "phone", "physical_address", "address", "postal_address")
_STATUSES = {
    "active": ListingStatus.ACTIVE,
    "inactive": ListingStatus.INACTIVE,
    "defunct": ListingStatus.DEFUNCT,
    "temporarily closed": ListingStatus.TEMPORARILY_CLOSED,
}


def read_hsds(files: Mapping[str, bytes]) -> DirectoryRecords:
    """Records of a set of HSDS files, by name. Raises `Faults` with every file that cannot be read."""
    tables = _tables(files)
    reading = _read(tables)
    _name_what_is_not_read(reading, files, tables)
    return reading.found


def read_tables(tables: Mapping[str, Table]) -> DirectoryRecords:
    """Records of tables by kind (`listing`, `phone` ...), wherever they come from. There must be listings."""
    return _read(tables).found


def _read(tables: Mapping[str, Table]) -> Reading:
    reading = Reading()
    for kind, table in tables.items():
        reading.begin(kind, table)
    for kind, read_row in _READERS.items():
        for row in tables[kind].rows if kind in tables else ():
            read_row(reading, row)
    details.complete(reading)
    apply_own(reading)
    terms.name_lost_parents(reading)
    _name_what_is_missing(reading, tables)
    return reading


def _tables(files: Mapping[str, bytes]) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    faults = FaultList()
    for kind, names in FILES.items():
        here = [name for name in names if name in files]
        if len(here) > 1:
            faults.add(
                SourceFault(_("There are two files of one kind: %(files)s.") % {"files": ", ".join(here)})
            )
        for name in here[:1]:
            with faults.catching():
                tables[kind] = read_table(name, files[name])
                _check_columns(kind, tables[kind])
    if not any(name in files for name in FILES["listing"]):
        faults.add(_no_listings(files))
    faults.raise_any(_("The files cannot be read, so nothing was imported."))
    if (
        "taxonomy" in tables
        and "term" not in tables
        and {"term", "parent_id"} & set(tables["taxonomy"].columns)
    ):
        tables["term"] = tables.pop("taxonomy")  # what HSDS 1 and 2 call a taxonomy is a term
    return tables


def _check_columns(kind: str, table: Table) -> None:
    missing = [column for column in _NEEDED_COLUMNS.get(kind, ()) if column not in table.columns]
    if missing:
        raise SourceFault(
            _("%(file)s has no column called: %(columns)s.")
            % {"file": table.file, "columns": ", ".join(missing)},
            line=1,
            expected=_("The column names of HSDS in the first line."),
        )


def _no_listings(files: Mapping[str, bytes]) -> FingerpostError:
    return SourceFault(
        _("There is no services.csv among the files."),
        expected=_(
            "A folder or zip file of HSDS tables: services.csv, and where there are any organizations.csv, …"
        ),
        remedy=_("These files were found: %(files)s.") % {"files": ", ".join(sorted(files)) or _("none")},
    )


def _provider(reading: Reading, row: Row) -> None:
    key = reading.named("provider", row)
    about = ("provider", key) if key else None
    email = reading.value(row, "email", cells.email_address, F.EMAIL_MALFORMED, about)
    url_column = "url" if row.get("url") else "website"  # renamed in HSDS 3
    url = reading.value(row, url_column, cells.web_address, F.URL_MALFORMED, about)
    if key:
        reading.found.providers.append(
            ProviderRecord(
                key=key,
                row=row.written(),
                name=row.get("name"),
                alternate_name=row.get("alternate_name")[:300],
                description=row.get("description"),
                email=email or "",
                url=url or "",
                kind=row.get("legal_status")[:100],
                legal_status=row.get("legal_status")[:200],
                year_founded=reading.value(row, "year_incorporated", cells.year, F.NUMBER_MALFORMED, about),
                logo=reading.value(row, "logo", cells.web_address, F.URL_MALFORMED, about) or "",
            )
        )


def _provider_key(reading: Reading, row: Row, about: tuple[str, str] | None) -> str:
    key = row.get("organization_id")
    if not key:
        reading.fault(F.PROVIDER_MISSING, row, "organization_id", about)
    elif key not in reading.keys("provider"):
        reading.fault(F.PROVIDER_ABSENT, row, "organization_id", about)
    return key


def _location(reading: Reading, row: Row) -> None:
    key = reading.named("location", row)
    about = ("location", key) if key else None
    provider_key = _provider_key(reading, row, about)
    latitude, longitude = _coordinates(reading, row, about)
    kind = row.get("location_type")
    if key:
        reading.location_places[key] = len(reading.found.locations)
        reading.found.locations.append(
            LocationRecord(
                key=key,
                row=row.written(),
                name=row.get("name"),
                provider_key=provider_key,
                kind=LocationKind(kind) if kind in LocationKind.values else LocationKind.PHYSICAL,
                alternate_name=row.get("alternate_name")[:300],
                description=row.get("description"),
                transportation=row.get("transportation"),
                latitude=latitude,
                longitude=longitude,
            )
        )


def _coordinates(
    reading: Reading, row: Row, about: tuple[str, str] | None
) -> tuple[float | None, float | None]:
    latitude, longitude = row.get("latitude"), row.get("longitude")
    if not latitude and not longitude:
        reading.fault(F.COORDINATES_MISSING, row, "latitude", about)
        return None, None
    try:
        north, east = float(latitude), float(longitude)
    except ValueError:
        north = east = float("nan")
    # A point in the sea off Africa is what programs write for “no coordinates”.
    if not (-90 <= north <= 90 and -180 <= east <= 180) or (north, east) == (0, 0):
        reading.fault(F.COORDINATES_MALFORMED, row, "latitude" if latitude else "longitude", about)
        return None, None
    return north, east


def _listing(reading: Reading, row: Row) -> None:
    key = reading.named("listing", row)
    about = ("listing", key) if key else None
    status = _status(reading, row, about)
    provider_key = _provider_key(reading, row, about)
    email = reading.value(row, "email", cells.email_address, F.EMAIL_MALFORMED, about)
    if not row.get("email"):
        reading.fault(F.EMAIL_MISSING, row, "email", about)
    url = reading.value(row, "url", cells.web_address, F.URL_MALFORMED, about)
    low = reading.value(row, "minimum_age", cells.age, F.NUMBER_MALFORMED, about)
    high = reading.value(row, "maximum_age", cells.age, F.NUMBER_MALFORMED, about)
    if low is not None and high is not None and high < low:
        reading.fault(F.NUMBER_MALFORMED, row, "maximum_age", about)
        low = high = None
    assured_on = reading.value(row, "assured_date", cells.past_day, F.DATE_MALFORMED, about)
    modified = reading.value(row, "last_modified", cells.moment, F.DATE_MALFORMED, about)
    if key:
        reading.found.listings.append(
            ListingRecord(
                key=key,
                row=row.written(),
                name=row.get("name"),
                provider_key=provider_key,
                alternate_name=row.get("alternate_name")[:300],
                description=row.get("description"),
                url=url or "",
                email=email or "",
                status=status,
                how_to_join=row.get("application_process"),
                eligibility=row.get("eligibility_description"),
                minimum_age=low,
                maximum_age=high,
                cost=row.get("fees_description", "fees"),
                wait_time=row.get("wait_time"),
                interpretation=row.get("interpretation_services"),
                accreditations=row.get("accreditations"),
                licences=row.get("licenses"),
                alert=row.get("alert"),
                assured_on=assured_on,
                assured_by=row.get("assurer_email")[:200],
                source_modified_at=modified,
            )
        )


def _status(reading: Reading, row: Row, about: tuple[str, str] | None) -> ListingStatus:
    text = row.get("status").lower().replace("_", " ")
    if not text:
        reading.fault(F.STATUS_MISSING, row, "status", about)
    elif text not in _STATUSES:
        reading.fault(F.STATUS_UNKNOWN, row, "status", about)
    return _STATUSES.get(text, ListingStatus.NOT_STATED)


# In this order, because parts are looked up among what was read before them.
_READERS: Mapping[str, Callable[[Reading, Row], None]] = {
    "provider": _provider,
    "location": _location,
    "physical_address": physical_address,
    "address": physical_address,
    "postal_address": postal_address,
    "listing": _listing,
    "at_location": at_location,
    "schedule": schedule,
    "contact": contact,
    "phone": phone,
    "schedule_exception": details.schedule_exception,
    "service_area": details.service_area,
    "cost_option": details.cost_option,
    "funding": details.funding,
    "accessibility": details.accessibility,
    "language": details.language,
    "identifier": details.identifier,
    "unit": details.unit,
    "room_count": details.room_count,
    "taxonomy": terms.taxonomy,
    "term": terms.term,
    "attribute": terms.attribute,
    "programme": details.programme,
    "required_document": details.required_document,
    "eligibility": details.eligibility,
    "url": details.further_address,
}


def _name_what_is_missing(reading: Reading, tables: Mapping[str, Table]) -> None:
    """Links and addresses that a source should have and has not, row by row."""
    found = reading.found
    linked = {record.listing_key for record in found.at_locations}
    scheduled = {record.listing_key for record in found.schedules}
    listings = {str(row.line): row for row in tables["listing"].rows}
    for key, line in reading.keys("listing").items():
        for kind, known in ((F.LOCATION_LINK_MISSING, linked), (F.SCHEDULE_LINK_MISSING, scheduled)):
            if key not in known:
                reading.fault(kind, listings[str(line)], about=("listing", key))
    lines = reading.keys("location")
    for record in found.locations:
        if record.kind is LocationKind.PHYSICAL and not record.address and not record.postcode:
            row = Row(found.files["location"], lines[record.key], 0, {})
            reading.fault(F.ADDRESS_MISSING, row, about=("location", record.key))


def _name_what_is_not_read(reading: Reading, files: Mapping[str, bytes], tables: Mapping[str, Table]) -> None:
    for kind, table in tables.items():
        without = sum(not row.get("id") for row in table.rows)
        if kind in _WITH_IDS and without:
            reading.fault_of_file(F.ID_MISSING, table.file, column="id", rows=without)
    for kind in ("provider", "location", "at_location"):
        if kind not in tables:
            reading.fault_of_file(F.FILE_MISSING, FILES[kind][0])
    read = {table.file for table in tables.values()}
    for name in sorted(set(files) - read):
        reading.fault_of_file(F.FILE_NOT_READ, name)
