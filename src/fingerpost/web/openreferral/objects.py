"""From published rows to the objects of HSDS-UK 3.0. Pure: no query, no setting, no clock.

A field without a value is left out. Nothing is made up: where the standard requires what nobody has said, the
nearest thing that is true stands there (see `_address`, `_organization`), or the object is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.encoding import iri_to_uri

from fingerpost.kernel.contact_route import normalise_email
from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.postcode import Postcode
from fingerpost.web.directory import api as directory

Object = dict[str, Any]

STATUS_NOT_STATED = "The source of this listing does not say whether it is running."
_STATUS = {
    directory.ListingStatus.ACTIVE: "active",
    directory.ListingStatus.TEMPORARILY_CLOSED: "temporarily closed",
    directory.ListingStatus.NOT_STATED: "active",
}
_FREQUENCIES = frozenset({"WEEKLY", "MONTHLY"})
# The characters that RFC 3986 lets an address have, percent signs only before two hexadecimal digits.
_URI = re.compile(r"https?://(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=\[\]-]|%[0-9A-Fa-f]{2})+")
_HOST = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]{1,5})?")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def service(one: directory.PublishedListing) -> Object:
    """A listing with everything that belongs to it."""
    places = [{**_pair(place, one.listing.id), "location": location(place)} for place in one.places]
    return said(**_service(one), **_parts(one), service_at_locations=places)


def service_in_list(one: directory.PublishedListing) -> Object:
    """A listing as a list shows it."""
    organisation = one.provider.provider if one.provider else None
    return said(**_service(one), organization=_organization(organisation) if organisation else None)


def service_at_location(pair: directory.PublishedPair) -> Object:
    """A listing at one of its places, with everything that belongs to both."""
    one = pair.listing
    return {
        **_pair(pair.place, one.listing.id),
        "location": location(pair.place),
        "service": said(**_service(one), **_parts(one)),
    }


def service_at_location_in_list(pair: directory.PublishedPair) -> Object:
    """A listing at one of its places, as a list shows it."""
    return {
        **_pair(pair.place, pair.listing.listing.id),
        "location": said(**_location(pair.place.location)),
        "service": service_in_list(pair.listing),
    }


def location(place: directory.PublishedPlace) -> Object:
    """A place with everything that belongs to it."""
    where = place.location
    address = _address(where)
    return said(
        **_location(where),
        addresses=[address] if address else [],
        accessibility=[
            *(
                said(
                    id=str(row.id),
                    location_id=str(where.id),
                    description=row.description,
                    details=row.details,
                    url=web_address(row.url),
                )
                for row in place.accessibility
            ),
            *(
                [
                    said(
                        id=directory.part_id(where.id, "access"),
                        location_id=str(where.id),
                        description=where.access,
                    )
                ]
                if where.access
                else []
            ),
        ],
        attributes=_attributes(place.attributes, where.id),
    )


def organization(one: directory.PublishedProvider) -> Object:
    """The organisation behind a listing, with everything that belongs to it."""
    return said(
        **_organization(one.provider),
        organization_identifiers=[
            said(
                id=str(row.id),
                organization_id=str(one.provider.id),
                identifier_scheme=row.scheme,
                identifier_type=row.scheme,
                identifier=row.value,
            )
            for row in one.identifiers
            if row.scheme.strip() and row.value.strip()
        ],
        attributes=_attributes(one.attributes, one.provider.id),
    )


def taxonomy(one: directory.Taxonomy) -> Object:
    """A list of terms."""
    return said(
        id=str(one.id),
        name=one.name,
        description=one.description.strip() or one.name,
        uri=web_address(one.uri),
        version=one.version,
    )


def taxonomy_term(one: directory.TaxonomyTerm) -> Object:
    """One term. One that its source put in no list stands in a list of its own source's loose terms."""
    return said(
        id=str(one.id),
        name=one.name,
        description=one.description.strip() or one.name,
        parent_id=one.parent_id,
        taxonomy=one.taxonomy.name if one.taxonomy else None,
        taxonomy_id=one.taxonomy_id,
        term_uri=web_address(one.uri),
        term=one.code,
    )


def said(**fields: Any) -> Object:
    """What has a value, as JSON writes it. An empty text, list or object is no value; 0 and false are."""
    written = {name: _written(value) for name, value in fields.items()}
    return {name: value for name, value in written.items() if value is not None and value not in ("", [], {})}


def web_address(text: str) -> str:
    """An address as RFC 3986 writes it; nothing when it cannot be one."""
    written = iri_to_uri(text.strip())
    if not _URI.fullmatch(written):
        return ""
    try:
        parts = urlsplit(written)
        is_one = bool(_HOST.fullmatch(parts.netloc.rpartition("@")[2])) and written.count("#") <= 1
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        return ""
    brackets = "[" in written or "]" in written
    return written if is_one and not brackets else ""


def email_address(text: str) -> str:
    """An e-mail address; nothing when it cannot be one."""
    try:
        found = normalise_email(text) if text else ""
    except InvalidValue:
        return ""
    return found if _ADDRESS.fullmatch(found) else ""


def _service(one: directory.PublishedListing) -> Object:
    listing = one.listing
    not_stated = listing.status == directory.ListingStatus.NOT_STATED
    alert = [listing.alert.strip(), STATUS_NOT_STATED if not_stated else ""]
    return {
        "id": listing.id,
        "organization_id": one.provider.provider.id if one.provider else None,
        "name": listing.name,
        "description": listing.description,
        "url": web_address(listing.url),
        "email": email_address(listing.email),
        "status": _STATUS[directory.ListingStatus(listing.status)],
        "fees": listing.cost,
        "accreditations": listing.accreditations,
        "minimum_age": listing.minimum_age,
        "maximum_age": listing.maximum_age,
        "assured_date": listing.assured_on,
        "assurer_email": email_address(listing.assured_by),
        "alert": "\n".join(filter(None, alert)),
        "last_modified": one.changed_at,
    }


def _parts(one: directory.PublishedListing) -> Object:
    mine = one.listing.id
    return {
        "schedules": [_schedule(row, mine) for row in one.schedules],
        "service_areas": [_service_area(row) for row in one.service_areas],
        "languages": _languages(one),
        "organization": organization(one.provider) if one.provider else None,
        "funding": [
            said(id=row.id, service_id=mine, source=row.source_of_funds)
            for row in one.funding
            if row.source_of_funds.strip()
        ],
        "cost_options": _cost_options(one),
        "contacts": [
            said(id=row.id, service_id=mine, name=row.name, title=row.title) for row in one.contacts
        ],
        "attributes": _attributes(one.attributes, mine),
    }


def _pair(place: directory.PublishedPlace, listing_id: UUID) -> Object:
    return {"id": str(place.id), "service_id": str(listing_id), "location_id": str(place.location.id)}


def _location(where: directory.Location) -> Object:
    return {
        "id": where.id,
        "location_type": where.kind,
        "name": where.name,
        "description": where.description,
        "latitude": where.latitude,
        "longitude": where.longitude,
    }


def _address(where: directory.Location) -> Object | None:
    """All that the standard requires of an address, or none. The name stands for a street that nobody has said,
    the county for a “state”, the town where nobody has said a county, and GB with a British postcode."""
    first, *others = [line.strip() for line in where.address.splitlines() if line.strip()] or [where.name]
    town = where.town.strip()
    country = where.country.strip() or ("GB" if _is_british(where.postcode) else "")
    if not (first and town and where.postcode.strip() and country):
        return None
    return said(
        id=directory.part_id(where.id, "address"),
        location_id=where.id,
        address_1=", ".join([first, *others]),
        city=town,
        region=where.region,
        state_province=where.region.strip() or town,
        postal_code=where.postcode,
        country=country,
        address_type="postal" if where.kind == directory.LocationKind.POSTAL else "physical",
    )


def _is_british(text: str) -> bool:
    try:
        Postcode.parse(text)
    except InvalidValue:
        return False
    return True


def _organization(one: directory.Provider) -> Object:
    return said(
        id=one.id,
        name=one.name,
        description=one.description.strip() or one.name,
        email=email_address(one.email),
        website=web_address(one.url),
    )


def _schedule(row: directory.Schedule, listing_id: UUID) -> Object:
    frequency = row.frequency.upper()
    return said(
        id=row.id,
        service_id=listing_id,
        valid_from=row.valid_from,
        valid_to=row.valid_to or row.until,
        dtstart=row.starts_on,
        freq=frequency if frequency in _FREQUENCIES else None,
        interval=row.interval if frequency in _FREQUENCIES else None,
        byday=row.byday,
        bymonthday=row.bymonthday,
        description=row.description,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
    )


def _service_area(row: directory.ServiceArea) -> Object:
    return said(
        id=row.id,
        service_id=row.listing_id,
        name=row.name.strip() or row.description.strip() or ", ".join(row.codes),
        extent=json.dumps(row.extent, sort_keys=True) if row.extent else None,
        extent_type="geojson" if row.extent else None,
        uri=web_address(row.uri),
    )


def _languages(one: directory.PublishedListing) -> list[Object]:
    """The rows that a source gave, else the plain list of names. The profile itself has no field for the name."""
    mine = one.listing.id
    rows = [said(id=row.id, service_id=mine, name=row.name.strip() or row.code) for row in one.languages]
    if rows:
        return rows
    names = dict.fromkeys(name for name in one.listing.languages if name.strip())
    return [
        said(id=directory.part_id(mine, f"language:{name}"), service_id=mine, name=name) for name in names
    ]


def _cost_options(one: directory.PublishedListing) -> list[Object]:
    mine = one.listing.id
    rows = [
        said(
            id=row.id,
            service_id=mine,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            option=row.name,
            amount=_pounds(row.amount_pence),
            amount_description=" ".join(
                filter(None, [row.currency if row.currency != "GBP" else "", row.description])
            ),
        )
        for row in one.cost_options
    ]
    if rows or one.listing.cost_pence is None:
        return rows
    return [said(id=directory.part_id(mine, "cost"), service_id=mine, amount=_pounds(one.listing.cost_pence))]


def _pounds(pence: int | None) -> float | None:
    return None if pence is None else pence / 100


def _attributes(rows: Iterable[directory.Attribute], owner: UUID) -> list[Object]:
    return [
        said(
            id=row.id,
            link_id=owner,
            taxonomy_term_id=row.term_id,
            link_type=row.link_type,
            taxonomy_term=taxonomy_term(row.term),
        )
        for row in rows
        if row.term.gone_at is None
    ]


def _written(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, time):
        return value.strftime("%H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return value.strip() if isinstance(value, str) else value
