from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fingerpost.kernel import clock
from fingerpost.web.dashboards import presenters
from fingerpost.web.dashboards.forms import FunnelFilter, month_words, reach_of
from fingerpost.web.dashboards.share_by_month import interval, month_rows, percent, share_chart
from fingerpost.web.dashboards.wording import STEPS
from fingerpost.web.insight import api as insight
from fingerpost.web.pages.listing import Listing
from fingerpost.web.pages.who_reads_what import asks_for
from fingerpost.web.tenancy.api import Permission


@require_safe
@asks_for(Permission.SEE_FUNNEL)
def funnel(request: HttpRequest) -> HttpResponse:
    """How many got how far, where the others stopped and why, and the share that was reached in time."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    insight.check_can_see_counts(actor)
    form = FunnelFilter(request.GET, reach=reach_of(actor))
    listing = Listing(request, columns=[], default_sort="", filters=form)
    found = insight.funnel(actor, at=at, period=form.period(), filters=form.filters())
    shown = presenters.parts(found)
    context = {
        "title": _("From referral to activity"),
        "listing": listing,
        "filter_names": list(form.fields),
        "funnel": found,
        "parts": shown,
        "table_rows": presenters.table_rows(shown),
        "endings": presenters.endings(found),
        "beside": presenters.beside(found),
        "months": [(month_words(one.month), one.reached) for one in reversed(found.months)],
        "month_columns": [(kind, STEPS[kind].name) for kind in insight.BY_MONTH],
        "months_known": bool(found.known_months),
    }
    return render(request, "dashboards/funnel.html", context | _first_contact(request))


def _first_contact(request: HttpRequest) -> dict[str, object]:
    """The indicator is always told for all journeys in reach: a filter would add ways to take one from another."""
    result = insight.first_contact(request.actor, as_of=clock.today())  # type: ignore[attr-defined]
    total = result.total
    return {
        "indicator": result,
        "spec": result.spec,
        "total": total,
        "total_share": percent(total.share) if total else "",
        "total_interval": interval(total.low, total.high) if total else "",
        "chart": share_chart(result),
        "indicator_rows": month_rows(result),
    }
