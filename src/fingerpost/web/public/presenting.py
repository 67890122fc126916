"""A published listing in plain words: for a card in a list, and for its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from fingerpost.web.directory import api as directory

_SHORT = 180


@dataclass(frozen=True, kw_only=True)
class Card:
    """One listing in a list."""

    name: str
    href: str
    line: str
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where it takes place."""

    name: str
    lines: tuple[str, ...]
    about: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything on the page of one listing."""

    name: str
    alert: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    places: tuple[Place, ...]
    phones: tuple[tuple[str, str, str], ...]
    email: str
    website: str
    provider: str
    has_sessions: bool


def card(one: directory.PublishedListing, hit: directory.SearchHit) -> Card:
    listing = one.listing
    notes = [f"{hit.capacity.words}."] if hit.capacity.set_at else []
    if listing.status == directory.ListingStatus.TEMPORARILY_CLOSED:
        notes.append(_("It is closed for a while."))
    facts = (
        (_("When"), "; ".join(when(one)[:3])),
        (_("Where"), _where(one, hit)),
        (_("Cost"), listing.cost),
    )
    return Card(
        name=listing.name,
        href=reverse("public:listing", args=[listing.id]),
        line=Truncator(" ".join(listing.description.split())).chars(_SHORT),
        facts=tuple(fact for fact in facts if fact[1]),
        notes=tuple(notes),
    )


def sheet(one: directory.PublishedListing, capacity: directory.CapacityNow) -> Sheet:
    listing, provider = one.listing, one.provider.provider if one.provider else None
    facts = (
        (_("When"), "\n".join([*when(one), *_exceptions(one)])),
        (_("Is there room?"), capacity.words if capacity.set_at else ""),
        (
            _("Who it is for"),
            "\n".join(filter(None, [listing.eligibility, _ages(listing), _gender(listing)])),
        ),
        (_("Where people must live"), _areas(one)),
        (_("Cost"), "\n".join(filter(None, [listing.cost, *_prices(one)]))),
        (_("How to join"), listing.how_to_join),
        (_("The first time"), listing.what_to_expect),
        (_("Bring with you"), listing.required_documents),
        (_("May somebody come along?"), _accompaniment(listing)),
        (_("Getting there"), listing.transport),
        (_("Languages"), ", ".join(_languages(one))),
        (_("Getting in and about"), listing.access),
        (_("Checked"), _assured(listing)),
    )
    email = listing.email or (provider.email if provider else "")
    return Sheet(
        name=listing.name,
        alert=listing.alert or _standing(listing),
        paragraphs=tuple(part.strip() for part in listing.description.splitlines() if part.strip()),
        facts=tuple(fact for fact in facts if fact[1]),
        places=tuple(_place(place) for place in one.places),
        phones=tuple((p.number, _dialled(p.number), p.description) for p in one.phones),
        email=email,
        website=listing.url or (provider.url if provider else ""),
        provider=provider.name if provider else "",
        has_sessions=any(s.opens_at for s in one.schedules),
    )


def when(one: directory.PublishedListing) -> list[str]:
    """When it takes place, in words. Hours of places that are kept secret are not among them."""
    said = [
        directory.when_words(
            frequency=s.frequency,
            byday=s.byday,
            opens_at=s.opens_at,
            closes_at=s.closes_at,
            note=s.description,
        )
        for s in one.schedules
    ]
    return [words for words in [*said, one.listing.schedule_note] if words]


def _where(one: directory.PublishedListing, hit: directory.SearchHit) -> str:
    """The nearest place, with its distance when that is known."""
    if not one.places:
        return ""
    names = [", ".join(filter(None, [p.location.name, p.location.town])) for p in one.places]
    nearest = hit.place if hit.place in names else names[0]
    far = hit.distance_words if hit.distance_state == "known" else ""
    return f"{nearest} ({far})" if far else nearest


def _exceptions(one: directory.PublishedListing) -> list[str]:
    said = []
    for row in one.exceptions:
        if row.is_closed:
            words = _("Closed from %(first)s to %(last)s.")
            said.append(words % {"first": _day(row.starts_on), "last": _day(row.ends_on)})
    return said


def _day(day: date) -> str:
    return date_format(day, "j F Y")


def _ages(listing: directory.Listing) -> str:
    low, high = listing.minimum_age, listing.maximum_age
    if low is not None and high is not None:
        return _("People aged %(low)s to %(high)s") % {"low": low, "high": high}
    if low is not None:
        return _("People aged %(low)s and over") % {"low": low}
    return _("People aged up to %(high)s") % {"high": high} if high is not None else ""


def _gender(listing: directory.Listing) -> str:
    wanted = directory.ForGender(listing.for_gender)
    if wanted is directory.ForGender.WOMEN:
        return _("Women only")
    return _("Men only") if wanted is directory.ForGender.MEN else ""


def _areas(one: directory.PublishedListing) -> str:
    return ", ".join(area.name or ", ".join(area.codes) for area in one.service_areas)


def _prices(one: directory.PublishedListing) -> list[str]:
    said = []
    for price in one.cost_options:
        amount = "" if price.amount_pence is None else f"£{price.amount_pence / 100:.2f}"
        free = _("free") if price.amount_pence == 0 else amount if price.currency == "GBP" else ""
        said.append(": ".join(filter(None, [price.name, free or price.description])))
    return said


def _accompaniment(listing: directory.Listing) -> str:
    return str(listing.get_accompaniment_display()) if listing.accompaniment else ""


def _languages(one: directory.PublishedListing) -> Sequence[str]:
    said = [row.name or row.code for row in one.languages] or list(one.listing.languages)
    return [directory.language_name(each) for each in said]


def _assured(listing: directory.Listing) -> str:
    if listing.assured_on is None:
        return ""
    return _("The list it comes from says that this was checked on %(day)s.") % {
        "day": _day(listing.assured_on)
    }


def _standing(listing: directory.Listing) -> str:
    return {
        directory.ListingStatus.TEMPORARILY_CLOSED: _("It is closed for a while."),
        directory.ListingStatus.NOT_STATED: _("We have not been told whether it is running. Ring first."),
    }.get(directory.ListingStatus(listing.status), "")


def _place(place: directory.PublishedPlace) -> Place:
    where = place.location
    lines = [*where.address.splitlines(), where.town, where.postcode]
    about = [where.description, where.access, *(row.description for row in place.accessibility)]
    return Place(
        name=where.name,
        lines=tuple(line.strip() for line in lines if line.strip()),
        about=tuple(words for words in [*about, where.transportation] if words),
    )


def _dialled(number: str) -> str:
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")
