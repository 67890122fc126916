"""Everything that is published, row by row and table by table, for whoever takes it all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When

from fingerpost.web.directory.models import (
    Accessibility,
    Attribute,
    CostOption,
    Funding,
    Identifier,
    Language,
    ListingAtLocation,
    ListingContact,
    ListingPhone,
    Location,
    PostalAddress,
    Provider,
    RoomCount,
    Schedule,
    ScheduleException,
    ServiceArea,
    SourcedModel,
    Taxonomy,
    TaxonomyTerm,
)
from fingerpost.web.directory.selectors.own_rows import (
    OwnSources,
    access_in_words,
    documents,
    further_addresses,
    own_attributes,
    own_taxonomies,
    own_terms,
    plain_languages,
    programmes,
    single_prices,
    units,
)
from fingerpost.web.directory.selectors.published import published_listings
from fingerpost.web.foundation.actor import Actor

_AT_ONCE = 2000


def published_rows(actor: Actor, table: str, *, at: datetime) -> Iterator[Any]:
    """The published rows of one table in the order of their ids, a few thousand in memory at a time.

    Some tables hold parts that have no rows of their own here (`own_rows`): those follow.
    """
    if table in _TABLES:
        yield from _TABLES[table](actor).order_by("id").iterator(chunk_size=_AT_ONCE)
    if table in _OWN:
        yield from _OWN[table](_sources(actor, at))


def _listings(actor: Actor) -> QuerySet[Any]:
    return (
        published_listings(actor)
        .defer("search_vector", "source_row")
        .annotate(
            changed_at=F("change__changed_at"),
            shown_provider_id=Case(When(provider__gone_at=None, then=F("provider_id"))),
        )
    )


def _providers(actor: Actor) -> QuerySet[Any]:
    behind = published_listings(actor).exclude(provider=None).values("provider")
    return Provider.objects.filter(id__in=behind, gone_at=None).defer("source_row")


def _pairs(actor: Actor) -> QuerySet[Any]:
    return ListingAtLocation.objects.filter(
        listing__in=published_listings(actor), location__is_confidential=False, location__gone_at=None
    ).defer("source_row")


def _locations(actor: Actor) -> QuerySet[Any]:
    return Location.objects.filter(id__in=_pairs(actor).values("location")).defer("source_row")


def _locations_of_providers(actor: Actor) -> QuerySet[Any]:
    """Places, each with the organisation that it belongs to where that is published."""
    published = When(provider__in=_providers(actor), then=F("provider_id"))
    return _locations(actor).annotate(shown_provider_id=Case(published))


def _parts(model: type[SourcedModel], *owners: str) -> Callable[[Actor], QuerySet[Any]]:
    """Rows that belong to something published, and to nothing that is not: each owner named must be."""
    published: Mapping[str, Callable[[Actor], QuerySet[Any]]] = {
        "listing": published_listings,
        "location": _locations,
        "provider": _providers,
    }

    def rows(actor: Actor) -> QuerySet[Any]:
        found = model.objects.all()
        named = Q()
        for owner in owners:
            found = found.filter(Q(**{owner: None}) | Q(**{f"{owner}__in": published[owner](actor)}))
            named |= Q(**{f"{owner}__isnull": False})
        return found.filter(named).defer("source_row")

    return rows


def _phones(actor: Actor) -> QuerySet[Any]:
    contacts = _parts(ListingContact, "listing", "location", "provider")(actor)
    found = ListingPhone.objects.all()
    for owner, rows in (
        ("listing", published_listings(actor)),
        ("location", _locations(actor)),
        ("provider", _providers(actor)),
        ("contact", contacts),
    ):
        found = found.filter(Q(**{owner: None}) | Q(**{f"{owner}__in": rows}))
    nobodys = Q(listing=None, location=None, provider=None, contact=None)
    return found.exclude(nobodys).defer("source_row")


def _terms(actor: Actor) -> QuerySet[Any]:
    terms = TaxonomyTerm.objects.filter(gone_at=None).select_related("taxonomy").defer("source_row")
    return terms.annotate(shown_parent_id=Case(When(parent__gone_at=None, then=F("parent_id"))))


def _attributes(actor: Actor) -> QuerySet[Any]:
    rows = _parts(Attribute, "listing", "location", "provider")(actor)
    return rows.filter(term__gone_at=None)


_TABLES: Mapping[str, Callable[[Actor], QuerySet[Any]]] = {
    "listing": _listings,
    "provider": _providers,
    "at_location": _pairs,
    "location": _locations_of_providers,
    "postal_address": _parts(PostalAddress, "location", "provider"),
    "schedule": _parts(Schedule, "listing", "location"),
    "schedule_exception": _parts(ScheduleException, "listing", "location"),
    "contact": _parts(ListingContact, "listing", "location", "provider"),
    "phone": _phones,
    "service_area": _parts(ServiceArea, "listing"),
    "cost_option": _parts(CostOption, "listing"),
    "funding": _parts(Funding, "listing", "provider"),
    "language": _parts(Language, "listing", "location"),
    "accessibility": _parts(Accessibility, "location"),
    "identifier": _parts(Identifier, "provider"),
    "room_count": _parts(RoomCount, "listing"),
    "taxonomy": lambda actor: Taxonomy.objects.defer("source_row"),
    "term": _terms,
    "attribute": _attributes,
}
_OWN: Mapping[str, Callable[[OwnSources], Iterable[Any]]] = {
    "cost_option": single_prices,
    "language": plain_languages,
    "accessibility": access_in_words,
    "taxonomy": own_taxonomies,
    "term": own_terms,
    "attribute": own_attributes,
    "programme": programmes,
    "required_document": documents,
    "url": further_addresses,
    "unit": units,
}


def _sources(actor: Actor, at: datetime) -> OwnSources:
    return OwnSources(actor=actor, at=at, rows=lambda table: _TABLES[table](actor))
