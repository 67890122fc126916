"""The HSDS tables that say more of a listing, a place or an organisation: prices, areas, languages ... Pure."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from django.utils.translation import gettext as _

from fingerpost.web.directory import cell_values as cells
from fingerpost.web.directory.csv_tables import Row
from fingerpost.web.directory.enums import FaultKind as F
from fingerpost.web.directory.hsds_parts import about, owners_of
from fingerpost.web.directory.hsds_reading import Reading
from fingerpost.web.directory.own_terms import is_part_of
from fingerpost.web.directory.records import (
    AccessibilityRecord,
    CostOptionRecord,
    FundingRecord,
    IdentifierRecord,
    LanguageRecord,
    ListingRecord,
    RoomCountRecord,
    ScheduleExceptionRecord,
    ServiceAreaRecord,
)
from fingerpost.web.directory.shapes import checked_extent

# Codes of areas of the United Kingdom, as the Office for National Statistics gives them.
_AREA_CODE = re.compile(r"\b[EWSNKJ][0-9]{8}\b")
# ... or first halves of postcodes.
_AREA = re.compile(r"[EWSNKJ][0-9]{8}|[A-Z]{1,2}[0-9][0-9A-Z]?")
_TRUE, _FALSE = ("true", "t", "yes", "y", "1", "x"), ("false", "f", "no", "n", "0")


def service_area(reading: Reading, row: Row) -> None:
    owners = owners_of(reading, row, "listing")
    key = reading.unnamed("service_area", row) if owners else None
    if not owners or not key:
        return
    name, words = row.get("name"), row.get("description", "service_area")
    extent = None
    given = row.get("extent")
    codes = tuple(dict.fromkeys(_AREA_CODE.findall(f"{row.get('uri')} {given}")))
    if given.startswith("{"):
        codes = tuple(_AREA_CODE.findall(row.get("uri")))
        extent = reading.value(row, "extent", _shape, F.VALUE_MALFORMED, about(owners))
    elif row.get("extent_type") == "text" and given:
        words_of_it = tuple(dict.fromkeys(word.strip() for word in given.split(",") if word.strip()))
        codes = words_of_it if all(map(_AREA.fullmatch, words_of_it)) else codes
    if given and not given.startswith("{") and not codes:
        reading.fault(F.VALUE_MALFORMED, row, "extent", about(owners))
    reading.found.service_areas.append(
        ServiceAreaRecord(
            key=key,
            row=row.written(),
            listing_key=owners["listing"],
            name=(name or words)[:300],
            description=words,
            codes=codes,
            extent=extent,
            uri=row.get("uri"),
        )
    )


def _shape(text: str) -> dict[str, object]:
    try:
        return checked_extent(json.loads(text))
    except RecursionError as fault:
        raise ValueError("nested too deeply") from fault


def cost_option(reading: Reading, row: Row) -> None:
    owners = owners_of(reading, row, "listing")
    if owners and is_part_of(row.get("id"), owners["listing"], "cost"):
        pence = reading.value(row, "amount", _coins, F.NUMBER_MALFORMED, about(owners))
        reading.more["listing", owners["listing"], "cost_pence"] += [] if pence is None else [str(pence)]
        reading.merge(row)
        return
    key = reading.unnamed("cost_option", row) if owners else None
    if not owners or not key:
        return
    currency = row.get("currency").upper() or "GBP"
    if len(currency) != 3:
        reading.fault(F.VALUE_MALFORMED, row, "currency", about(owners))
    reading.found.cost_options.append(
        CostOptionRecord(
            key=key,
            row=row.written(),
            listing_key=owners["listing"],
            name=row.get("option")[:300],
            amount_pence=reading.value(row, "amount", _coins, F.NUMBER_MALFORMED, about(owners))
            if len(currency) == 3
            else None,
            currency=currency if len(currency) == 3 else "GBP",
            description=row.get("amount_description"),
            valid_from=reading.value(row, "valid_from", cells.day, F.DATE_MALFORMED, about(owners)),
            valid_to=reading.value(row, "valid_to", cells.day, F.DATE_MALFORMED, about(owners)),
        )
    )


def _coins(text: str) -> int:
    """An amount in its smallest coin, a hundredth."""
    amount = float(text)
    if not 0 <= amount <= 1_000_000:
        raise ValueError(text)
    return round(amount * 100)


def funding(reading: Reading, row: Row) -> None:
    owners = owners_of(reading, row, "listing", "provider")
    if owners and not row.get("source"):
        reading.reject(row, "source", _("it does not say who pays"))
        return
    key = reading.unnamed("funding", row) if owners else None
    if owners and key:
        reading.found.funding.append(
            FundingRecord(
                key=key,
                row=row.written(),
                source_of_funds=row.get("source"),
                listing_key=owners.get("listing", ""),
                provider_key=owners.get("provider", ""),
            )
        )


def accessibility(reading: Reading, row: Row) -> None:
    owners = owners_of(reading, row, "location")
    if owners and is_part_of(row.get("id"), owners["location"], "access"):
        reading.more["location", owners["location"], "access"].append(row.get("description"))
        reading.merge(row)
        return
    key = reading.unnamed("accessibility", row) if owners else None
    if owners and key:
        reading.found.accessibility.append(
            AccessibilityRecord(
                key=key,
                row=row.written(),
                location_key=owners["location"],
                description=row.get("description", "accessibility"),
                details=row.get("details"),
                url=reading.value(row, "url", cells.web_address, F.URL_MALFORMED, about(owners)) or "",
            )
        )


def language(reading: Reading, row: Row) -> None:
    """Of a listing, a place, or a number to ring, whose languages are words on its own row."""
    name, code = row.get("name", "language"), row.get("code")
    if not name and not code:
        reading.reject(row, "name", _("it does not say which language"))
        return
    phone = row.get("phone_id")
    if phone and not row.get("service_id") and phone in reading.keys("phone"):
        reading.more["phone", phone, "languages"].append(name or code)
        reading.merge(row)
        return
    owners = owners_of(reading, row, "listing", "location")
    if owners and is_part_of(row.get("id"), owners.get("listing", ""), f"language:{name}"):
        reading.more["listing", owners["listing"], "languages"].append(name[:60])
        reading.merge(row)
        return
    key = reading.unnamed("language", row) if owners else None
    if owners and key:
        reading.found.languages.append(
            LanguageRecord(
                key=key,
                row=row.written(),
                listing_key=owners.get("listing", ""),
                location_key=owners.get("location", ""),
                name=name[:100],
                code=code[:20],
                note=row.get("note"),
            )
        )


def identifier(reading: Reading, row: Row) -> None:
    owners = owners_of(reading, row, "provider")
    if not owners:
        return
    scheme, value = row.get("identifier_scheme", "identifier_type"), row.get("identifier")
    if not scheme or not 0 < len(value) <= 100:
        reading.reject(row, "identifier", _("there is no number, or it does not say whose number it is"))
        return
    key = reading.unnamed("identifier", row)
    if key:
        reading.found.identifiers.append(
            IdentifierRecord(
                key=key,
                row=row.written(),
                provider_key=owners["provider"],
                scheme=scheme[:100],
                value=value,
                uri=row.get("uri"),
            )
        )


def unit(reading: Reading, row: Row) -> None:
    """What capacity is counted in; it is kept with each count."""
    if not row.get("id") or not row.get("name"):
        reading.reject(row, "id, name", _("there is no id, or no name"))
        return
    reading.units[row.get("id")] = row.get("name")
    reading.merge(row)


def room_count(reading: Reading, row: Row) -> None:
    owners = owners_of(reading, row, "listing")
    if not owners:
        return
    counted = reading.units.get(row.get("unit_id"), "") or row.get("unit")
    if not counted:
        reading.reject(row, "unit_id", _("what it counts is not in the source"))
        return
    key = reading.unnamed("room_count", row)
    if not key:
        return
    numbers = {
        name: reading.value(row, name, _number, F.NUMBER_MALFORMED, about(owners))
        for name in ("available", "maximum")
    }
    reading.found.room_counts.append(
        RoomCountRecord(
            key=key,
            row=row.written(),
            listing_key=owners["listing"],
            unit=counted[:100],
            available=numbers["available"],
            maximum=numbers["maximum"],
            description=row.get("description"),
            updated_at=reading.value(row, "updated", cells.moment, F.DATE_MALFORMED, about(owners)),
        )
    )


def _number(text: str) -> int:
    number = float(text)
    if not 0 <= number <= 1_000_000 or number != int(number):
        raise ValueError(text)
    return int(number)


def schedule_exception(reading: Reading, row: Row) -> None:
    """Holidays (HSDS 1 and 2) and other days on which it is otherwise."""
    owners = owners_of(reading, row, "listing", "location")
    if not owners:
        return
    starts = reading.value(row, "start_date", cells.day, F.DATE_MALFORMED, about(owners))
    ends = reading.value(row, "end_date", cells.day, F.DATE_MALFORMED, about(owners)) or starts
    opens = reading.value(row, "opens_at", cells.clock_time, F.TIMES_MALFORMED, about(owners))
    closes = reading.value(row, "closes_at", cells.clock_time, F.TIMES_MALFORMED, about(owners))
    said = row.get("closed").lower()
    if starts is None or ends is None or ends < starts:
        reading.reject(row, "start_date, end_date", _("there are no days, or they end before they begin"))
        return
    if (said and said not in _TRUE + _FALSE) or (said in _TRUE and (opens or closes)):
        reading.reject(row, "closed", _("it does not say clearly whether it is closed on these days"))
        return
    key = reading.unnamed("schedule_exception", row)
    if key:
        reading.found.schedule_exceptions.append(
            ScheduleExceptionRecord(
                key=key,
                row=row.written(),
                starts_on=starts,
                ends_on=ends,
                listing_key=owners.get("listing", ""),
                location_key=owners.get("location", ""),
                is_closed=said in _TRUE if said else not (opens or closes),
                opens_at=opens,
                closes_at=closes,
                note=row.get("note", "description"),
            )
        )


def required_document(reading: Reading, row: Row) -> None:
    _add_to_listing(reading, row, "required_documents", row.get("document"))


def eligibility(reading: Reading, row: Row) -> None:
    """Of HSDS 1: later versions have it on the listing's own row."""
    _add_to_listing(reading, row, "eligibility", row.get("eligibility"))


def further_address(reading: Reading, row: Row) -> None:
    """A further web address of a listing (HSDS 3.1)."""
    if not row.get("service_id"):
        reading.reject(row, "service_id", _("further web addresses are kept of services only"))
        return
    try:
        address = cells.web_address(row.get("url"))
    except ValueError:
        reading.reject(row, "url", _("this is not a web address"))
        return
    _add_to_listing(reading, row, "additional_urls", address)


def programme(reading: Reading, row: Row) -> None:
    if not row.get("id") or not row.get("name"):
        reading.reject(row, "id, name", _("there is no id, or no name"))
        return
    reading.programmes[row.get("id")] = row.get("name")[:300]
    reading.merge(row)


def _add_to_listing(reading: Reading, row: Row, field: str, said: str) -> None:
    """Words of a row that become part of the listing."""
    if row.surplus or not said:
        reading.reject(row, "", _("it says nothing, or has more cells than the heading"))
        return
    owners = owners_of(reading, row, "listing")
    if owners:
        reading.more["listing", owners["listing"], field].append(said)
        reading.merge(row)


def complete(reading: Reading) -> None:
    """Give listings, places and numbers what stands in tables of its own and belongs on their rows."""
    found = reading.found
    for record in found.languages:
        if record.listing_key:
            reading.more["listing", record.listing_key, "languages"].append((record.name or record.code)[:60])
    for part in found.accessibility:
        reading.more["location", part.location_key, "access"].append(part.description)
    prices: dict[str, set[int | None]] = {}
    for option in found.cost_options:
        amount = option.amount_pence if option.currency == "GBP" else None
        prices.setdefault(option.listing_key, set()).add(amount)
    for kind, key, field in reading.more:
        if (kind, field) == ("listing", "cost_pence"):
            prices.setdefault(key, set()).update(map(int, reading.more[kind, key, field]))
    found.listings = [_whole(reading, listing, prices.get(listing.key, set())) for listing in found.listings]
    found.locations = [
        replace(place, access=place.access or _lines(reading, "location", place.key, "access"))
        for place in found.locations
    ]
    found.phones = [
        replace(phone, languages=(phone.languages or ", ".join(said))[:200])
        if (said := reading.more.get(("phone", phone.key, "languages")))
        else phone
        for phone in found.phones
    ]


def _whole(reading: Reading, listing: ListingRecord, prices: set[int | None]) -> ListingRecord:
    def several(field: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(reading.more.get(("listing", listing.key, field), ())))

    documents, conditions = "\n".join(several("required_documents")), "\n".join(several("eligibility"))
    return replace(
        listing,
        programme=reading.programmes.get(listing.row.get("program_id", ""), "") or listing.programme,
        required_documents=listing.required_documents or documents,
        eligibility=listing.eligibility or conditions,
        additional_urls=listing.additional_urls or several("additional_urls"),
        languages=listing.languages or several("languages"),
        # One price for everybody is the price; of several nobody can say which will be asked for.
        cost_pence=next(iter(prices))
        if len(prices) == 1 and listing.cost_pence is None
        else listing.cost_pence,
    )


def _lines(reading: Reading, kind: str, key: str, field: str) -> str:
    return "\n".join(dict.fromkeys(word for word in reading.more.get((kind, key, field), ()) if word))
