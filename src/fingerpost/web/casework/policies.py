from __future__ import annotations

from django.utils.translation import gettext as _

from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.casework.enums import CaseStatus
from fingerpost.web.casework.models import Case
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.policies import as_bool
from fingerpost.web.people import api as people
from fingerpost.web.tenancy.api import Permission


def check_can_see(actor: Actor, case: Case) -> None:
    _check_scheme_or_cover(actor, case)
    if not (actor.has(Permission.HOLD_CASES) or actor.has(Permission.SEE_ALL_CASES)):
        raise NotAllowed(_("Your role does not open cases."), reason="no_permission")


def check_can_work(actor: Actor, case: Case) -> None:
    """Contacts, plan, goals, measures: any worker of the scheme, or of one that covers for it, on an open case."""
    _check_scheme_or_cover(actor, case)
    if not actor.has(Permission.HOLD_CASES):
        raise NotAllowed(
            _("Only a link worker or team lead works on a case."),
            reason="no_permission",
            remedy=_("Ask the link worker named on the case."),
        )
    if case.status != CaseStatus.OPEN:
        raise NotAllowed(
            _("This case is closed, so nothing can be added to it."),
            reason="closed",
            remedy=_("Reopen it first, if the work goes on."),
        )


def check_can_close(actor: Actor, case: Case) -> None:
    """What binds the scheme towards others, or ends the work, is not done in its place by one that covers."""
    _check_scheme(actor, case)
    check_can_work(actor, case)


def check_can_assign(actor: Actor, case: Case) -> None:
    _check_scheme(actor, case)
    if not actor.has(Permission.ASSIGN):
        raise NotAllowed(
            _("Only a team lead gives a case to a link worker."),
            reason="no_permission",
            remedy=_("Ask your team lead."),
        )
    if case.status != CaseStatus.OPEN:
        raise NotAllowed(_("This case is closed."), reason="closed", remedy=_("Reopen it first."))


def check_can_reopen(actor: Actor, case: Case) -> None:
    _check_scheme(actor, case)
    if not actor.has(Permission.HOLD_CASES):
        raise NotAllowed(_("Your role does not reopen cases."), reason="no_permission")


def check_can_correct(actor: Actor, case: Case) -> None:
    _check_scheme(actor, case)
    if not actor.has(Permission.CORRECT_RECORDS):
        raise NotAllowed(_("Your role does not mark mistakes."), reason="no_permission")


def _check_scheme(actor: Actor, case: Case) -> None:
    if case.scheme_id not in actor.organisation_ids:
        raise NotAllowed(_("Another scheme works with this person."), reason="other_organisation")


def _check_scheme_or_cover(actor: Actor, case: Case) -> None:
    if case.scheme_id in actor.organisation_ids:
        return
    if (case.person_id, case.scheme_id) not in people.covered_pairs(actor, at=clock.now()):
        _check_scheme(actor, case)


can_see = as_bool(check_can_see)
can_work = as_bool(check_can_work)
can_close = as_bool(check_can_close)
can_assign = as_bool(check_can_assign)
can_reopen = as_bool(check_can_reopen)
can_correct = as_bool(check_can_correct)
