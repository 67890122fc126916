from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.casework import api as casework
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.policies import as_bool
from fingerpost.web.measures.models import Occasion


def check_can_take(actor: Actor, case: casework.Case) -> None:
    """Whoever works on the case may write down answers."""
    casework.check_can_work(actor, case)


def account_of(actor: Actor) -> UUID:
    """The account that answers for what is written. Raises `NotAllowed` for a job or a link."""
    if actor.user_id is None:
        raise NotAllowed(_("Only a colleague with an account can write this down."), reason="no_account")
    return actor.user_id


def check_can_mark_error(actor: Actor, occasion: Occasion) -> None:
    if not casework.can_correct(actor, occasion.case):
        raise NotAllowed(
            _("You may not mark these answers as a mistake."),
            reason="no_permission",
            remedy=_("Ask the link worker named on the case."),
        )


can_take = as_bool(check_can_take)
can_mark_error = as_bool(check_can_mark_error)
