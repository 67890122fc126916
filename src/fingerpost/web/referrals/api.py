"""The door of referrals."""

from __future__ import annotations

from fingerpost.web.referrals.actions import (
    Request,
    decline,
    end_involvements_of_work,
    mark_accepted,
    mark_accepted_entered_in_error,
    mark_entered_in_error,
    mark_signposting_entered_in_error,
    redirect,
    refer,
    refer_known_person,
    restore,
    signpost,
    withdraw,
)
from fingerpost.web.referrals.enums import AgreedHow, ReferralStatus, Source
from fingerpost.web.referrals.models import Referral, Signposting
from fingerpost.web.referrals.policies import (
    can_mark_referral_error,
    can_mark_signposting_error,
    can_refer,
    can_signpost,
    can_triage,
    can_withdraw,
)
from fingerpost.web.referrals.selectors import (
    decided,
    queue,
    referral,
    referrals_of_person,
    sent_by,
    signpostings,
)

__all__ = [
    "AgreedHow",
    "Referral",
    "ReferralStatus",
    "Request",
    "Signposting",
    "Source",
    "can_mark_referral_error",
    "can_mark_signposting_error",
    "can_refer",
    "can_signpost",
    "can_triage",
    "can_withdraw",
    "decided",
    "decline",
    "end_involvements_of_work",
    "mark_accepted",
    "mark_accepted_entered_in_error",
    "mark_entered_in_error",
    "mark_signposting_entered_in_error",
    "queue",
    "redirect",
    "refer",
    "refer_known_person",
    "referral",
    "referrals_of_person",
    "restore",
    "sent_by",
    "signpost",
    "signpostings",
    "withdraw",
]
