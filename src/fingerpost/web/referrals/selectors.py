from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotFound
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.referrals.enums import ReferralStatus
from fingerpost.web.referrals.models import Referral, Signposting

# Joined for one row and for short lists. `sent_by` fetches them for the rows of its page alone: joined, the policies of
# all five tables are tried on every referral of the practice before the page is cut.
_WITH = ("person", "scheme", "referrer", "journey")


def referral(actor: Actor, *, referral_id: UUID) -> Referral:
    found = Referral.objects.filter(id=referral_id).select_related(*_WITH).first()
    if found is None:
        raise NotFound(
            _("There is no such referral here, or it is not yours to see."),
            remedy=_("Look for it in your list of referrals."),
        )
    return found


def queue(actor: Actor) -> QuerySet[Referral]:
    """Referrals waiting for the actor's scheme: urgent first, then oldest."""
    waiting = Referral.objects.filter(scheme_id__in=actor.organisation_ids, status=ReferralStatus.RECEIVED)
    return waiting.select_related(*_WITH).order_by("-is_urgent", "referred_at", "id")


def decided(actor: Actor) -> QuerySet[Referral]:
    """Referrals the actor's scheme did not take on, newest first."""
    ends = [ReferralStatus.DECLINED, ReferralStatus.REDIRECTED, ReferralStatus.WITHDRAWN]
    found = Referral.objects.filter(scheme_id__in=actor.organisation_ids, status__in=ends)
    return found.select_related(*_WITH).order_by("-status_at", "id")


def sent_by(actor: Actor) -> QuerySet[Referral]:
    """Referrals that the actor's practice made, newest first."""
    mine = Referral.objects.filter(referrer_id__in=actor.organisation_ids)
    return mine.prefetch_related(*_WITH).order_by("-referred_at", "id")


def referrals_of_person(actor: Actor, *, person_id: UUID) -> QuerySet[Referral]:
    return Referral.objects.filter(person_id=person_id).select_related(*_WITH).order_by("-referred_at", "id")


def signpostings(actor: Actor) -> QuerySet[Signposting]:
    """Signposting by the actor's organisation, newest first; mistakes left out."""
    found = Signposting.objects.filter(organisation_id__in=actor.organisation_ids, entered_in_error_at=None)
    return found.order_by("-signposted_at", "id")
