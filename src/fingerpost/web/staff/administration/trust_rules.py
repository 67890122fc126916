"""How trust in a listing is computed, from the table of rules itself: no words of its own that could go out of date."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import TRUST_RULES, TrustState
from fingerpost.web.pages.navigation import NavLink, address_of
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.cards import TRUST_TONES
from fingerpost.web.tenancy.api import Permission


@require_safe
@for_those_who(Permission.SEARCH_DIRECTORY)
def trust_rules(request: StaffRequest) -> HttpResponse:
    """For everybody who chooses listings: the states, every rule with what it takes, and what the area agreed."""
    rules = directory.area_rules(request.actor)
    search = address_of("staff:directory")
    context = {
        "title": _("How trust in a listing is computed"),
        "back": NavLink(_("Back to the directory"), search) if search else None,
        "states": [(state.label, TRUST_TONES[state], words) for state, words in _states()],
        "rules": [(rule.meaning, _takes(rule), rule.asks_owner) for rule in TRUST_RULES],
        "agreed": [
            ngettext(
                "Each listing is checked once in %(n)s month.",
                "Each listing is checked once in %(n)s months.",
                rules.review_months,
            )
            % {"n": rules.review_months},
            ngettext(
                "After that there is %(n)s day of grace.",
                "After that there are %(n)s days of grace.",
                rules.grace_days,
            )
            % {"n": rules.grace_days},
            ngettext(
                "What was said about room holds for %(n)s day.",
                "What was said about room holds for %(n)s days.",
                rules.capacity_days,
            )
            % {"n": rules.capacity_days},
        ],
        "at_once": [directory.FIELD_LABELS[name] for name in directory.LOW_RISK_FIELDS],
    }
    return render(request, "staff/administration/trust_rules.html", context)


def _states() -> list[tuple[TrustState, str]]:
    checked, ask = directory.CHECKED_FROM, directory.ASK_FIRST_FROM
    return [
        (TrustState.CHECKED, _("%(points)s points or more") % {"points": checked}),
        (TrustState.ASK_FIRST, _("%(least)s to %(most)s points") % {"least": ask, "most": checked - 1}),
        (TrustState.DOUBTFUL, _("fewer than %(points)s points") % {"points": ask}),
        (TrustState.CLOSED, _("it has ended, and is offered to nobody")),
    ]


def _takes(rule: directory.TrustRule) -> str:
    if rule.ends:
        return _("all of them")
    return str(rule.takes) if rule.takes else _("none")
