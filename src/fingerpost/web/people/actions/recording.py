from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.contact_route import normalise_email, normalise_phone
from fingerpost.kernel.errors import Conflict, FaultList, InvalidValue, NotAllowed
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.person_identifiers import PersonIdentifier
from fingerpost.kernel.postcode import Postcode
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.people.enums import ConsentPurpose, InvolvementKind, Sex
from fingerpost.web.people.models import Consent, Identifier, Involvement, Person
from fingerpost.web.people.policies import check_can_correct
from fingerpost.web.people.selectors import identifier_taken, known_in_network


@dataclass(frozen=True, kw_only=True)
class PersonDetails:
    """What is said of a person when they are first recorded, or corrected."""

    given_name: str
    family_name: str
    birth_date: date
    known_as: str = ""
    sex: str = Sex.NOT_STATED
    ethnicity: str = ""
    language: str = ""
    interpreter_needed: bool = False
    access_needs: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    phone_is_safe: bool = True
    text_is_safe: bool = True
    voicemail_is_safe: bool = False
    email_is_safe: bool = True
    post_is_safe: bool = True
    contact_note: str = ""

    def tidied(self) -> dict[str, object]:
        """Field values in their standard forms. Raises `Faults` with everything that is malformed."""
        values = asdict(self)
        faults = FaultList()
        for name, tidy in (("phone", normalise_phone), ("email", normalise_email), ("postcode", _postcode)):
            if values[name]:
                with faults.catching():
                    values[name] = tidy(values[name])
        for name in ("given_name", "family_name"):
            values[name] = " ".join(values[name].split())
            if not values[name]:
                faults.add(
                    InvalidValue(_("A name is missing."), field=name, remedy=_("Give the name they use."))
                )
        faults.raise_any()
        return values


def _postcode(text: str) -> str:
    return str(Postcode.parse(text))


@transaction.atomic
def record_person(
    *,
    details: PersonDetails,
    identifier: PersonIdentifier | None,
    practice_id: UUID | None,
    by: Actor,
    at: datetime,
) -> tuple[Person, bool]:
    """The person with these details, new or already known for certain; and whether they were known.

    The actor's organisation becomes involved. Raises `Faults`, or `Conflict` when the number is another person's.
    """
    values = details.tidied()
    known = known_in_network(
        by,
        kind=identifier.kind if identifier else "",
        value=identifier.value if identifier else "",
        birth_date=details.birth_date,
        given_name=details.given_name,
        family_name=details.family_name,
    )
    kind = (
        InvolvementKind.REGISTERED_PRACTICE if practice_id == by.organisation_id else InvolvementKind.REFERRER
    )
    if identifier and known and known.is_certain:
        joined = _join(identifier, details.birth_date, organisation_id=home_of(by), kind=kind, at=at)
        return _reachable(joined), True
    if identifier and identifier_taken(kind=identifier.kind, value=identifier.value):
        raise Conflict(
            _("This number belongs to somebody with another birth date."),
            remedy=_("Check the number and the birth date, one of them has a slip."),
        )
    person = Person(practice_id=practice_id, **values)
    person.save(force_insert=True)
    involve(person_id=person.id, organisation_id=home_of(by), kind=kind, by=by, at=at)
    if identifier:
        Identifier(person=person, kind=identifier.kind, value=identifier.value).save(force_insert=True)
    return person, known is not None


def _reachable(person_id: UUID) -> Person:
    person = Person.objects.filter(id=person_id).first()
    if person is None:
        raise NotAllowed(
            _(
                "This record is sealed in your organisation, so only those whom it names can refer this person."
            ),
            reason="sealed",
            remedy=_("Ask a colleague who works with the person, or your team lead."),
        )
    return person


def _join(
    identifier: PersonIdentifier,
    birth_date: date,
    *,
    organisation_id: UUID,
    kind: InvolvementKind,
    at: datetime,
) -> UUID:
    """Become involved with the person of this number and birth date: the database checks both itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT people_join(%s, %s, %s, %s, %s, %s, %s)",
            [new_id(at), identifier.kind, identifier.value, birth_date, organisation_id, kind.value, at],
        )
        joined: UUID = cursor.fetchone()[0]
    return joined


def home_of(by: Actor) -> UUID:
    """The organisation somebody acts for. Raises `InvalidValue` when there is none."""
    if by.organisation_id is None:
        raise InvalidValue(_("Nobody's organisation is named, so nobody would see this person."))
    return by.organisation_id


def involve(
    *, person_id: UUID, organisation_id: UUID, kind: InvolvementKind, by: Actor, at: datetime
) -> Involvement:
    """From `at`, an organisation may see a person."""
    involvement = Involvement(person_id=person_id, organisation_id=organisation_id, kind=kind, starts_at=at)
    involvement.save(force_insert=True)
    return involvement


def involve_if_needed(
    *, person_id: UUID, organisation_id: UUID, kind: InvolvementKind, by: Actor, at: datetime
) -> None:
    """Begin an involvement unless an open one of this kind is already there (as far as the actor can see)."""
    current = Involvement.objects.filter(
        person_id=person_id, organisation_id=organisation_id, kind=kind, ends_at=None
    )
    if not current.exists():
        involve(person_id=person_id, organisation_id=organisation_id, kind=kind, by=by, at=at)


def end_involvements(
    *, person_id: UUID, organisation_id: UUID, kind: InvolvementKind, reason: str, at: datetime, by: Actor
) -> int:
    """From `at`, which may lie ahead, the organisation no longer sees the person for this reason."""
    current = Involvement.objects.filter(
        person_id=person_id, organisation_id=organisation_id, kind=kind, ends_at=None
    )
    return current.update(ends_at=at, ended_reason=reason)


@transaction.atomic
def correct_person(
    *, person: Person, details: PersonDetails, version: int, by: Actor, at: datetime
) -> Person:
    """Put details right. Raises `Conflict` naming what somebody else changed meanwhile; nothing is then saved."""
    check_can_correct(by, person)
    values = details.tidied()
    held = Person.objects.select_for_update().get(id=person.id)
    if held.version != version:
        changed = {
            name: getattr(held, name) for name, value in values.items() if getattr(held, name) != value
        }
        raise Conflict(
            _("Somebody else changed this record while you had it open."),
            changed=changed,
            remedy=_("Look at what is there now, and save again what should be different."),
        )
    for name, value in values.items():
        setattr(held, name, value)
    held.version += 1
    held.save()
    return held


@transaction.atomic
def record_death(*, person: Person, died_on: date, by: Actor, at: datetime) -> Person:
    """Note that a person has died. The apps above end what is open."""
    check_can_correct(by, person)
    held = Person.objects.select_for_update().get(id=person.id)
    held.died_on = died_on
    held.version += 1
    held.save(update_fields=["died_on", "version"])
    return held


@transaction.atomic
def mark_person_entered_in_error(*, person: Person, by: Actor, at: datetime) -> Person:
    """The person was recorded by mistake: kept with the trace, found by no search, the number free again."""
    check_can_correct(by, person)
    held = Person.objects.select_for_update().get(id=person.id)
    held.entered_in_error_at, held.entered_in_error_by = at, by.user_id
    held.save(update_fields=["entered_in_error_at", "entered_in_error_by"])
    Identifier.objects.filter(person=held, entered_in_error_at=None).update(
        entered_in_error_at=at, entered_in_error_by=by.user_id
    )
    return held


def record_consent(
    *,
    person_id: UUID,
    purpose: ConsentPurpose,
    recipient_id: UUID | None,
    recipient_label: str,
    by: Actor,
    at: datetime,
    given_at: datetime | None = None,
    fields: Iterable[str] = (),
    how: str = "",
) -> Consent:
    """Write down what the person agreed to."""
    consent = Consent(
        person_id=person_id,
        organisation_id=home_of(by),
        purpose=purpose,
        recipient_id=recipient_id,
        recipient_label=recipient_label,
        fields=list(fields),
        given_at=given_at or at,
        given_by=by.user_id or home_of(by),
        how=how,
    )
    consent.save(force_insert=True)
    return consent


def withdraw_consent(*, consent: Consent, by: Actor, at: datetime) -> Consent:
    """The person took it back. What it allowed must stop; the apps above revoke links and connections."""
    consent.withdrawn_at, consent.withdrawn_by = at, by.user_id or by.organisation_id
    consent.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return consent
