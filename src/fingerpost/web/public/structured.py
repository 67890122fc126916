"""A published listing as schema.org describes services, for search engines. Pure."""

from __future__ import annotations

import json
from typing import Any

from fingerpost.web.directory import api as directory

_DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
# In a page, JSON must not end the element that it stands in, nor break a line where JavaScript would see one.
_IN_A_PAGE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def structured(one: directory.PublishedListing, *, address: str) -> str:
    """JSON-LD that may stand in a page. `address` is that of the page."""
    text = json.dumps(_service(one, address), ensure_ascii=False)
    for sign, written in _IN_A_PAGE.items():
        text = text.replace(sign, written)
    return text


def _service(one: directory.PublishedListing, address: str) -> dict[str, Any]:
    listing = one.listing
    provider = one.provider.provider if one.provider else None
    return _said(
        {
            "@context": "https://schema.org",
            "@type": "Service",
            "@id": address,
            "url": address,
            "name": listing.name,
            "description": listing.description,
            "sameAs": listing.url,
            "provider": _said({"@type": "Organization", "name": provider.name, "url": provider.url})
            if provider
            else None,
            "areaServed": [{"@type": "Place", "name": area.name} for area in one.service_areas if area.name],
            "audience": _audience(one),
            "offers": [
                {"@type": "Offer", "price": f"{row.amount_pence / 100:.2f}", "priceCurrency": row.currency}
                for row in one.cost_options
                if row.amount_pence is not None
            ],
            "hoursAvailable": _hours(one),
            "availableChannel": [_channel(place, one) for place in one.places],
        }
    )


def _audience(one: directory.PublishedListing) -> dict[str, Any] | None:
    low, high = one.listing.minimum_age, one.listing.maximum_age
    if low is None and high is None:
        return None
    return _said({"@type": "PeopleAudience", "suggestedMinAge": low, "suggestedMaxAge": high})


def _hours(one: directory.PublishedListing) -> list[dict[str, Any]]:
    found = []
    for row in one.schedules:
        days = [_DAYS[day] for day in row.byday.split(",") if day in _DAYS]
        if row.frequency == "WEEKLY" and days and row.opens_at and row.closes_at:
            found.append(
                _said(
                    {
                        "@type": "OpeningHoursSpecification",
                        "dayOfWeek": days,
                        "opens": row.opens_at.strftime("%H:%M"),
                        "closes": row.closes_at.strftime("%H:%M"),
                        "validFrom": row.valid_from.isoformat() if row.valid_from else None,
                        "validThrough": row.valid_to.isoformat() if row.valid_to else None,
                    }
                )
            )
    return found


def _channel(place: directory.PublishedPlace, one: directory.PublishedListing) -> dict[str, Any]:
    where = place.location
    point = {"@type": "GeoCoordinates", "latitude": where.latitude, "longitude": where.longitude}
    postal = _said(
        {
            "@type": "PostalAddress",
            "streetAddress": ", ".join(where.address.splitlines()),
            "addressLocality": where.town,
            "addressRegion": where.region,
            "postalCode": where.postcode,
            "addressCountry": where.country,
        }
    )
    return _said(
        {
            "@type": "ServiceChannel",
            "serviceLocation": _said(
                {
                    "@type": "Place",
                    "name": where.name,
                    "address": postal if len(postal) > 1 else None,
                    "geo": point if where.latitude is not None else None,
                }
            ),
            "servicePhone": next(
                ({"@type": "ContactPoint", "telephone": phone.number} for phone in one.phones), None
            ),
        }
    )


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}
