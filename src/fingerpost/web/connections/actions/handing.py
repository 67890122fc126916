"""Sending somebody a short list of places by e-mail: what is published of each, a first name, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from fingerpost.kernel.contact_route import ContactRoute
from fingerpost.kernel.errors import Conflict, InvalidValue, NotAllowed
from fingerpost.web.casework import api as casework
from fingerpost.web.connections.enums import AgreedHow
from fingerpost.web.connections.policies import ABOUT_LIST, check_can_connect
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.messaging import api as messaging
from fingerpost.web.people import api as people
from fingerpost.web.tenancy import api as tenancy

MOST_ON_LIST = 6  # what fits in a head
_PURPOSE = "short list"
_SHORT = 200


@dataclass(frozen=True, kw_only=True)
class Place:
    """One listing as the e-mail tells it. `address` is that of its public page; empty where none is published."""

    name: str
    line: str
    facts: tuple[tuple[str, str], ...]
    address: str


@dataclass(frozen=True, kw_only=True)
class ListLetter:
    """The e-mail as it would go now. `secret` names those whose address is kept secret, also from this e-mail."""

    route: ContactRoute
    composed: messaging.Composed
    secret: tuple[str, ...]


def write_list(actor: Actor, *, case: casework.Case, listing_ids: Sequence[UUID]) -> ListLetter:
    """The e-mail, to be looked at before it goes. Writes nothing.

    Raises `InvalidValue` for an empty list, `Conflict` where a listing has closed, and what `people.email_route`
    raises where the person cannot or must not be written to.
    """
    check_can_connect(actor, case)
    ids = list(dict.fromkeys(listing_ids))
    _check_length(ids)
    if case.person.died_on:
        raise NotAllowed(_("This person has died. Nothing is sent to them."), reason="died")
    route = people.email_route(case.person, _PURPOSE, worker_id=actor.user_id, detail_agreed=True)
    found = directory.published_by_id(actor, ids)
    _check_open(actor, [each for each in ids if each not in found])
    secret = directory.with_secret_places(actor, ids)
    has_pages = _has_public_pages(actor)
    composed = messaging.compose(
        "connections/email/short_list",
        {
            "first_name": case.person.called,
            "places": [_place(found[each], is_secret=each in secret, has_page=has_pages) for each in ids],
        },
        sender=messaging.Sender.of(case.scheme_id),
    )
    return ListLetter(
        route=route,
        composed=composed,
        secret=tuple(found[each].listing.name for each in ids if each in secret),
    )


@transaction.atomic
def send_list(
    *, case: casework.Case, listing_ids: Sequence[UUID], consent_how: str, by: Actor, at: datetime
) -> messaging.Message:
    """Send it. That they agreed to get it by e-mail is recorded with it. Raises as `write_list`."""
    if consent_how not in AgreedHow.values:
        raise InvalidValue(
            _("Nothing is sent until the person has said that they want it by e-mail."),
            field="consent_how",
            remedy=_("Ask them, and say how they told you."),
        )
    letter = write_list(by, case=case, listing_ids=listing_ids)
    people.record_consent(
        person_id=case.person_id,
        purpose=people.ConsentPurpose.LIST_BY_EMAIL,
        recipient_id=case.scheme_id,
        recipient_label=case.scheme.name[:200],
        how=consent_how,
        by=by,
        at=at,
    )
    for each in dict.fromkeys(listing_ids):
        directory.count_use(listing_id=each, at=at)
    return messaging.send(
        route=letter.route,
        subject=letter.composed.subject,
        text=letter.composed.text,
        html=letter.composed.html,
        language=letter.composed.language,
        by=by,
        at=at,
        organisation_id=case.scheme_id,
        about=(ABOUT_LIST, case.id),
        recipient_label=case.person.full_name,
        carries_personal_data=True,
        person_id=case.person_id,
    )


def _check_length(ids: Sequence[UUID]) -> None:
    if not ids:
        raise InvalidValue(
            _("Nothing is on the list yet."),
            field="listings",
            remedy=_("Find a group, and press “Put on their list” beside it."),
        )
    if len(ids) > MOST_ON_LIST:
        raise InvalidValue(
            _("A list holds %(most)s at most. Take one off first.") % {"most": MOST_ON_LIST}, field="listings"
        )


def _check_open(actor: Actor, missing: Sequence[UUID]) -> None:
    if missing:
        named = directory.listings_by_id(actor, missing)
        names = ", ".join(one.name for one in named.values()) or _("One of them")
        raise Conflict(
            _("%(names)s: this has closed since it was put on the list.") % {"names": names},
            remedy=_("Take it off the list, then look at the e-mail again."),
        )


def _has_public_pages(actor: Actor) -> bool:
    """Whether the directory of the actor's system is the one that is published at our own address."""
    published = tenancy.published_system(urlsplit(settings.FINGERPOST_BASE_URL).hostname or "")
    return published is not None and published.pk == actor.system_id


def _place(one: directory.PublishedListing, *, is_secret: bool, has_page: bool) -> Place:
    """What is published, and no more: hours, numbers and the address of a secret place are not among it."""
    listing = one.listing
    phone = one.phones[0].number if one.phones else ""
    facts = [
        (_("When"), "; ".join(_when(one)[:4])),
        (_("Where"), _where(one, is_secret=is_secret)),
        (_("Cost"), listing.cost or (_("Free") if listing.cost_pence == 0 else "")),
        (_("Who it is for"), listing.eligibility),
        (_("The first visit"), listing.what_to_expect),
        (_("How to join"), listing.how_to_join),
        (_("Phone"), phone),
    ]
    return Place(
        name=listing.name,
        line=Truncator(" ".join(listing.description.split())).chars(_SHORT),
        facts=tuple((question, answer) for question, answer in facts if answer),
        address=links.absolute(reverse("public:listing", args=[listing.id])) if has_page else "",
    )


def _when(one: directory.PublishedListing) -> list[str]:
    said = [
        directory.when_words(
            frequency=row.frequency,
            byday=row.byday,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            note=row.description,
        )
        for row in one.schedules
    ]
    return [words for words in [*said, one.listing.schedule_note] if words]


def _where(one: directory.PublishedListing, *, is_secret: bool) -> str:
    places = [
        ", ".join(part for part in (row.name, *row.address.splitlines(), row.town, row.postcode) if part)
        for row in (place.location for place in one.places[:3])
    ]
    if is_secret:
        places.append(_("The address is kept secret. Ask them how to get there."))
    return "; ".join(places)
