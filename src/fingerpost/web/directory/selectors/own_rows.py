"""Parts of the published directory that have no rows of their own: said on a listing, place or organisation.

What HSDS has a table for stands in that table; for the rest there are attributes with terms of our own
(`own_terms`). Each is read again by the import, and nothing is told twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from fingerpost.web.directory.enums import CapacityState
from fingerpost.web.directory.models import Accessibility, CostOption, Language, Taxonomy, TaxonomyTerm
from fingerpost.web.directory.own_terms import (
    AREA,
    BY_CODE,
    LINK_TYPE,
    NUMBER,
    ORGANISATION,
    OWN_TERMS,
    PLACE,
    SERVICE,
    TAXONOMY_ID,
    TAXONOMY_MEANS,
    TAXONOMY_NAME,
    TAXONOMY_URI,
    TAXONOMY_VERSION,
    part_id,
    unit_id,
)
from fingerpost.web.directory.selectors.hits import capacities_of
from fingerpost.web.foundation.actor import Actor

_AT_ONCE = 2000


@dataclass(frozen=True)
class OwnSources:
    """Who asks, when, and the published rows of each table, which parts are said on."""

    actor: Actor
    at: datetime
    rows: Callable[[str], QuerySet[Any]]

    def listings(self, *parts: str) -> Iterator[Any]:
        """Published listings in the order of their ids, with some of their published parts."""
        fetched = [
            Prefetch(name, queryset=self.rows(table).order_by("id"), to_attr=f"shown_{table}s")
            for table, name in (("language", "language_rows"), ("cost_option", "cost_options"))
            if table in parts
        ]
        found = self.rows("listing").prefetch_related(*fetched).order_by("id")
        return iter(found.iterator(chunk_size=_AT_ONCE))

    def places(self) -> Iterator[Any]:
        """Published places, with what is said of how to get in."""
        shown = self.rows("accessibility").order_by("id")
        found = self.rows("location").prefetch_related(
            Prefetch("accessibility", queryset=shown, to_attr="shown_accessibility")
        )
        return iter(found.order_by("id").iterator(chunk_size=_AT_ONCE))

    def each(self, table: str) -> Iterator[Any]:
        return iter(self.rows(table).order_by("id").iterator(chunk_size=_AT_ONCE))


@dataclass(frozen=True, kw_only=True)
class OwnAttribute:
    """An attribute that stands for a field of ours."""

    link_id: UUID
    entity: str
    term_id: UUID
    value: str = ""
    label: str = ""
    link_type: str = LINK_TYPE

    @property
    def id(self) -> str:
        return part_id(self.link_id, f"own:{self.term_id}")


@dataclass(frozen=True, kw_only=True)
class OwnRow:
    """A row of a table that is made of fields of a listing. `said` is what it says."""

    id: str
    listing_id: UUID | None = None
    provider_id: UUID | None = None
    said: str = ""


def programme_id(listing: Any) -> str:
    """The same for all listings of an organisation that name the same programme; empty where none is named."""
    if not listing.programme:
        return ""
    return part_id(listing.shown_provider_id or listing.id, f"programme:{listing.programme}")


def programmes(sources: OwnSources) -> Iterator[OwnRow]:
    told = set()
    for one in sources.listings():
        if (key := programme_id(one)) and key not in told:
            told.add(key)
            yield OwnRow(id=key, provider_id=one.shown_provider_id, said=one.programme)


def documents(sources: OwnSources) -> Iterator[OwnRow]:
    """A row for each line; one for all of them where lines repeat, which would be told once only."""
    for one in sources.listings():
        lines = one.required_documents.split("\n")
        plain = len(set(lines)) == len(lines) and all(line and line == line.strip() for line in lines)
        for said in lines if plain else [one.required_documents]:
            if said.strip():
                yield OwnRow(id=part_id(one.id, f"document:{said}"), listing_id=one.id, said=said)


def further_addresses(sources: OwnSources) -> Iterator[OwnRow]:
    for one in sources.listings():
        for url in dict.fromkeys(one.additional_urls):
            yield OwnRow(id=part_id(one.id, f"url:{url}"), listing_id=one.id, said=url)


def units(sources: OwnSources) -> Iterator[OwnRow]:
    """What capacity is counted in, each once."""
    counted = sources.rows("room_count").order_by("unit").values_list("unit", flat=True).distinct()
    return (OwnRow(id=unit_id(name), said=name) for name in counted)


def single_prices(sources: OwnSources) -> Iterator[CostOption]:
    """The one price of a listing that has no rows of prices."""
    for one in sources.listings("cost_option"):
        if one.cost_pence is not None and not one.shown_cost_options:
            yield CostOption(id=part_id(one.id, "cost"), listing_id=one.id, amount_pence=one.cost_pence)


def plain_languages(sources: OwnSources) -> Iterator[Language]:
    """Languages by name of a listing that has no rows of languages."""
    for one in sources.listings("language"):
        if not one.shown_languages:
            for name in dict.fromkeys(filter(None, one.languages)):
                yield Language(id=part_id(one.id, f"language:{name}"), listing_id=one.id, name=name)


def access_in_words(sources: OwnSources) -> Iterator[Accessibility]:
    """How to get into a place that has no rows about it."""
    for one in sources.places():
        if one.access and not one.shown_accessibility:
            yield Accessibility(id=part_id(one.id, "access"), location_id=one.id, description=one.access)


def own_taxonomies(sources: OwnSources) -> Iterator[Taxonomy]:
    yield _taxonomy()


def own_terms(sources: OwnSources) -> Iterator[TaxonomyTerm]:
    """The terms of our own list, the same in every package."""
    taxonomy = _taxonomy()
    for term in OWN_TERMS:
        one = TaxonomyTerm(
            id=term.id,
            taxonomy=taxonomy,
            code=term.code,
            name=term.name,
            description=term.means,
            language="en",
        )
        one.shown_parent_id = term.parent_id  # type: ignore[attr-defined]  # only for this answer
        yield one


def _taxonomy() -> Taxonomy:
    return Taxonomy(
        id=TAXONOMY_ID,
        name=TAXONOMY_NAME,
        description=TAXONOMY_MEANS,
        uri=TAXONOMY_URI,
        version=TAXONOMY_VERSION,
    )


def own_attributes(sources: OwnSources) -> Iterator[OwnAttribute]:
    """Everything that only a term of our own can say."""
    yield from _of_listings(sources)
    for place in sources.places():
        if place.shown_accessibility and place.access != _lines(
            r.description for r in place.shown_accessibility
        ):
            yield _said("place-access", place.id, PLACE, place.access)
    for provider in sources.each("provider"):
        if provider.kind != provider.legal_status[:100]:
            yield _said("kind", provider.id, ORGANISATION, provider.kind)
    for area in sources.each("service_area"):
        if area.codes:
            yield _said("area-codes", area.id, AREA, "\n".join(area.codes))
    for number in sources.each("identifier"):
        if number.uri:
            yield _said("number-address", number.id, NUMBER, number.uri)


def _of_listings(sources: OwnSources) -> Iterator[OwnAttribute]:
    waiting = []
    for one in sources.listings("language", "cost_option"):
        waiting.append(one)
        if len(waiting) == _AT_ONCE:
            yield from _of_some(sources, waiting)
            waiting = []
    yield from _of_some(sources, waiting)


def _of_some(sources: OwnSources, listings: list[Any]) -> Iterator[OwnAttribute]:
    rooms = capacities_of([one.id for one in listings], at=sources.at)
    for one in listings:
        codes = [f"need:{need}" for need in one.needs] + [f"way:{way}" for way in one.ways]
        codes += [f"accompaniment:{one.accompaniment}"] if one.accompaniment else []
        codes += [f"for:{one.for_gender}"] if one.for_gender else []
        for code in codes:
            yield _said(code, one.id, SERVICE)
        for code, text in _texts(one):
            yield _said(code, one.id, SERVICE, text)
        room = rooms.get(one.id)
        if room is not None and room.set_at is not None and room.state != CapacityState.UNKNOWN:
            yield _said(f"room:{room.state.value}", one.id, SERVICE, room.set_at.isoformat())
            if room.waiting_weeks is not None:
                yield _said("room-weeks", one.id, SERVICE, str(room.waiting_weeks))
            if room.full_until is not None:
                yield _said("room-until", one.id, SERVICE, room.full_until.isoformat())


def _texts(one: Any) -> Iterator[tuple[str, str]]:
    for code in ("what-to-expect", "transport", "schedule-note", "access", "search-words"):
        if text := getattr(one, BY_CODE[code].field):
            yield code, text
    # What the reader of the standard's tables would make of them, where it is not what is meant.
    told = list(dict.fromkeys((row.name or row.code)[:60] for row in one.shown_languages))
    if told and told != one.languages:
        yield "languages", "\n".join(one.languages)
    prices = {row.amount_pence if row.currency == "GBP" else None for row in one.shown_cost_options}
    if prices and one.cost_pence != (next(iter(prices)) if len(prices) == 1 else None):
        yield "price", "" if one.cost_pence is None else str(one.cost_pence)


def _said(code: str, link_id: UUID, entity: str, value: str = "") -> OwnAttribute:
    term = BY_CODE[code]
    label = term.name if term.choice else ""
    return OwnAttribute(link_id=link_id, entity=entity, term_id=term.id, value=value, label=label)


def _lines(said: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(filter(None, said)))
