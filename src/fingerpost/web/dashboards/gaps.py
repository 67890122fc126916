"""What is missing in the area, in numbers that give nobody away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fingerpost.codes.needs import need
from fingerpost.kernel import clock
from fingerpost.web.gaps import api as gaps_app
from fingerpost.web.gaps.api import WouldHaveHelped
from fingerpost.web.pages.who_reads_what import asks_for
from fingerpost.web.tenancy.api import Permission


@require_safe
@asks_for(Permission.SEE_GAPS)
def gaps(request: HttpRequest) -> HttpResponse:
    """Gaps of a year by need, by area and by what would have helped; also for who keeps the directory."""
    found = gaps_app.gap_counts(request.actor, at=clock.now())  # type: ignore[attr-defined]  # set by the scope middleware
    context = {
        "title": _("What is missing here"),
        "areas": found.areas,
        "rows": [
            (_(need(key).label), [cells[area] for area in found.areas], found.by_need[key])
            for key, cells in found.by_area.items()
        ],
        "helps": [(WouldHaveHelped(key).label, cell) for key, cell in found.by_help.items()],
    }
    return render(request, "dashboards/gaps.html", context)
