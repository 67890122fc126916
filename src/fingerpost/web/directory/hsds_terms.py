"""The HSDS tables of taxonomies, their terms, and what they are said of. Pure."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from fingerpost.web.directory.csv_tables import Row
from fingerpost.web.directory.enums import FaultKind as F
from fingerpost.web.directory.hsds_reading import Reading
from fingerpost.web.directory.own_terms import (
    AREA,
    BY_ID,
    NUMBER,
    ORGANISATION,
    PLACE,
    SERVICE,
    TAXONOMY_ID,
)
from fingerpost.web.directory.records import AttributeRecord, TaxonomyRecord, TermRecord

# What a term may be said of, by the name of its table in HSDS; of other things it is not kept.
_ENTITIES = {
    "service": "listing",
    "services": "listing",
    "location": "location",
    "locations": "location",
    "organization": "provider",
    "organizations": "provider",
}
# What terms of our own list are said of.
_OWN_ENTITIES = {
    SERVICE: "listing",
    PLACE: "location",
    ORGANISATION: "provider",
    AREA: "service_area",
    NUMBER: "identifier",
}


def taxonomy(reading: Reading, row: Row) -> None:
    if row.get("id") == str(TAXONOMY_ID):  # which every Fingerpost holds already
        reading.merge(row)
        return
    key = reading.named("taxonomy", row)
    if key:
        reading.found.taxonomies.append(
            TaxonomyRecord(
                key=key,
                row=row.written(),
                name=row.get("name"),
                description=row.get("description"),
                uri=row.get("uri"),
                version=row.get("version")[:100],
            )
        )


def term(reading: Reading, row: Row) -> None:
    if row.get("taxonomy_id") == str(TAXONOMY_ID):
        if row.get("id") in BY_ID:
            reading.merge(row)
        else:
            reading.reject(row, "id", _("it is a detail of Fingerpost that this version does not know"))
        return
    named = row if row.get("name") else replace(row, cells={**row.cells, "name": row.get("term")})
    key = reading.named("term", named)
    if key:
        reading.found.terms.append(
            TermRecord(
                key=key,
                row=row.written(),
                name=named.get("name"),
                taxonomy_key=row.get("taxonomy_id"),
                parent_key=row.get("parent_id"),
                code=row.get("code")[:200],
                description=row.get("description"),
                language=row.get("language")[:20],
                uri=row.get("term_uri", "uri"),
            )
        )


def attribute(reading: Reading, row: Row) -> None:
    """A term said of something. Without a word what of, it is whatever has that id."""
    if row.get("taxonomy_term_id") in BY_ID:
        _own_attribute(reading, row)
        return
    said, key = row.get("link_entity").lower(), row.get("link_id")
    kinds = [_ENTITIES[said]] if said in _ENTITIES else [] if said else ["listing", "location", "provider"]
    if not key and row.get("service_id"):  # as HSDS 1 and 2 have it
        key, kinds = row.get("service_id"), ["listing"]
    owner = next((kind for kind in kinds if key in reading.keys(kind)), "")
    if not owner:
        reading.reject(
            row, "link_id", _("what it is said of is not in the source, or is nothing that terms are kept of")
        )
        return
    term_key = row.get("taxonomy_term_id", "taxonomy_id")
    if term_key not in reading.keys("term"):
        reading.reject(row, "taxonomy_term_id", _("the term is not in the source"))
        return
    own = reading.unnamed("attribute", row)
    if own:
        reading.found.attributes.append(
            AttributeRecord(
                key=own,
                row=row.written(),
                term_key=term_key,
                listing_key=key if owner == "listing" else "",
                location_key=key if owner == "location" else "",
                provider_key=key if owner == "provider" else "",
                link_type=row.get("link_type")[:100],
                value=row.get("value"),
                label=row.get("label")[:300],
            )
        )


def _own_attribute(reading: Reading, row: Row) -> None:
    """A detail of ours: it becomes part of what it is said of (`hsds_own`)."""
    said = BY_ID[row.get("taxonomy_term_id")]
    kind, key = _OWN_ENTITIES[said.of], row.get("link_id")
    if key not in reading.keys(kind) or row.surplus or not said.field:
        reading.reject(row, "link_id", _("what it is said of is not in the source"))
        return
    reading.own[kind, key].append((said, row))
    reading.merge(row)


def name_lost_parents(reading: Reading) -> None:
    """Terms below one that is not there stand on their own, and that is told."""
    lines = reading.keys("term")
    for record in reading.found.terms:
        if record.parent_key and record.parent_key not in lines:
            row = Row(reading.found.files["term"], lines[record.key], 0, {"parent_id": record.parent_key})
            reading.fault(F.PARENT_ABSENT, row, "parent_id")
