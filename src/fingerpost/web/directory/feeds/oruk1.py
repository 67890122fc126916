"""JSON of Open Referral UK 1.0, which many councils still publish, into records. Pure.

Its objects are those of HSDS 1 with further tables: they are renamed to those of HSDS 3 and read as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from fingerpost.web.directory.enums import Way
from fingerpost.web.directory.feeds.flattening import Flattening
from fingerpost.web.directory.feeds.hsds_json import ENTITIES, TREE, records_of
from fingerpost.web.directory.records import DirectoryRecords, ListingRecord

# What 1.0 and the programs that publish it call a thing, and what HSDS 3 calls it.
_NAMES: Mapping[str, str] = {
    "regular_schedules": "schedules",
    "regular_schedule": "schedules",
    "physical_addresses": "addresses",
    "physical_address": "addresses",
    "accessibility_for_disabilities": "accessibility",
    "fundings": "funding",
    "service_taxonomys": "link_taxonomies",
    "service_taxonomies": "link_taxonomies",
    "linkTaxonomies": "link_taxonomies",
    "costOptions": "cost_options",
    "serviceAreas": "service_areas",
    "serviceAtLocations": "service_at_locations",
}
_WAYS = {"phone": Way.BY_PHONE, "online": Way.ONLINE, "venue": Way.IN_PERSON, "home visit": Way.AT_HOME}


def read_oruk1(items: Iterable[tuple[str, Any]]) -> DirectoryRecords:
    """Records of objects of 1.0, each with the name of its collection (`services`, `locations` ...)."""
    flattening = Flattening(TREE, ENTITIES)
    for table, item in items:
        flattening.add(table, _as_hsds3(table, item))
    records = records_of(flattening.result())
    records.listings = [_with_ways(listing) for listing in records.listings]
    return records


def _as_hsds3(table: str, item: Any) -> Any:
    """The same object in the names of HSDS 3."""
    if isinstance(item, list):
        return [_as_hsds3(table, each) for each in item]
    if not isinstance(item, Mapping):
        return item
    renamed = {_NAMES.get(name, name): value for name, value in item.items()}
    found = {name: _as_hsds3(name, value) for name, value in renamed.items()}
    if "link_taxonomies" in found:
        found["attributes"] = list(_attributes(found.pop("link_taxonomies")))
    if "eligibilitys" in found:
        found.update(_ages(found["eligibilitys"], found))
    return found


def _attributes(links: Any) -> Iterator[Any]:
    """What 1.0 calls a taxonomy is a term of the list that it calls a vocabulary."""
    for link in links if isinstance(links, list) else [links]:
        if not isinstance(link, Mapping):
            yield link
            continue
        term = link.get("taxonomy")
        rest = {name: value for name, value in link.items() if name not in ("taxonomy", "link_id")}
        if isinstance(term, Mapping):
            rest["taxonomy_term"] = dict(term)
            if term.get("vocabulary"):
                rest["taxonomy_term"]["taxonomy_detail"] = {
                    "id": f"vocabulary:{term['vocabulary']}",
                    "name": term["vocabulary"],
                }
        yield rest


def _ages(said: Any, service: Mapping[str, Any]) -> dict[str, Any]:
    """The ages of 1.0 stand apart from the service, each for some people: the widest span holds them all."""
    several = [each for each in (said if isinstance(said, list) else [said]) if isinstance(each, Mapping)]
    words = [str(each["eligibility"]) for each in several if each.get("eligibility")]
    found: dict[str, Any] = {}
    for name, widest in (("minimum_age", min), ("maximum_age", max)):
        ages = [each.get(name) for each in several]
        numbers = [age for age in ages if isinstance(age, int | float) and not isinstance(age, bool)]
        if several and len(numbers) == len(several) and name not in service:
            found[name] = widest(numbers)
    if words and "eligibility_description" not in service:
        found["eligibility_description"] = "\n".join(dict.fromkeys(words))
    return found


def _with_ways(listing: ListingRecord) -> ListingRecord:
    """How people take part and how they come to it: two fixed lists of words in 1.0, several with commas."""
    ways = [_WAYS[word] for word in _words(listing, "attending_type") if word in _WAYS]
    joining = {
        "referral": _("Somebody has to refer you."),
        "appointment": _("Make an appointment."),
        "membership": _("It is for members."),
        "drop-in": _("Just come along."),
    }
    words = [joining[word] for word in _words(listing, "attending_access") if word in joining]
    return replace(
        listing,
        ways=tuple(dict.fromkeys(ways)) or listing.ways,
        how_to_join=listing.how_to_join or " ".join(words),
    )


def _words(listing: ListingRecord, column: str) -> list[str]:
    return [word.strip().lower() for word in listing.row.get(column, "").split(",")]
