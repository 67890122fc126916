from __future__ import annotations

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.policies import as_bool
from fingerpost.web.pathway.api import Journey
from fingerpost.web.tenancy.api import Permission


def check_can_record_gap(actor: Actor, journey: Journey) -> None:
    """Whoever connects people, for a journey of their own scheme."""
    if not actor.has(Permission.CONNECT) or actor.user_id is None:
        raise NotAllowed(
            _("Your role does not record what is missing here."),
            reason="no_permission",
            remedy=_("Ask the link worker named on the case."),
        )
    if journey.scheme_id not in actor.organisation_ids:
        raise NotAllowed(_("Another scheme works with this person."), reason="other_organisation")


def check_can_see_gaps(actor: Actor) -> None:
    """Those who answer gaps: managers and commissioners, and whoever keeps the directory. Counts only."""
    if not actor.has(Permission.SEE_GAPS):
        raise NotAllowed(_("Your role does not see what is missing in the area."), reason="no_permission")


can_record_gap = as_bool(check_can_record_gap)
can_see_gaps = as_bool(check_can_see_gaps)
