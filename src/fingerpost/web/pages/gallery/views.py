"""`/dev/components/?show=` one of `SHOWN`; `&lang=ar` shows it from right to left."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from fingerpost.disclosure import Suppressed
from fingerpost.web.pages.gallery import samples
from fingerpost.web.pages.messages import Notice
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.timeline import by_day

SHOWN = ("form", "wrong", "list", "none", "person", "figures", "done", "stop", "answers", "conflict")


@login_not_required
def components(request: HttpRequest) -> HttpResponse:
    show = request.GET.get("show", "form")
    if not settings.DEBUG or show not in SHOWN:
        raise Http404
    with translation.override(request.GET.get("lang") or translation.get_language()):
        template = {"wrong": "form", "none": "list"}.get(show, show)
        return render(request, f"pages/dev/{template}.html", _context(request, show))


def _context(request: HttpRequest, show: str) -> dict[str, object]:
    shared: dict[str, object] = {
        "title": f"Components: {show}",
        "samples": samples,
        "nothing": Suppressed(7),
        "gallery": [NavLink(name, f"?show={name}") for name in SHOWN],
    }
    if show in ("form", "wrong"):
        shared["form"] = samples.SampleForm(samples.WRONG if show == "wrong" else None)
    if show in ("list", "none"):
        listing = samples.listing(request)
        shared |= {"listing": listing, "listed": listing.page(samples.rows(130 if show == "list" else 0))}
        shared["breadcrumbs"] = [NavLink("Queue", "#"), NavLink(samples.WELSH, "#")]
    if show == "person":
        shared |= {
            "days": by_day(samples.entries()),
            "subnavigation": samples.links(),
            "back": NavLink("Back to today", "#"),
        }
        shared["notices"] = [
            Notice("The contact is saved.", "good", undo_href="#", undo_text="Undo"),
            Notice("Her consent ends on Friday.", heading="Soon"),
        ]
    return shared | (samples.charts() if show == "figures" else {})
