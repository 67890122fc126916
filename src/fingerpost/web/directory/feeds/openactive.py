"""OpenActive opportunities, as feeds of RPDE give them, into records. Pure.

A series of sessions is a listing; its schedule, or else its single sessions, say when; the place is a location
and each offer a price. What it is about is a term of OpenActive's list of activities.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from fingerpost.web.directory.enums import FaultKind, ForGender, Way
from fingerpost.web.directory.feeds import openactive_values as values
from fingerpost.web.directory.feeds.flattening import Flattening
from fingerpost.web.directory.feeds.hsds_json import ENTITIES, TREE, records_of
from fingerpost.web.directory.feeds.json_values import as_text
from fingerpost.web.directory.feeds.openactive_times import schedules_of, schedules_of_sessions
from fingerpost.web.directory.records import DirectoryRecords, Fault, ListingRecord, Reject

# What becomes a listing. A session belongs to one of these; other kinds are named and left out.
LISTING_KINDS = frozenset(
    {"SessionSeries", "CourseInstance", "Event", "HeadlineEvent", "OnDemandEvent", "FacilityUse"}
)
SESSION_KINDS = frozenset({"ScheduledSession"})
_STATUSES = {
    "EventScheduled": "active",
    "EventRescheduled": "active",
    "EventMovedOnline": "active",
    "EventPostponed": "temporarily closed",
    "EventCancelled": "inactive",
}
_GENDERS = {"FemaleOnly": ForGender.WOMEN, "MaleOnly": ForGender.MEN}
_TAXONOMY = {
    "id": "openactive:activity-list",
    "name": "OpenActive activities",
    "uri": "https://openactive.io/activity-list",
}


@dataclass(frozen=True)
class Opportunity:
    """One item of a feed: its key, what it is, and what it says."""

    key: str
    kind: str
    data: Any


def kind_of(kind: str, data: Any) -> str:
    """What an item is: by its own word, or else by that of the feed."""
    own = values.type_of(data) if isinstance(data, Mapping) else ""
    return own or values.ending(kind)


def read_openactive(items: Iterable[Opportunity]) -> DirectoryRecords:
    """Records of everything that feeds of one publisher hold now."""
    gathered = _Gathered()
    for item in items:
        gathered.add(item)
    gathered.join_sessions()
    flattening = Flattening(TREE, ENTITIES)
    for key, thing in gathered.listings.items():
        flattening.add("services", _service(key, thing, gathered.sessions[key]))
    records = records_of(flattening.result())
    records.listings = [_completed(listing, gathered.listings) for listing in records.listings]
    gathered.tell(records)
    return records


class _Gathered:
    """Series by key, with the sessions of each, before they are laid out."""

    def __init__(self) -> None:
        self.listings: dict[str, Mapping[str, Any]] = {}
        self.sessions: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        self._key_by_id: dict[str, str] = {}
        self._loose: list[tuple[Opportunity, Mapping[str, Any]]] = []
        self._unread: Counter[str] = Counter()
        self._rejects: list[Reject] = []
        self._joined = 0

    def add(self, item: Opportunity) -> None:
        kind = kind_of(item.kind, item.data)
        if not isinstance(item.data, Mapping):
            self._reject(item, _("this is not an object with named parts"))
        elif kind in LISTING_KINDS:
            self._add_listing(values.key_of(item.key), item.data)
        elif kind in SESSION_KINDS:
            self._loose.append((item, item.data))
        else:
            self._unread[kind] += 1

    def _add_listing(self, key: str, thing: Mapping[str, Any]) -> None:
        self.listings[key] = thing
        self._key_by_id[key] = key
        for name in ("id", "@id", "identifier"):
            if isinstance(thing.get(name), str | int):
                self._key_by_id.setdefault(str(thing[name]), key)
        self.sessions[key] += values.objects(thing.get("subEvent"))

    def join_sessions(self) -> None:
        """Give each session to its series, which may come after it, or stand in it whole."""
        for item, session in self._loose:
            series = session.get("superEvent")
            name = values.own_id(series) if isinstance(series, Mapping) else str(series or "")
            key = self._key_by_id.get(name)
            if key is None and isinstance(series, Mapping) and name and values.first(series, "name"):
                key = values.key_of(name)
                self._add_listing(key, series)
            if key is None:
                self._reject(item, _("the series that it belongs to is not in the feed"))
                continue
            self.sessions[key].append(session)
            self._joined += 1

    def _reject(self, item: Opportunity, reason: str) -> None:
        self._rejects.append(
            Reject(
                file="sessions",
                line=len(self._rejects) + 1,
                column="superEvent",
                value=item.key[:500],
                reason=reason,
                row={"id": item.key, "kind": item.kind, "data": as_text(item.data)[:10_000]},
            )
        )

    def tell(self, records: DirectoryRecords) -> None:
        """Count what did not become a listing, so that the report reconciles."""
        if self._loose or self._rejects:
            records.rejects += self._rejects
            records.merged["sessions"] = self._joined
            records.rows_read["sessions"] = self._joined + len(self._rejects)
        for kind, rows in sorted(self._unread.items()):
            records.faults.append(Fault(kind=FaultKind.KIND_NOT_READ, file=kind[:200] or "?", rows=rows))


def _service(key: str, thing: Mapping[str, Any], sessions: list[Mapping[str, Any]]) -> dict[str, Any]:
    """A series as a service of HSDS 3, with its parts."""
    above = next(iter(values.objects(thing.get("superEvent"))), {})
    ages = next(iter(values.objects(values.first(thing, "ageRange", "ageRestriction"))), {})
    status = values.ending(str(thing.get("eventStatus") or "EventScheduled"))
    offers = values.objects(values.first(thing, "offers") or above.get("offers"))
    return {
        "id": key,
        "name": values.first(thing, "name") or above.get("name"),
        "description": values.first(thing, "description") or above.get("description"),
        "url": values.first(thing, "url") or above.get("url"),
        "status": _STATUSES.get(status, status),
        "minimum_age": ages.get("minValue"),
        "maximum_age": ages.get("maxValue"),
        "alert": values.words(thing.get("schedulingNote")),
        "fees_description": "; ".join(filter(None, map(_offer_words, offers))),
        "organization": _organisation(values.first(thing, "organizer", "provider") or above.get("organizer")),
        "service_at_locations": [
            {"id": values.key_of(f"{key}@{place['id']}"), "location": place}
            for place in map(_place, values.objects(thing.get("location")))
        ],
        "schedules": schedules_of(key, thing) or schedules_of_sessions(key, [*sessions, thing]),
        "cost_options": [_offer(key, nth, offer) for nth, offer in enumerate(offers, start=1)],
        "attributes": [_activity(key, each) for each in values.objects(thing.get("activity"))],
        "contacts": _leaders(key, thing),
        "openactive": as_text(thing),
    }


def _organisation(said: Any) -> dict[str, Any] | None:
    thing = next(iter(values.objects(said)), None)
    if thing is None or not values.first(thing, "name"):
        return None
    key = values.key_of(values.own_id(thing) or values.made_key("organisation", [str(thing["name"])]))
    phone = values.words(thing.get("telephone"))
    return {
        "id": key,
        "name": thing["name"],
        "alternate_name": values.words(thing.get("legalName")),
        "description": values.words(thing.get("description")),
        "url": values.first(thing, "url"),
        "email": values.first(thing, "email"),
        "phones": [{"id": values.key_of(f"{key}#phone"), "number": phone}] if phone else [],
    }


def _place(thing: Mapping[str, Any]) -> dict[str, Any]:
    said = thing.get("address")
    address: Mapping[str, Any] = said if isinstance(said, Mapping) else {"streetAddress": said}
    geo = next(iter(values.objects(thing.get("geo"))), {})
    line = values.words(address.get("streetAddress"))
    parts = [values.words(thing.get("name")), line, values.words(address.get("postalCode"))]
    key = values.key_of(values.own_id(thing) or values.made_key("place", parts))
    phone = values.words(thing.get("telephone"))
    access = [
        values.words(each)
        for each in values.objects(thing.get("amenityFeature"))
        if each.get("value") is True
    ]
    return {
        "id": key,
        "name": parts[0] or line,
        "location_type": "physical",
        "description": values.words(thing.get("description")),
        "latitude": geo.get("latitude"),
        "longitude": geo.get("longitude"),
        "addresses": [
            {
                "id": values.key_of(f"{key}#address"),
                "address_1": line,
                "city": values.words(address.get("addressLocality")),
                "state_province": values.words(address.get("addressRegion")),
                "postal_code": values.words(address.get("postalCode")),
                "country": values.words(address.get("addressCountry")),
                "address_type": "physical",
            }
        ]
        if line or address.get("postalCode")
        else [],
        "phones": [{"id": values.key_of(f"{key}#phone"), "number": phone}] if phone else [],
        "accessibility": [
            {"id": values.key_of(f"{key}#{name}"), "description": name}
            for name in dict.fromkeys(access)
            if name
        ],
    }


def _offer(key: str, nth: int, offer: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": values.key_of(f"{key}#offer:{values.own_id(offer) or nth}"),
        "option": values.words(offer.get("name")),
        "amount": offer.get("price"),
        "currency": values.first(offer, "priceCurrency") or "GBP",
        "amount_description": values.words(offer.get("description")),
    }


def _offer_words(offer: Mapping[str, Any]) -> str:
    """`Adult £4.50`; without a price nothing is said of one."""
    pence = _pence(offer)
    name = values.words(offer.get("name"))
    if pence is None:
        return name
    price = _("free") if pence == 0 else f"£{pence / 100:.2f}"
    return f"{name} {price}".strip()


def _pence(offer: Mapping[str, Any]) -> int | None:
    """The price in pence when it is in pounds and can be read."""
    if str(offer.get("priceCurrency") or "GBP").upper() != "GBP":
        return None
    try:
        price = float(str(offer.get("price")))
    except ValueError:
        return None
    return round(price * 100) if 0 <= price < 1_000_000 else None


def _activity(key: str, concept: Mapping[str, Any]) -> dict[str, Any]:
    name = values.words(concept.get("prefLabel"))
    own = values.key_of(values.own_id(concept) or values.made_key("activity", [name]))
    return {
        "id": values.key_of(f"{key}#activity:{own}"),
        "link_type": "activity",
        "taxonomy_term": {
            "id": own,
            "name": name,
            "term_uri": values.own_id(concept),
            "taxonomy_detail": _TAXONOMY,
        },
    }


def _leaders(key: str, thing: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": values.key_of(f"{key}#leader:{nth}"),
            "name": values.words(leader.get("name")),
            "title": _("Leader"),
        }
        for nth, leader in enumerate(values.objects(thing.get("leader")), start=1)
        if values.words(leader.get("name"))
    ]


def _completed(listing: ListingRecord, things: Mapping[str, Mapping[str, Any]]) -> ListingRecord:
    """What a listing can say and no table of HSDS has a column for."""
    thing = things[listing.key]
    restriction = values.ending(str(thing.get("genderRestriction") or ""))
    mode = values.ending(str(thing.get("eventAttendanceMode") or ""))
    at_place = [Way.IN_PERSON] if thing.get("location") else []
    ways = {
        "OnlineEventAttendanceMode": [Way.ONLINE],
        "MixedEventAttendanceMode": [Way.IN_PERSON, Way.ONLINE],
    }
    offers = values.objects(thing.get("offers"))
    prices = [_pence(offer) for offer in offers]
    known = [price for price in prices if price is not None]
    free = thing.get("isAccessibleForFree") is True
    return replace(
        listing,
        for_gender=_GENDERS.get(restriction, ForGender.ANYONE),
        ways=tuple(ways.get(mode, at_place)),
        what_to_expect=values.words(thing.get("attendeeInstructions")),
        access=values.words(
            [
                *values.several(thing.get("accessibilitySupport")),
                *values.several(thing.get("accessibilityInformation")),
            ]
        ),
        search_words=tuple(
            word
            for word in map(
                values.words, values.several(thing.get("activity")) + values.several(thing.get("level"))
            )
            if word
        ),
        cost_pence=0 if free else min(known, default=None) if len(known) == len(prices) else None,
    )
