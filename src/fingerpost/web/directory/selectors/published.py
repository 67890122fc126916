"""The published directory: what anybody may read of it without an account. Each page is a fixed number of queries.

Everything that leaves by Open Referral, the package or the public pages comes through `published_listings`, so that
what is not published is left out in one place: closed, gone and merged listings, confidential places and
whatever belongs to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Model, Q, QuerySet

from fingerpost.kernel.errors import NotFound
from fingerpost.web.directory.lifecycle import CLOSED_STATUSES
from fingerpost.web.directory.models import (
    Accessibility,
    Attribute,
    CostOption,
    Funding,
    Identifier,
    Language,
    Listing,
    ListingAtLocation,
    ListingContact,
    ListingPhone,
    Provider,
    Schedule,
    ScheduleException,
    ServiceArea,
    SourcedModel,
    Taxonomy,
    TaxonomyTerm,
)
from fingerpost.web.directory.published_types import (
    Page,
    PublishedCriteria,
    PublishedListing,
    PublishedPair,
    PublishedPlace,
    PublishedProvider,
)
from fingerpost.web.directory.selectors.matching import understand
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import current_actor
from fingerpost.web.geography.api import box_around

M = TypeVar("M", bound=Model)
_METRES = """12742017.6 * asin(sqrt(least(1.0, power(sin(radians(directory_location.latitude - %s) / 2), 2)
    + cos(radians(%s)) * cos(radians(directory_location.latitude))
    * power(sin(radians(directory_location.longitude - %s) / 2), 2))))"""


class _Compiled(SearchQuery):
    """A text query as PostgreSQL writes it."""

    template = "%(expressions)s::tsquery"


def published_listings(actor: Actor) -> QuerySet[Listing]:
    """Every listing that is published."""
    return Listing.objects.filter(gone_at=None, merged_into=None).exclude(status__in=CLOSED_STATUSES)


def published_changes(actor: Actor) -> QuerySet[Listing, tuple[UUID, datetime | None]]:
    """Every published listing's id and when it last changed, in the order of the ids."""
    return published_listings(actor).order_by("id").values_list("id", "change__changed_at")


def published_page(
    actor: Actor, criteria: PublishedCriteria, *, whole: bool = False
) -> Page[PublishedListing]:
    """Published listings that match, in the order of their ids: the same for as long as nothing is added."""
    found = _matching(actor, criteria)
    rows = list(_read(found).order_by("id")[_slice(criteria)])
    return Page(
        number=criteria.page,
        per_page=criteria.per_page,
        total=found.count(),
        items=tuple(_with_parts(rows) if whole else map(_bare, rows)),
    )


def published_listing(actor: Actor, *, listing_id: UUID) -> PublishedListing:
    """One published listing with everything that belongs to it. Raises `NotFound`."""
    rows = list(_read(published_listings(actor).filter(id=listing_id)))
    if not rows:
        raise NotFound("This listing is not published.", expected="the id of a listing that is")
    return _with_parts(rows)[0]


def published_by_id(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, PublishedListing]:
    """Those of the listings that are published, with everything that belongs to them."""
    rows = list(_read(published_listings(actor).filter(id__in=list(ids))))
    return {one.listing.id: one for one in _with_parts(rows)}


def published_pairs(actor: Actor, criteria: PublishedCriteria) -> Page[PublishedPair]:
    """Published listings at places that are no secret, in the order of their ids."""
    found = _near(_pairs(actor).filter(listing__in=_matching(actor, criteria)), criteria)
    rows = list(found.order_by("id")[_slice(criteria)])
    pairs = [PublishedPair(listing=_bare(row.listing), place=_bare_place(row)) for row in rows]
    return Page(number=criteria.page, per_page=criteria.per_page, total=found.count(), items=tuple(pairs))


def published_pair(actor: Actor, *, pair_id: UUID) -> PublishedPair:
    """One published listing at one place, with everything. Raises `NotFound`."""
    row = _pairs(actor).filter(id=pair_id, listing__in=published_listings(actor)).first()
    if row is None:
        raise NotFound(
            "This is not published.", expected="the id of a listing at a place that are both published"
        )
    listing = _with_parts([row.listing])[0]
    place = next(place for place in listing.places if place.id == row.id)
    return PublishedPair(listing=listing, place=place)


def taxonomies(actor: Actor) -> QuerySet[Taxonomy]:
    """Every list of terms that the directory holds."""
    return Taxonomy.objects.order_by("id")


def taxonomy_terms(actor: Actor) -> QuerySet[TaxonomyTerm]:
    """Every term of those lists that is still used."""
    return TaxonomyTerm.objects.select_related("taxonomy").filter(gone_at=None).order_by("id")


def page_of(rows: QuerySet[M], *, page: int, per_page: int) -> Page[M]:
    """One page of rows that are in order."""
    first = (page - 1) * per_page
    return Page(
        number=page, per_page=per_page, total=rows.count(), items=tuple(rows[first : first + per_page])
    )


def _slice(criteria: PublishedCriteria) -> slice:
    first = (criteria.page - 1) * criteria.per_page
    return slice(first, first + criteria.per_page)


def _read(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    return (
        listings.select_related("provider")
        .defer("search_vector", "source_row", "provider__source_row")
        .annotate(changed_at=F("change__changed_at"))
    )


def _pairs(actor: Actor) -> QuerySet[ListingAtLocation]:
    return (
        ListingAtLocation.objects.filter(location__is_confidential=False, location__gone_at=None)
        .select_related("listing", "listing__provider", "location")
        .defer(
            "source_row",
            "listing__search_vector",
            "listing__source_row",
            "listing__provider__source_row",
            "location__source_row",
        )
        .annotate(changed_at=F("listing__change__changed_at"))
    )


def _matching(actor: Actor, criteria: PublishedCriteria) -> QuerySet[Listing]:
    found = published_listings(actor)
    if criteria.words:
        query = understand(criteria.words, system_id=current_actor().system_id).every_term()
        found = found.filter(search_vector=_Compiled(query)) if query else found
    if criteria.minimum_age is not None:
        found = found.filter(minimum_age__gte=criteria.minimum_age)
    if criteria.maximum_age is not None:
        found = found.filter(maximum_age__lte=criteria.maximum_age)
    if criteria.modified_after is not None:
        found = found.filter(change__changed_at__gte=criteria.modified_after)
    return _of_terms(_at_times(_for_people_of(found, criteria), criteria), criteria)


def _of_terms(found: QuerySet[Listing], criteria: PublishedCriteria) -> QuerySet[Listing]:
    if criteria.term_id:
        found = found.filter(
            id__in=Attribute.objects.filter(term=criteria.term_id, listing__isnull=False).values("listing")
        )
    if criteria.taxonomy_id:
        found = found.filter(
            id__in=Attribute.objects.filter(
                term__taxonomy=criteria.taxonomy_id, listing__isnull=False
            ).values("listing")
        )
    return found


def _at_times(found: QuerySet[Listing], criteria: PublishedCriteria) -> QuerySet[Listing]:
    """One and the same session must fit the day and both times."""
    wanted = Q()
    if criteria.day:
        wanted &= Q(byday__contains=criteria.day)
    if criteria.starts_from:
        wanted &= Q(opens_at__gte=criteria.starts_from)
    if criteria.ends_by:
        wanted &= Q(closes_at__lte=criteria.ends_by)
    if not wanted:
        return found
    return found.filter(id__in=_open_schedules().filter(wanted, listing__isnull=False).values("listing"))


def _for_people_of(found: QuerySet[Listing], criteria: PublishedCriteria) -> QuerySet[Listing]:
    """Without listings that say where people must live, in codes, and do not name this place."""
    if not criteria.outward_code:
        return found
    coded = ServiceArea.objects.exclude(codes=[])
    here = coded.filter(codes__contains=[criteria.outward_code])
    return found.filter(~Q(id__in=coded.values("listing")) | Q(id__in=here.values("listing")))


def _near(pairs: QuerySet[ListingAtLocation], criteria: PublishedCriteria) -> QuerySet[ListingAtLocation]:
    """Within the distance. A confidential place is not among the pairs, so no distance says anything of it."""
    if criteria.near is None or criteria.within_metres is None:
        return pairs
    north, east = criteria.near.latitude, criteria.near.longitude
    box = box_around(criteria.near, criteria.within_metres / 1000)
    boxed = pairs.filter(
        location__latitude__range=(box.south, box.north), location__longitude__range=(box.west, box.east)
    )
    values = [north, north, east, criteria.within_metres]
    return boxed.extra(where=[f"{_METRES} <= %s"], params=values)  # noqa: S610 - a constant, with parameters


def _bare(row: Listing) -> PublishedListing:
    return PublishedListing(
        listing=row, changed_at=getattr(row, "changed_at", None), provider=_provider(row, {}, {})
    )


def _bare_place(row: ListingAtLocation) -> PublishedPlace:
    return PublishedPlace(id=row.id, description=row.description, location=row.location)


def _provider(
    row: Listing, identifiers: dict[UUID, list[Any]], attributes: dict[UUID, list[Any]]
) -> PublishedProvider | None:
    one: Provider | None = row.provider
    if one is None or one.gone_at is not None:
        return None
    return PublishedProvider(
        provider=one,
        identifiers=tuple(identifiers.get(one.id, ())),
        attributes=tuple(attributes.get(one.id, ())),
    )


def _open_schedules() -> QuerySet[Schedule]:
    """Without the hours of a confidential place."""
    return Schedule.objects.filter(Q(location=None) | Q(location__is_confidential=False))


def _with_parts(rows: Sequence[Listing]) -> list[PublishedListing]:
    """Everything that belongs to these listings: as many queries for a hundred as for one."""
    listings = [row.id for row in rows]
    providers = {row.provider_id for row in rows if row.provider_id}
    open_place = Q(location=None) | Q(location__is_confidential=False)
    pairs = _grouped(_pairs(current_actor()).filter(listing__in=listings).order_by("id"), "listing_id")
    places = {pair.location_id for found in pairs.values() for pair in found}
    of_listing = {
        model: _grouped(model.objects.filter(open_place, listing__in=listings).order_by("id"), "listing_id")
        if _has(model, "location")
        else _grouped(model.objects.filter(listing__in=listings).order_by("id"), "listing_id")
        for model in (
            Schedule,
            ScheduleException,
            ServiceArea,
            Language,
            Funding,
            CostOption,
            ListingContact,
        )
    }
    numbers = list(_phones_of(listings, places, providers))
    said = list(
        Attribute.objects.filter(Q(listing__in=listings) | Q(location__in=places) | Q(provider__in=providers))
        .select_related("term", "term__taxonomy")
        .order_by("id")
    )
    accessibility = _grouped(Accessibility.objects.filter(location__in=places).order_by("id"), "location_id")
    identifiers = _grouped(Identifier.objects.filter(provider__in=providers).order_by("id"), "provider_id")
    attributes = {key: _by(said, f"{key}_id") for key in ("listing", "location", "provider")}
    return [
        PublishedListing(
            listing=row,
            changed_at=getattr(row, "changed_at", None),
            provider=_provider(row, identifiers, attributes["provider"]),
            places=tuple(
                PublishedPlace(
                    id=pair.id,
                    description=pair.description,
                    location=pair.location,
                    accessibility=tuple(accessibility.get(pair.location_id, ())),
                    attributes=tuple(attributes["location"].get(pair.location_id, ())),
                )
                for pair in pairs.get(row.id, ())
            ),
            schedules=tuple(of_listing[Schedule].get(row.id, ())),
            exceptions=tuple(of_listing[ScheduleException].get(row.id, ())),
            service_areas=tuple(of_listing[ServiceArea].get(row.id, ())),
            languages=tuple(of_listing[Language].get(row.id, ())),
            funding=tuple(of_listing[Funding].get(row.id, ())),
            cost_options=tuple(of_listing[CostOption].get(row.id, ())),
            contacts=tuple(of_listing[ListingContact].get(row.id, ())),
            phones=_phones(row, {pair.location_id for pair in pairs.get(row.id, ())}, numbers),
            attributes=tuple(attributes["listing"].get(row.id, ())),
        )
        for row in rows
    ]


def _phones_of(
    listings: Iterable[UUID], places: Iterable[UUID], providers: Iterable[UUID]
) -> QuerySet[ListingPhone]:
    """Numbers of listings, of places that are no secret, and of providers; none that is also of a secret place."""
    open_place = Q(location=None) | Q(location__is_confidential=False)
    wanted = Q(listing__in=listings) | Q(location__in=places) | Q(provider__in=providers)
    return ListingPhone.objects.filter(open_place, wanted).defer("source_row").order_by("id")


def _phones(row: Listing, places: set[UUID], numbers: Iterable[ListingPhone]) -> tuple[ListingPhone, ...]:
    """The numbers of a listing and of its places; where there is none, those of its provider."""
    own = [p for p in numbers if p.listing_id == row.id or (p.listing_id is None and p.location_id in places)]
    if own or row.provider is None or row.provider.gone_at is not None:
        return tuple(own)
    return tuple(
        p
        for p in numbers
        if p.provider_id == row.provider_id and p.listing_id is None and p.location_id is None
    )


def _has(model: type[SourcedModel], name: str) -> bool:
    return any(field.name == name for field in model._meta.concrete_fields)


def _grouped(rows: QuerySet[Any], key: str) -> dict[UUID, list[Any]]:
    return _by(rows.defer("source_row"), key)


def _by(rows: Iterable[Any], key: str) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        if getattr(row, key) is not None:
            found[getattr(row, key)].append(row)
    return found
