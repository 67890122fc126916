"""The HSDS tables whose rows are parts of a listing, a location or an organisation. Pure."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from fingerpost.web.directory import cell_values as cells
from fingerpost.web.directory.csv_tables import Row
from fingerpost.web.directory.enums import FaultKind as F
from fingerpost.web.directory.hsds_reading import Reading
from fingerpost.web.directory.records import (
    ContactRecord,
    ListingAtLocationRecord,
    PhoneRecord,
    PostalAddressRecord,
    ScheduleRecord,
)

_OWNERS = {
    "listing": "service_id",
    "location": "location_id",
    "provider": "organization_id",
    "contact": "contact_id",
}


def at_location(reading: Reading, row: Row) -> None:
    owners = _owners(reading, row, "listing", "location", need="all")
    key = reading.unnamed("at_location", row) if owners else None
    if owners and key:
        reading.pairs[key] = (owners["listing"], owners["location"])
        reading.found.at_locations.append(
            ListingAtLocationRecord(
                key=key,
                row=row.written(),
                listing_key=owners["listing"],
                location_key=owners["location"],
                description=row.get("description"),
            )
        )


def schedule(reading: Reading, row: Row) -> None:
    owners = _owners(reading, row, "listing", "location")
    key = reading.unnamed("schedule", row) if owners else None
    if not owners or not key:
        return
    about = _about(owners)
    opens = reading.value(row, "opens_at", cells.clock_time, F.TIMES_MALFORMED, about)
    closes = reading.value(row, "closes_at", cells.clock_time, F.TIMES_MALFORMED, about)
    if not row.get("opens_at") and not row.get("closes_at"):
        reading.fault(F.TIMES_MISSING, row, "weekday" if row.get("weekday") else "opens_at", about)
    if opens and closes and closes <= opens:
        reading.fault(F.TIMES_REVERSED, row, "closes_at", about)
    day_column = "weekday" if row.get("weekday") else "byday"
    byday = reading.value(row, day_column, cells.weekdays, F.TIMES_MALFORMED, about)
    days = {
        column: reading.value(row, column, cells.day, F.DATE_MALFORMED, about)
        for column in ("dtstart", "until", "valid_from", "valid_to")
    }
    interval = reading.value(row, "interval", cells.positive, F.NUMBER_MALFORMED, about)
    reading.found.schedules.append(
        ScheduleRecord(
            key=key,
            row=row.written(),
            listing_key=owners.get("listing", ""),
            location_key=owners.get("location", ""),
            frequency=(row.get("freq") or ("WEEKLY" if byday else ""))[:10].upper(),
            byday=(byday or "")[:60],
            bymonthday=row.get("bymonthday")[:60],
            interval=interval or 1,
            opens_at=opens,
            closes_at=closes,
            description=row.get("description"),
            starts_on=days["dtstart"],
            until=days["until"],
            valid_from=days["valid_from"],
            valid_to=days["valid_to"],
        )
    )


def contact(reading: Reading, row: Row) -> None:
    owners = _owners(reading, row, "listing", "location", "provider")
    key = reading.unnamed("contact", row) if owners else None
    if owners and key:
        email = reading.value(row, "email", cells.email_address, F.EMAIL_MALFORMED, _about(owners))
        reading.found.contacts.append(
            ContactRecord(
                key=key,
                row=row.written(),
                listing_key=owners.get("listing", ""),
                location_key=owners.get("location", ""),
                provider_key=owners.get("provider", ""),
                name=row.get("name")[:300],
                title=row.get("title")[:200],
                department=row.get("department")[:200],
                email=email or "",
            )
        )


def phone(reading: Reading, row: Row) -> None:
    owners = _owners(reading, row, "listing", "location", "provider", "contact")
    if not owners:
        return
    number = row.get("number")
    if not number:
        # There is nothing to dial, so nothing lands; whom it leaves without a number is kept as a fault.
        reading.fault(F.PHONE_NUMBER_MISSING, row, "number", _about(owners))
        reading.reject(row, "number", _("there is no number to ring"))
        return
    if len(number) > 60 or not any(sign.isdigit() for sign in number):
        reading.fault(F.PHONE_NUMBER_MALFORMED, row, "number", _about(owners))
        reading.reject(row, "number", _("this is not a telephone number"))
        return
    key = reading.unnamed("phone", row)
    if key:
        reading.found.phones.append(
            PhoneRecord(
                key=key,
                row=row.written(),
                number=number,
                listing_key=owners.get("listing", ""),
                location_key=owners.get("location", ""),
                provider_key=owners.get("provider", ""),
                contact_key=owners.get("contact", ""),
                extension=row.get("extension")[:60],
                kind=row.get("type")[:60],
                languages=row.get("language")[:200],
                description=row.get("description"),
            )
        )


def postal_address(reading: Reading, row: Row) -> None:
    owners = _owners(reading, row, "location", "provider")
    if not owners:
        return
    parts = _address(row)
    if not parts["address"]:
        reading.reject(row, "address_1", _("there is no address"))
        return
    key = reading.unnamed("postal_address", row)
    if not key:
        return
    if not parts["town"]:
        reading.fault(F.TOWN_MISSING, row, "city", _about(owners))
    reading.found.files["postal_address"] = row.file
    reading.found.postal_addresses.append(
        PostalAddressRecord(
            key=key,
            row=row.written(),
            location_key=owners.get("location", ""),
            provider_key=owners.get("provider", ""),
            attention=row.get("attention")[:200],
            **parts,
        )
    )


def physical_address(reading: Reading, row: Row) -> None:
    """Where the door is. HSDS 3 keeps both kinds in one table; a postal one goes the other way."""
    if row.get("address_type").lower() == "postal":
        postal_address(reading, row)
        return
    key = row.get("location_id")
    place = reading.location_places.get(key)
    if place is None:
        reading.reject(row, "location_id", _("the location is not in the source"))
        return
    found = reading.found.locations[place]
    if found.address or found.postcode:
        reading.reject(row, "location_id", _("the location already has an address"))
        return
    parts = _address(row)
    if not parts["town"]:
        reading.fault(F.TOWN_MISSING, row, "city", ("location", key))
    reading.found.locations[place] = replace(found, row={**found.row, **_prefixed(row)}, **parts)  # type: ignore[arg-type]
    reading.found.merged[row.file] = reading.found.merged.get(row.file, 0) + 1


def _prefixed(row: Row) -> dict[str, str]:
    return {f"address.{column}": text for column, text in row.written().items()}


def _address(row: Row) -> dict[str, str]:
    lines = [row.get("address_1"), row.get("address_2")]
    return {
        "address": "\n".join(line for line in lines if line),
        "town": row.get("city")[:200],
        "region": row.get("state_province", "region")[:200],
        "postcode": row.get("postal_code")[:20],
        "country": row.get("country")[:100],
    }


def _owners(reading: Reading, row: Row, *kinds: str, need: str = "any") -> dict[str, str] | None:
    """What a row is part of, by kind; None when that is not there, and the row is rejected."""
    given = {kind: row.get(_OWNERS[kind]) for kind in kinds if row.get(_OWNERS[kind])}
    pair = _at_location_of(reading, row)
    given.update({kind: key for kind, key in pair.items() if kind in kinds and kind not in given})
    known = {kind: key for kind, key in given.items() if key in reading.keys(kind)}
    wanted = kinds if need == "all" else kinds[:0]
    if known and len(known) == len(given) and all(kind in known for kind in wanted):
        return known
    lost = [_OWNERS[kind] for kind in (given or kinds) if kind not in known] or [_OWNERS[kinds[0]]]
    reason = (
        _("what it belongs to is not in the source") if given else _("it does not say what it belongs to")
    )
    reading.reject(row, ", ".join(lost), reason)
    return None


def _at_location_of(reading: Reading, row: Row) -> dict[str, str]:
    pair = reading.pairs.get(row.get("service_at_location_id"))
    return {"listing": pair[0], "location": pair[1]} if pair else {}


def _about(owners: dict[str, str]) -> tuple[str, str] | None:
    return next(
        ((kind, owners[kind]) for kind in ("listing", "location", "provider") if kind in owners), None
    )
