"""The actions on persons, and on who sees them and how they are reached."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tests.factories.action_rows import Row, it, row
from tests.factories.stage import Stage
from tests.factories.world import details

from fingerpost.kernel.person_identifiers import PersonIdentifier, parse_identifier
from fingerpost.web.casework import api as casework
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals
from fingerpost.web.tenancy import api as tenancy

_NO_CALLS = people.NewCondition(kind="phone", reason="He listens in.")


def refer(stage: Stage, planted: Any) -> Any:
    return details(**stage.new())


def number(stage: Stage, planted: Any) -> PersonIdentifier:
    """An NHS number of the test range that nobody has yet; one in eleven has no check digit and is left out."""
    while True:
        digits = f"999{next(stage.numbers):06d}"
        check = -sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
        if check < 10:
            return parse_identifier("nhs_number", f"{digits}{check}")


def person_id(stage: Stage, planted: Any) -> Any:
    return planted.id


def scheme_id(stage: Stage, planted: Any) -> Any:
    return stage.world.scheme.id


def worker_id(stage: Stage, planted: Any) -> UUID:
    assert stage.world.worker.user_id is not None
    return stage.world.worker.user_id


_SEAL: dict[str, Any] = {
    "named": lambda s, p: {s.world.worker.user_id},
    "reason": "Her sister works here.",
}
_COVER: dict[str, Any] = {
    "to_scheme_id": lambda s, p: s.world.other_scheme.id,
    "first_day": lambda s, p: s.at.date(),
    "last_day": lambda s, p: s.at.date() + timedelta(days=7),
}


def _employed(stage: Stage) -> casework.Case:
    """A case of a worker whom another organisation employs."""
    made = stage.case()
    with stage.world.as_(stage.world.job()) as by:
        employer = tenancy.register_organisation(
            kind=tenancy.OrganisationKind.EMPLOYER, name=f"Employer {next(stage.numbers)}", by=by
        )
        tenancy.add_membership(
            user_id=worker_id(stage, made),
            organisation=employer,
            role=tenancy.Role.LINK_WORKER,
            by=by,
            at=stage.at - timedelta(days=9),
        )
    return made


def _visited(stage: Stage) -> casework.Case:
    made = _employed(stage)
    with stage.world.as_("lead") as by:
        people.involve_employers(
            person_id=made.person_id, worker_id=worker_id(stage, made), by=by, at=stage.at
        )
    return made


def _left_practice(stage: Stage) -> referrals.Referral:
    """Referred, and still seen by a practice that they have left."""
    made = stage.referral()
    with stage.world.as_(stage.world.job()) as by:
        people.involve(
            person_id=made.person_id,
            organisation_id=stage.world.other_practice.id,
            kind=people.InvolvementKind.REGISTERED_PRACTICE,
            by=by,
            at=stage.at - timedelta(hours=1),
        )
    return made


def _covered(stage: Stage) -> casework.Case:
    made = stage.case()
    with stage.world.as_("lead") as by:
        people.give_cover(
            person_ids=[made.person_id],
            **{name: value(stage, made) for name, value in _COVER.items()},
            by=by,
            at=stage.at,
        )
    return made


def _sealed(stage: Stage) -> people.Seal:
    person = stage.case().person
    with stage.world.as_("worker") as by:
        return people.seal_person(
            person=person,
            named={worker_id(stage, person)},
            reason="Her sister works here.",
            by=by,
            at=stage.at,
        )


def _conditioned(stage: Stage) -> people.ContactCondition:
    person = stage.case().person
    with stage.world.as_("worker") as by:
        return people.set_condition(person=person, condition=_NO_CALLS, by=by, at=stage.at)


def _sought(person: people.Person) -> people.Sought:
    return people.Sought(
        identifier=None,
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=person.birth_date,
    )


def _opened(stage: Stage) -> UUID:
    person = stage.case().person
    with stage.world.as_("other_lead") as by:
        return people.open_in_emergency(
            sought=_sought(person),
            reason_kind="danger",
            reason="Found at the bus stop, cold and confused.",
            page="a test",
            by=by,
            at=stage.at,
        )[1]


PEOPLE: tuple[Row, ...] = (
    row(
        "people.record_person",
        "gp",
        details=refer,
        identifier=number,
        practice_id=lambda s, p: s.world.practice.id,
    ),
    row(
        "people.involve",
        "gp",
        Stage.person,
        person_id=person_id,
        organisation_id=scheme_id,
        kind=people.InvolvementKind.SCHEME,
    ),
    row(
        "people.involve_if_needed",
        "gp",
        Stage.person,
        person_id=person_id,
        organisation_id=scheme_id,
        kind=people.InvolvementKind.SCHEME,
    ),
    row(
        "people.end_involvements",
        "lead",
        Stage.referral,
        person_id=lambda s, p: p.person_id,
        organisation_id=scheme_id,
        kind=people.InvolvementKind.SCHEME,
        reason="a test",
    ),
    row(
        "people.correct_person",
        "lead",
        lambda s: s.case().person,
        person=it,
        details=refer,
        version=lambda s, p: p.version,
    ),
    row("people.record_death", "lead", lambda s: s.case().person, person=it, died_on=date(2026, 3, 1)),
    row("people.mark_person_entered_in_error", "lead", lambda s: s.case().person, person=it),
    row(
        "people.record_consent",
        "gp",
        Stage.person,
        person_id=person_id,
        purpose=people.ConsentPurpose.REFERRAL,
        recipient_id=scheme_id,
        recipient_label="Link Up",
        how="in_person",
    ),
    row("people.withdraw_consent", "worker", Stage.consent, consent=it),
    row(
        "people.change_practice",
        "gp",
        Stage.person,
        person=it,
        practice_id=lambda s, p: s.world.other_practice.id,
    ),
    row(
        "people.end_of_another",
        "lead",
        _left_practice,
        person_id=lambda s, p: p.person_id,
        organisation_id=lambda s, p: s.world.other_practice.id,
        kind=people.InvolvementKind.REGISTERED_PRACTICE,
        reason="a test",
    ),
    row(
        "people.involve_employers", "lead", _employed, person_id=lambda s, p: p.person_id, worker_id=worker_id
    ),
    row(
        "people.end_employers",
        "lead",
        _visited,
        person_id=lambda s, p: p.person_id,
        worker_id=worker_id,
        still_visiting=(),
    ),
    row("people.give_cover", "lead", Stage.case, person_ids=lambda s, p: [p.person_id], **_COVER),
    row("people.end_cover", "lead", _covered, to_scheme_id=_COVER["to_scheme_id"]),
    row("people.seal_person", "worker", lambda s: s.case().person, person=it, **_SEAL),
    row(
        "people.seal",
        "worker",
        lambda s: s.case().person,
        person=it,
        kind=people.SealKind.PERSON,
        subject_id=person_id,
        **_SEAL,
    ),
    row("people.lift_seal", "worker", _sealed, seal_id=person_id, reason="She asked us to."),
    row(
        "people.set_condition",
        "worker",
        lambda s: s.case().person,
        person=it,
        condition=lambda s, p: _NO_CALLS,
    ),
    row("people.lift_condition", "worker", _conditioned, condition=it),
    row(
        "people.open_in_emergency",
        "other_worker",
        lambda s: s.case().person,
        sought=lambda s, p: _sought(p),
        reason_kind="danger",
        reason="Found at the bus stop, cold and confused.",
        page="a test",
    ),
    row("people.close_emergency", "other_lead", _opened, opening_id=it),
    row(
        "people.review_emergency",
        "governance",
        _opened,
        opening_id=it,
        finding="justified",
        note="She was found.",
    ),
    row("casework.seal_contact", "worker", Stage.contact, contact=it, **_SEAL),
    row(
        "referrals.end_involvements_of_work",
        "lead",
        Stage.declined,
        referral=it,
        at=lambda s, p: (
            s.at - timedelta(hours=1)
        ),  # at the same moment as the decline it would change nothing
    ),
)
