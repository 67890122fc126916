from __future__ import annotations

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.policies import as_bool
from fingerpost.web.people.models import Person
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


can_correct = as_bool(check_can_correct)
