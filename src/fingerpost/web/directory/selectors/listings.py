"""One listing with everything its page shows, and the ways to reach it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fingerpost.kernel.contact_route import Channel, ContactRoute
from fingerpost.kernel.errors import NotAllowed, NotFound
from fingerpost.web.directory.capacity import NOT_KNOWN, CapacityNow
from fingerpost.web.directory.enums import EmailState
from fingerpost.web.directory.lifecycle import CLOSED_STATUSES
from fingerpost.web.directory.models import (
    EmailAddress,
    Listing,
    ListingContact,
    ListingPhone,
    Location,
    Provider,
    Schedule,
    Source,
    SourceFault,
    SourceImport,
)
from fingerpost.web.directory.schedule_words import when_words
from fingerpost.web.directory.selectors.hits import capacities_of
from fingerpost.web.directory.selectors.trust import area_rules, capacity_lasts, trust_of_listings
from fingerpost.web.directory.trust import Trust
from fingerpost.web.foundation.actor import Actor


@dataclass(frozen=True, kw_only=True)
class ListingDetails:
    """A listing as its page shows it. Confidential places are among `places`, without an address."""

    listing: Listing
    provider: Provider | None
    source: Source
    places: tuple[Location, ...]
    schedules: tuple[Schedule, ...]
    when: tuple[str, ...]
    phones: tuple[ListingPhone, ...]
    contacts: tuple[ListingContact, ...]
    email: str
    email_state: EmailState | None
    capacity: CapacityNow
    doubts: tuple[str, ...]
    trust: Trust
    faults: tuple[SourceFault, ...]


def listing(actor: Actor, *, listing_id: UUID) -> Listing:
    """A listing, open or not: connections to it outlive it. Raises `NotFound`."""
    found = _listings().filter(id=listing_id).first()
    if found is None:
        raise NotFound(
            _("This listing is not in the directory."),
            expected=_("A listing of your own area."),
            remedy=_("Search for it by name."),
        )
    return found


def system_of_listing(listing_id: UUID) -> UUID:
    """To which system a listing belongs, for somebody who has not signed in. Raises `NotFound`."""
    found = Listing._base_manager.filter(id=listing_id).values_list("system_id", flat=True).first()
    if found is None:
        raise NotFound(_("This listing is not in the directory."), remedy=_("Search for it by name."))
    return found


def open_listing(actor: Actor, *, listing_id: UUID) -> Listing:
    """A listing that anybody may be shown. Raises `NotFound` for one that is closed or gone."""
    found = open_listings(actor).filter(id=listing_id).first()
    if found is None:
        raise NotFound(_("This listing is not in the directory."), remedy=_("Search for it by name."))
    return found


def listings_by_id(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Listing]:
    """Those of the listings that the directory holds, open or not; one query."""
    return _listings().in_bulk(list(ids))


def open_listings(actor: Actor) -> QuerySet[Listing]:
    """Every listing that search may show, by name."""
    return (
        _listings()
        .filter(gone_at=None, merged_into=None)
        .exclude(status__in=CLOSED_STATUSES)
        .order_by("name", "id")
    )


def with_secret_places(actor: Actor, ids: Iterable[UUID]) -> set[UUID]:
    """Those of the listings of which a place is kept secret."""
    secret = Location.objects.filter(is_confidential=True, gone_at=None, at_listings__listing__in=list(ids))
    return set(secret.values_list("at_listings__listing", flat=True)) & set(ids)


def listing_details(actor: Actor, *, listing_id: UUID, at: datetime) -> ListingDetails:
    """Everything about one listing; a fixed number of queries. Raises `NotFound`."""
    one = listing(actor, listing_id=listing_id)
    places = list(
        Location.objects.filter(at_listings__listing=one, gone_at=None).order_by("name", "id").distinct()
    )
    schedules = _schedules(one, places)
    address, rules = _address(one), area_rules(actor)
    trust = trust_of_listings(actor, [one.id], at=at, rules=rules)[one.id]
    return ListingDetails(
        listing=one,
        provider=one.provider,
        source=one.source,
        places=tuple(places),
        schedules=tuple(schedules),
        when=_when(one, schedules),
        phones=tuple(_phones(one, places)),
        contacts=tuple(ListingContact.objects.filter(listing=one).order_by("name", "id")),
        email=address,
        email_state=email_state(actor, address=address) if address else None,
        capacity=capacities_of([one.id], at=at, lasts=capacity_lasts(actor, rules)).get(one.id, NOT_KNOWN),
        doubts=trust.doubts,
        trust=trust,
        faults=tuple(SourceFault.objects.filter(listing=one).order_by("kind", "id")),
    )


def contact_route(actor: Actor, *, listing_id: UUID, purpose: str) -> ContactRoute:
    """The e-mail route to whoever runs a listing.

    `confirmed` (and `detail_allowed`) only when they have answered from it: until then a message carries no
    personal data. Raises `NotFound` when no address is known, `NotAllowed` when nobody has checked it
    (reason "unchecked") or they asked not to be written to (reason "refused").
    """
    address = _address(listing(actor, listing_id=listing_id))
    if not address:
        raise NotFound(
            _("No e-mail address is known for this listing."), remedy=_("Ring them, or ask for an address.")
        )
    state = email_state(actor, address=address)
    if state is EmailState.REFUSED:
        raise NotAllowed(
            _("They asked not to be written to at this address."),
            reason="refused",
            remedy=_("Ring them instead."),
        )
    if state is EmailState.UNCHECKED:
        raise NotAllowed(
            _("Nobody has checked yet that this address is right, so nothing may be sent to it."),
            reason="unchecked",
            remedy=_("Check it, for instance by ringing them, and then say here that it is right."),
        )
    is_theirs = state is EmailState.CONFIRMED
    return ContactRoute(Channel.EMAIL, address, purpose, confirmed=is_theirs, detail_allowed=is_theirs)


def email_state(actor: Actor, *, address: str) -> EmailState:
    """How far an address may be relied on; one that is not known has been checked by nobody."""
    found = EmailAddress.objects.filter(address=address.lower()).values_list("state", flat=True).first()
    return EmailState(found) if found else EmailState.UNCHECKED


def email_states(actor: Actor, addresses: Iterable[str]) -> dict[str, EmailState]:
    """How far each of these addresses may be relied on, by the address in small letters."""
    asked = {address.lower() for address in addresses if address}
    known = dict(EmailAddress.objects.filter(address__in=asked).values_list("address", "state"))
    return {one: EmailState(known.get(one, EmailState.UNCHECKED)) for one in asked}


def phones_of(actor: Actor, *, listing_id: UUID) -> list[ListingPhone]:
    """Numbers of a listing, else of its provider."""
    return _phones(listing(actor, listing_id=listing_id), [])


def imports(actor: Actor) -> QuerySet[SourceImport]:
    """What was imported, newest first."""
    return SourceImport.objects.select_related("source").order_by("-imported_at", "-id")


def faults_of_source(actor: Actor, *, source_name: str) -> QuerySet[SourceFault]:
    """Every named fault of a source, as last read."""
    return SourceFault.objects.filter(source__name=source_name).order_by("file", "kind", "line", "id")


def when_of(actor: Actor, listings: Iterable[Listing]) -> dict[UUID, tuple[str, ...]]:
    """When each of several listings takes place, in words; one query for all of them."""
    asked = list(listings)
    own = Schedule.objects.filter(listing__in=asked).order_by("opens_at", "source_key")
    timed: dict[UUID | None, list[Schedule]] = defaultdict(list)
    for schedule in own:
        timed[schedule.listing_id].append(schedule)
    return {one.id: _when(one, timed[one.id]) for one in asked}


def _listings() -> QuerySet[Listing]:
    return Listing.objects.select_related("provider", "source").defer("search_vector", "source_row")


def _address(one: Listing) -> str:
    """The listing's own address, else its provider's."""
    return one.email or (one.provider.email if one.provider else "")


def _schedules(one: Listing, places: list[Location]) -> list[Schedule]:
    """The listing's own schedules, else the opening times of its places."""
    own = list(Schedule.objects.filter(listing=one).order_by("opens_at", "source_key"))
    return own or list(Schedule.objects.filter(location__in=places).order_by("opens_at", "source_key"))


def _when(one: Listing, schedules: list[Schedule]) -> tuple[str, ...]:
    said = [
        when_words(
            frequency=s.frequency,
            byday=s.byday,
            opens_at=s.opens_at,
            closes_at=s.closes_at,
            note=s.description,
        )
        for s in schedules
    ]
    return tuple(words for words in [*said, one.schedule_note] if words)


def _phones(one: Listing, places: list[Location]) -> list[ListingPhone]:
    own = ListingPhone.objects.filter(Q(listing=one) | Q(location__in=places)).order_by("listing_id", "id")
    return list(own) or list(
        ListingPhone.objects.filter(provider=one.provider_id).exclude(provider=None).order_by("id")
    )
