from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.utils.translation import gettext as _

from fingerpost.kernel import clock
from fingerpost.kernel.contact_route import Channel, ContactRoute, broken_rule
from fingerpost.kernel.errors import InvalidValue, NotAllowed, NotFound
from fingerpost.kernel.person_identifiers import parse_identifier
from fingerpost.kernel.postcode import Postcode
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.people.enums import ConsentPurpose, IdentifierKind, InvolvementKind, SealKind
from fingerpost.web.people.models import (
    Consent,
    ContactCondition,
    EmergencyOpening,
    Identifier,
    Involvement,
    Person,
    Seal,
)
from fingerpost.web.people.policies import only_in_emergency
from fingerpost.web.people.rules import check_may_reach, rules_of
from fingerpost.web.people.sealed_thing import SealedThing


@dataclass(frozen=True)
class Known:
    """A person the network already holds. `person_id` only when certain; no page shows it without an involvement."""

    person_id: UUID | None
    is_certain: bool


def person(actor: Actor, *, person_id: UUID) -> Person:
    """One person the actor's organisation is involved with. Raises `NotFound` for anybody else.

    Raises `NotAllowed` for whom only an emergency opens: `opening` reads them, under its banner.
    """
    found = (
        Person.objects.filter(id=person_id)
        .select_related("practice")
        .annotate(is_open=_asks("people_open_now", "id"), is_worked_with=_asks("people_is_involved", "id"))
        .first()
    )
    if found is None:
        raise NotFound(
            _("There is no such person here, or your organisation is not involved with them."),
            remedy=_("Check the address, or find the person by name or number."),
        )
    if found.is_open and not found.is_worked_with:
        raise only_in_emergency()
    return found


def _asks(function: str, column: str) -> Func:
    """A question that the database answers about a person."""
    return Func(F(column), function=function, output_field=BooleanField())


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
    # What is open in an emergency alone is read where it was opened, and turns up in no list.
    opened = EmergencyOpening.objects.filter(person_id__isnull=False, ends_at__gt=clock.now())
    opened = opened.alias(works=_asks("people_is_involved", "person_id")).filter(works=False)
    people = people.exclude(id__in=opened.values("person_id"))
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


def safe_route(person: Person, purpose: str, *, worker_id: UUID | None = None) -> ContactRoute:
    """A way to write to a person that they said is safe, and that no condition forbids today.

    `worker_id` is the account that writes: a condition may leave only one. Raises `NotAllowed` when there is no way.
    Their own addresses count as confirmed: they gave them to the referrer or to the link worker.
    """
    rules = rules_of(person.id)
    ways = (
        (Channel.EMAIL, person.email, person.email_is_safe),
        (Channel.SMS, person.phone, person.text_is_safe),
    )
    for channel, address, is_safe in ways:
        if not (address and is_safe):
            continue
        if broken_rule(rules, channel=channel, address=address, on=clock.today(), worker_id=worker_id):
            continue
        try:
            return ContactRoute(
                channel=channel, address=address, purpose=purpose, confirmed=True, person_id=person.id
            )
        except InvalidValue:
            pass  # a landline: no text can be sent to it
    raise NotAllowed(
        _("There is no safe way to write to this person."),
        reason="no_safe_route",
        remedy=_("Ring them if that is safe, or ask how they would like to be reached."),
    )


def email_route(person: Person, purpose: str, *, worker_id: UUID | None, detail_agreed: bool) -> ContactRoute:
    """Their own e-mail address, for `worker_id` to write to today; nothing else is tried instead.

    `detail_agreed`: they said that the message may tell what it is about. Raises `NotFound` when no address is known,
    `NotAllowed` when they said that they must not be reached so.
    """
    if not person.email:
        raise NotFound(
            _("No e-mail address is known for this person."),
            remedy=_("Ask them for one and put it into their details, or print the list."),
        )
    check_may_reach(person.id, channel=Channel.EMAIL, address=person.email, worker_id=worker_id)
    return ContactRoute(
        channel=Channel.EMAIL,
        address=person.email,
        purpose=purpose,
        confirmed=True,
        detail_allowed=detail_agreed,
        person_id=person.id,
    )


def conditions_of(actor: Actor, *, person_id: UUID) -> list[ContactCondition]:
    """Live conditions, oldest first; one whose day has come binds no more and is left out."""
    found = ContactCondition.objects.filter(person_id=person_id, lifted_at=None).order_by("set_at", "id")
    return [one for one in found if one.not_before is None or one.not_before > clock.today()]


def seals_here(actor: Actor) -> list[SealedThing]:
    """Every live seal of the actor's organisations, newest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_seals_here()")
        names = ("id", "kind", "sealed_at", "sealed_by_name", "is_open_to_me")
        return [SealedThing(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def sealed_thing(actor: Actor, *, seal_id: UUID) -> SealedThing:
    found = next((one for one in seals_here(actor) if one.id == seal_id), None)
    if found is None:
        raise NotFound(_("There is no such seal here, or it was opened."))
    return found


def hidden_records(actor: Actor) -> int:
    """How many records of the organisation are sealed against the actor: a number, so that nobody is forgotten."""
    return sum(1 for one in seals_here(actor) if one.kind == SealKind.PERSON and not one.is_open_to_me)


def sealed_records(actor: Actor) -> int:
    """How many records of the organisation are sealed, against the actor or not: nobody covers these."""
    return sum(1 for one in seals_here(actor) if one.kind == SealKind.PERSON)


def sealed_contacts(actor: Actor, *, person_id: UUID) -> int:
    """How many contacts with a person whom the actor sees are sealed, against them or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_seals_on(%s)", [person_id])
        return int(cursor.fetchone()[0])


def live_seals_of(actor: Actor, *, person_id: UUID) -> list[Seal]:
    """Seals that name the actor, on the record and on contacts."""
    found = Seal.objects.filter(
        person_id=person_id, lifted_at=None, organisation_id__in=actor.organisation_ids
    )
    return list(found.order_by("-sealed_at", "-id"))


def sealed_persons(actor: Actor) -> list[UUID]:
    """Persons whose record somebody sealed, for jobs: what they write leaves these out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM people_sealed_persons()")
        return [row[0] for row in cursor.fetchall()]


def covers_given(actor: Actor, *, at: datetime) -> QuerySet[Involvement]:
    """Cover that other schemes give the actor's now, or will give."""
    found = Involvement.objects.filter(on_behalf_of_id__in=actor.organisation_ids, ends_at__gt=at)
    return found.select_related("organisation").order_by("starts_at", "organisation__name", "id")


def covered_pairs(actor: Actor, *, at: datetime) -> set[tuple[UUID, UUID]]:
    """Person and scheme of all work that the actor's organisations cover now."""
    found = Involvement.objects.filter(
        organisation_id__in=actor.organisation_ids,
        kind=InvolvementKind.COVER,
        starts_at__lte=at,
        ends_at__gt=at,
    )
    return set(found.values_list("person_id", "on_behalf_of_id"))


def opening(actor: Actor, *, opening_id: UUID) -> EmergencyOpening:
    """One of the actor's own that is open now. Raises `NotFound`."""
    found = EmergencyOpening.objects.filter(id=opening_id).select_related("person__practice").first()
    if found is None or found.person is None or not found.is_live(clock.now()):
        raise NotFound(
            _("This record is not open to you any more."),
            remedy=_("If it is an emergency again, say why and open it again."),
        )
    return found


def live_opening_of(actor: Actor, *, person_id: UUID) -> EmergencyOpening | None:
    found = EmergencyOpening.objects.filter(person_id=person_id, closed_at=None, ends_at__gt=clock.now())
    return found.first()
