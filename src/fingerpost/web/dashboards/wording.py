"""How each number of the funnel is named, and how it is counted, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from fingerpost.codes.pathway import EventKind as K
from fingerpost.codes.pathway import loss_reason
from fingerpost.interchange.indicators.results import Status
from fingerpost.web.pages.words import as_words


@dataclass(frozen=True)
class Named:
    """The name of a number, and the sentence that says how it is counted."""

    name: str | Promise
    counted: str | Promise


STEPS: Mapping[K, Named] = {
    K.OFFERED: Named(
        _("Offered"),
        _("Journeys that began: somebody was offered social prescribing, or got further on the path."),
    ),
    K.PERSON_AGREED: Named(
        _("Person agreed"), _("Journeys in which the person agreed to a referral, or that got further.")
    ),
    K.REFERRED: Named(_("Referred"), _("Journeys with a referral sent, or that got further.")),
    K.RECEIVED: Named(
        _("Received"), _("Journeys whose referral reached a scheme's queue, or that got further.")
    ),
    K.ACCEPTED: Named(_("Accepted"), _("Journeys that a scheme took on, or that got further.")),
    K.CONTACT_ATTEMPTED: Named(
        _("Contact tried"), _("Journeys in which the scheme tried to reach the person, or that got further.")
    ),
    K.CONTACTED: Named(
        _("Contacted"),
        _("Journeys in which the scheme spoke with the person at least once, or that got further."),
    ),
    K.ASSESSED: Named(
        _("Listened to"),
        _("Journeys with first questions answered (a baseline measure), or that got further."),
    ),
    K.PLAN_AGREED: Named(_("Plan agreed"), _("Journeys with a plan agreed, or that got further.")),
    K.CONNECTED: Named(
        _("Connected"), _("Journeys connected to at least one group or service, or that got further.")
    ),
    K.PROVIDER_ACCEPTED: Named(
        _("Group said yes"), _("Journeys in which at least one group took the person, or that got further.")
    ),
    K.FIRST_ATTENDED: Named(
        _("Came once"), _("Journeys in which the person came at least once, or that got further.")
    ),
    K.SUSTAINED: Named(
        _("Kept coming"),
        _(
            "Journeys in which the person came on four days, or on two days or for two weeks before a good end, as"
            " far as groups told us: at least so many."
        ),
    ),
}

# The three parts of the pathway (Westlake 2022), each with its steps.
PARTS: tuple[tuple[str | Promise, tuple[K, ...]], ...] = (
    (
        _("Access: being referred and taken on"),
        (K.OFFERED, K.PERSON_AGREED, K.REFERRED, K.RECEIVED, K.ACCEPTED),
    ),
    (
        _("Engagement: working with a link worker"),
        (K.CONTACT_ATTEMPTED, K.CONTACTED, K.ASSESSED, K.PLAN_AGREED),
    ),
    (
        _("Activities: going to something"),
        (K.CONNECTED, K.PROVIDER_ACCEPTED, K.FIRST_ATTENDED, K.SUSTAINED),
    ),
)

ENDINGS: Mapping[K, Named] = {
    K.CLOSED: Named(
        _("Closed"), _("Journeys whose case was closed, at whatever step and for whatever reason.")
    ),
    K.REFERRER_TOLD: Named(_("Referrer told"), _("Journeys whose referrer was told what happened.")),
}

BESIDE: Mapping[K, Named] = {
    K.SIGNPOSTED: Named(
        _("Signposted"),
        _(
            "Journeys in which a front desk or a link worker told somebody where to go. At a front desk nobody "
            "is named, so one person may be counted more than once."
        ),
    ),
    K.CARE_NAVIGATED: Named(
        _("Care-navigated"), _("Journeys in which somebody was guided to the right care.")
    ),
    K.HANDED_OVER_FOR_SAFETY: Named(
        _("Handed over for safety"), _("Journeys handed over to urgent or clinical help.")
    ),
    K.GAP_RECORDED: Named(
        _("Gap recorded"), _("Journeys with a need recorded that nothing nearby could meet.")
    ),
}

MONTH_NOTES: Mapping[Status, str | Promise] = {
    Status.SHOWN: "",
    Status.MATURING: _("Still filling up: complete from %(day)s"),
    Status.TOO_FEW: _("Too few for a share"),
    Status.SUPPRESSED: _("Small numbers hidden"),
    Status.NONE_REFERRED: _("Nobody was referred"),
}


def reason_words(code: str) -> str:
    """A loss reason in words; one whose way on is still open says so."""
    reason = loss_reason(code)
    words = as_words(reason.label)
    return now("%(reason)s (may still go on)") % {"reason": words} if reason.pauses else words
