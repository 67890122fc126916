from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fingerpost.kernel.contact_route import Channel, ContactRoute
from fingerpost.kernel.errors import InvalidValue, NotAllowed, NotFound
from fingerpost.kernel.person_identifiers import parse_identifier
from fingerpost.kernel.postcode import Postcode
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.people.enums import ConsentPurpose, IdentifierKind
from fingerpost.web.people.models import Consent, Identifier, Person


@dataclass(frozen=True)
class Known:
    """A person the network already holds. `person_id` only when certain; no page shows it without an involvement."""

    person_id: UUID | None
    is_certain: bool


def person(actor: Actor, *, person_id: UUID) -> Person:
    """One person the actor's organisation is involved with. Raises `NotFound` for anybody else."""
    found = Person.objects.filter(id=person_id).select_related("practice").first()
    if found is None:
        raise NotFound(
            _("There is no such person here, or your organisation is not involved with them."),
            remedy=_("Check the address, or find the person by name or number."),
        )
    return found


def known_in_network(
    actor: Actor, *, kind: str, value: str, birth_date: date, given_name: str, family_name: str
) -> Known | None:
    """Whether the network already holds this person: certain by number and birth date, else by name and birth date."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, certain FROM people_known(%s, %s, %s, %s, %s)",
            [kind, value, birth_date, given_name.strip(), family_name.strip()],
        )
        row = cursor.fetchone()
    return Known(*row) if row else None


def identifier_taken(*, kind: str, value: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_identifier_taken(%s, %s)", [kind, value])
        return bool(cursor.fetchone()[0])


def search(actor: Actor, *, query: str) -> QuerySet[Person]:
    """People the actor is involved with: by number, postcode, birth date (1 2 1950 or 1950-02-01), name, or both.

    By name alone the first hundred in the order of names.
    """
    people = Person.objects.filter(entered_in_error_at=None)
    text = query.strip()
    if not text:
        return people.none()
    condition = _by_number(text) or _by_postcode(text) or _by_birth_date_and_name(text)
    return people.filter(condition).select_related("practice").order_by("family_name", "given_name", "id")


def _by_number(text: str) -> Q | None:
    for kind in IdentifierKind.values:
        try:
            number = parse_identifier(kind, text)
        except InvalidValue:
            continue
        owned = Identifier.objects.filter(kind=kind, value=number.value, entered_in_error_at=None)
        return Q(id__in=owned.values("person_id"))
    return None


def _by_postcode(text: str) -> Q | None:
    try:
        return Q(postcode=str(Postcode.parse(text)))
    except InvalidValue:
        return None


def _by_birth_date_and_name(text: str) -> Q:
    """A birth date leaves few people, whose names are then compared; a name alone goes through its index."""
    found = _DATE.search(text)
    born = _date(found) if found else None
    if found is None or born is None:
        return Q(id__in=_named(text.split()))
    condition = Q(birth_date=born)
    for word in (text[: found.start()] + " " + text[found.end() :]).split():
        condition &= (
            Q(given_name__istartswith=word) | Q(family_name__istartswith=word) | Q(known_as__istartswith=word)
        )
    return condition


_DATE = re.compile(r"(?<!\d)(\d{1,4})[\s/.-]+(\d{1,2})[\s/.-]+(\d{1,4})(?!\d)")
_MOST_BY_NAME = 100


def _date(found: re.Match[str]) -> date | None:
    numbers = [int(part) for part in found.groups()]
    year, month, day = numbers if numbers[0] > 31 else reversed(numbers)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _named(words: list[str]) -> list[UUID]:
    """Ids of people with a name that begins with each word; within involvements, which the function asks itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM people_named(%s, %s)", [words, _MOST_BY_NAME])
        return [row[0] for row in cursor.fetchall()]


def people_by_id(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Person]:
    return {p.id: p for p in Person.objects.filter(id__in=set(ids))}


def identifiers_of(actor: Actor, *, person_id: UUID) -> list[Identifier]:
    found = Identifier.objects.filter(person_id=person_id, entered_in_error_at=None)
    return list(found.order_by("kind"))


def live_consents(actor: Actor, *, person_id: UUID, purpose: ConsentPurpose | None = None) -> list[Consent]:
    found = Consent.objects.filter(person_id=person_id, withdrawn_at=None)
    if purpose:
        found = found.filter(purpose=purpose)
    return list(found.order_by("given_at"))


def safe_route(person: Person, purpose: str) -> ContactRoute:
    """A way to write to a person that they said is safe. Raises `NotAllowed` when there is none.

    Their own addresses count as confirmed: they gave them to the referrer or to the link worker.
    """
    if person.email and person.email_is_safe:
        return ContactRoute(channel=Channel.EMAIL, address=person.email, purpose=purpose, confirmed=True)
    if person.phone and person.text_is_safe:
        try:
            return ContactRoute(channel=Channel.SMS, address=person.phone, purpose=purpose, confirmed=True)
        except InvalidValue:
            pass  # a landline: no text can be sent to it
    raise NotAllowed(
        _("There is no safe way to write to this person."),
        reason="no_safe_route",
        remedy=_("Ring them if that is safe, or ask how they would like to be reached."),
    )
