"""Which status of a referral may follow which."""

from __future__ import annotations

from collections.abc import Mapping

from fingerpost.web.referrals.enums import ReferralStatus as S

START = (S.RECEIVED,)

TRANSITIONS: Mapping[S, frozenset[S]] = {
    S.RECEIVED: frozenset({S.ACCEPTED, S.DECLINED, S.REDIRECTED, S.WITHDRAWN, S.ENTERED_IN_ERROR}),
    S.ACCEPTED: frozenset({S.ENTERED_IN_ERROR}),
    S.DECLINED: frozenset({S.RECEIVED, S.ENTERED_IN_ERROR}),
    S.REDIRECTED: frozenset(),
    S.WITHDRAWN: frozenset({S.RECEIVED, S.ENTERED_IN_ERROR}),
    S.ENTERED_IN_ERROR: frozenset(),
}

# Whose move it is while a referral stands so.
OWNERS: Mapping[S, str] = {
    S.RECEIVED: "scheme",
    S.ACCEPTED: "scheme",
    S.DECLINED: "referrer",
    S.REDIRECTED: "nobody",
    S.WITHDRAWN: "nobody",
    S.ENTERED_IN_ERROR: "nobody",
}
