from __future__ import annotations

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
    if person.entered_in_error_at:
        raise NotAllowed(_("This record is already marked as a mistake."), reason="already_marked")


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


can_correct = as_bool(check_can_correct)
can_seal = as_bool(check_can_seal)
can_lift = as_bool(check_can_lift)
