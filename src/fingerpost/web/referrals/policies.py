from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.policies import as_bool
from fingerpost.web.referrals.enums import ReferralStatus
from fingerpost.web.referrals.models import Referral, Signposting
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Permission


def check_can_refer(actor: Actor) -> None:
    if not actor.has(Permission.REFER):
        raise NotAllowed(
            _("Your role does not refer people."),
            reason="no_permission",
            remedy=_("Ask a colleague at the practice to make the referral."),
        )


def check_is_covered(*, scheme_id: UUID, practice_id: UUID, on: date) -> None:
    """A practice refers only to a scheme that takes referrals from it on that day."""
    if not tenancy.covers(scheme_id=scheme_id, practice_id=practice_id, on=on):
        raise _not_covered()


def check_may_be_passed_to(*, scheme_id: UUID, practice_id: UUID, on: date) -> None:
    """As above, for a referral that is on its way: the practice may have closed since."""
    if scheme_id not in {one.pk for one in tenancy.schemes_onward(practice_id=practice_id, on=on)}:
        raise _not_covered()


def _not_covered() -> NotAllowed:
    return NotAllowed(
        _("This scheme does not take referrals from this practice today."),
        reason="not_covered",
        expected=_("A scheme that the practice has agreed with, while both are open."),
        remedy=_("Choose another scheme, or ask the scheme whether it can work with the practice."),
    )


def check_can_signpost(actor: Actor) -> None:
    if not actor.has(Permission.SIGNPOST):
        raise NotAllowed(_("Your role does not record signposting."), reason="no_permission")


def check_can_triage(actor: Actor, referral: Referral) -> None:
    if not actor.has(Permission.TRIAGE):
        raise NotAllowed(
            _("Only a team lead accepts, declines or passes on a referral."),
            reason="no_permission",
            remedy=_("Ask your team lead to look at it."),
        )
    if referral.scheme_id not in actor.organisation_ids:
        raise NotAllowed(_("This referral was sent to another scheme."), reason="other_organisation")


def check_can_withdraw(actor: Actor, referral: Referral) -> None:
    if referral.referrer_id not in actor.organisation_ids:
        raise NotAllowed(
            _("Only the practice that made a referral can take it back."), reason="other_organisation"
        )
    if not actor.has(Permission.REFER):
        raise NotAllowed(_("Your role does not take back referrals."), reason="no_permission")


def check_can_mark_referral_error(actor: Actor, referral: Referral) -> None:
    """Not once a case or another referral stands on it: those would go on, and count nowhere."""
    check_can_mark_accepted_error(actor, referral)
    if referral.status == ReferralStatus.ACCEPTED:
        raise NotAllowed(
            _("The scheme has begun to work with this person."),
            reason="accepted",
            remedy=_("Ask the scheme to mark their work as a mistake: the referral is marked with it."),
        )
    if referral.status == ReferralStatus.REDIRECTED:
        raise NotAllowed(
            _("This referral was passed on to another scheme."),
            reason="redirected",
            remedy=_("Mark the referral that it became."),
        )


def check_can_mark_accepted_error(actor: Actor, referral: Referral) -> None:
    own = {referral.referrer_id, referral.scheme_id} & set(actor.organisation_ids)
    if not own or not actor.has(Permission.CORRECT_RECORDS):
        raise NotAllowed(
            _("Your role may not mark this referral as a mistake."),
            reason="no_permission",
            remedy=_("Ask the clinician who referred or the team lead."),
        )


def check_can_mark_signposting_error(actor: Actor, signposting: Signposting) -> None:
    check_can_signpost(actor)
    if signposting.organisation_id not in actor.organisation_ids:
        raise NotAllowed(_("Another organisation recorded this."), reason="other_organisation")


can_refer = as_bool(check_can_refer)
can_signpost = as_bool(check_can_signpost)
can_triage = as_bool(check_can_triage)
can_withdraw = as_bool(check_can_withdraw)
can_mark_referral_error = as_bool(check_can_mark_referral_error)
can_mark_signposting_error = as_bool(check_can_mark_signposting_error)
