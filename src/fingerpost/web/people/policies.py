from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.policies import as_bool
from fingerpost.web.people.models import Person
from fingerpost.web.people.sealed_thing import SealedThing
from fingerpost.web.tenancy.api import Permission


def check_can_correct(actor: Actor, person: Person) -> None:
    if not actor.has(Permission.CORRECT_RECORDS):
        raise NotAllowed(
            _("Your role may not correct a person's record."),
            reason="no_permission",
            remedy=_("Ask a team lead or clinician to do it."),
        )
    check_not_only_in_emergency(person.id)
    if person.entered_in_error_at:
        raise NotAllowed(_("This record is already marked as a mistake."), reason="already_marked")


def check_not_only_in_emergency(person_id: UUID) -> None:
    """What was opened in an emergency is for reading. The wall of each table says so too, less kindly."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_open_now(%s) AND NOT people_is_involved(%s)", [person_id, person_id])
        if cursor.fetchone()[0]:
            raise only_in_emergency()


def only_in_emergency() -> NotAllowed:
    return NotAllowed(
        _("You opened this record in an emergency. It can be read, and not changed."),
        reason="emergency",
        remedy=_("Ring whoever works with them: they stand on the record."),
    )


def check_can_seal(actor: Actor) -> None:
    if not actor.has(Permission.HOLD_CASES):
        raise NotAllowed(
            _("Only those who work with the person seal their record."),
            reason="no_permission",
            remedy=_("Ask the link worker named on the case."),
        )


def check_can_lift(actor: Actor, seal: SealedThing) -> None:
    if not seal.is_open_to_me and not actor.has(Permission.SEE_ALL_CASES):
        raise NotAllowed(
            _("Only a team lead, or somebody whom the seal names, opens what is sealed."),
            reason="no_permission",
            remedy=_("Ask your team lead."),
        )


def check_can_open_in_emergency(actor: Actor) -> None:
    if not actor.has(Permission.OPEN_IN_EMERGENCY) or actor.organisation_id is None:
        raise NotAllowed(
            _("Your role does not open records in an emergency."),
            reason="no_permission",
            remedy=_("If somebody is in danger, ring 999. Ask a clinician, link worker or team lead."),
        )


def check_can_review_emergencies(actor: Actor) -> None:
    if not actor.has(Permission.REVIEW_EMERGENCIES):
        raise NotAllowed(_("Your role does not review emergencies."), reason="no_permission")


can_correct = as_bool(check_can_correct)
can_seal = as_bool(check_can_seal)
can_lift = as_bool(check_can_lift)
