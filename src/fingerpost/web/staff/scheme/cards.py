"""Listings as cards: what it is, when, where, what it costs, whether there is room, and how far to trust it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from fingerpost.web.connections.api import Connection
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import Listing, SearchHit, SearchResults
from fingerpost.web.foundation.actor import Actor

TRUST_TONES = {
    directory.TrustState.CHECKED: "good",
    directory.TrustState.ASK_FIRST: "waiting",
    directory.TrustState.DOUBTFUL: "stopped",
    directory.TrustState.CLOSED: "stopped",
}


@dataclass(frozen=True)
class TrustShown:
    """One word with its colour, and the sentences that explain it."""

    word: str
    tone: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Card:
    """One listing found, every fact in words; empty where nothing is known."""

    id: UUID
    name: str
    provider: str
    line: str
    when: str
    where: str
    cost: str
    room: str
    trust: TrustShown
    why: tuple[str, ...]
    might_not_fit: tuple[str, ...]
    connected: UUID | None


def cards_of(
    actor: Actor, results: SearchResults, *, connected: dict[UUID, Connection] | None = None
) -> list[Card]:
    """The cards of one page of results; one query for all their times."""
    when = directory.when_of(actor, [hit.listing for hit in results.hits])
    live = connected or {}
    return [_card(hit, when[hit.listing.id], live.get(hit.listing.id)) for hit in results.hits]


def _card(hit: SearchHit, when: tuple[str, ...], connection: Connection | None) -> Card:
    one = hit.listing
    return Card(
        id=one.id,
        name=one.name,
        provider=hit.provider_name if hit.provider_name != one.name else "",
        line=Truncator(" ".join(one.description.split())).chars(160),
        when="; ".join(when[:2]),
        where=_where(hit),
        cost=cost_in_words(one),
        room=hit.capacity.words,
        trust=trust_in_words(hit.trust),
        why=hit.why,
        might_not_fit=hit.might_not_fit,
        connected=connection.id if connection else None,
    )


def _where(hit: SearchHit) -> str:
    parts: Iterable[str] = [hit.place, hit.distance_words]
    return ", ".join(part for part in parts if part) or _("no location known")


def cost_in_words(listing: Listing) -> str:
    if listing.cost:
        return listing.cost
    return _("Free") if listing.cost_pence == 0 else ""


def trust_in_words(trust: directory.Trust) -> TrustShown:
    """How far it may be relied on, and every reason, the gravest first."""
    state = directory.TrustState(trust.state)
    return TrustShown(str(state.label), TRUST_TONES[state], trust.sentences)


def facts_of(details: directory.ListingDetails) -> list[tuple[str, str]]:
    """Everything a worker may want to know before ringing, as question and answer; what is not known left out."""
    one = details.listing
    said = [
        (_("What it is"), one.description),
        (_("When"), "; ".join(details.when)),
        (_("Where"), "; ".join(place_in_words(place) for place in details.places)),
        (_("Cost"), cost_in_words(one)),
        (_("Room now"), details.capacity.words),
        (_("Who it is for"), one.eligibility),
        (_("The first visit"), one.what_to_expect),
        (_("How to join"), one.how_to_join),
        (_("To bring along"), one.required_documents),
        (_("Getting in and taking part"), one.access),
        (_("Coming along"), str(one.get_accompaniment_display()) if one.accompaniment else ""),
        (_("Getting there"), one.transport),
        (_("Languages"), ", ".join(directory.language_name(code) for code in one.languages)),
        (_("Phone"), "; ".join(phone.number for phone in details.phones)),
        (_("E-mail"), _email(details)),
        (_("Where this comes from"), details.source.label),
    ]
    return [(question, answer) for question, answer in said if answer]


def place_in_words(place: directory.Location) -> str:
    """Name and address, or that the address is kept confidential."""
    if place.is_confidential:
        return _("the address is kept confidential")
    return ", ".join(part for part in (place.name, place.address, place.town, place.postcode) if part)


def _email(details: directory.ListingDetails) -> str:
    if not details.email or details.email_state is None:
        return ""
    return _("%(address)s: %(state)s") % {
        "address": details.email,
        "state": str(details.email_state.label),
    }
