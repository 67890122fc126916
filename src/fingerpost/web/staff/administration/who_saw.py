"""Who saw this person? Answered for the information governance lead; by post, so that no name stands in an address."""

from __future__ import annotations

import csv
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fingerpost.kernel import clock
from fingerpost.kernel.london import to_london
from fingerpost.web.pages import forms, words
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.people import api as people
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.emergency import OPENED_PAGE, READ_PAGE
from fingerpost.web.staff.seeking import SoughtForm
from fingerpost.web.tenancy.api import Permission

KINDS = {
    "view": gettext_lazy("opened their page"),
    "list": gettext_lazy("saw them on a list"),
    "search": gettext_lazy("found them by a search"),
    "export": gettext_lazy("took out a copy of the log"),
    "changed": gettext_lazy("recorded or changed their details"),
}
# Whole sentences for the person's own copy, which speaks to them.
TOLD = {
    "view": gettext_lazy("Somebody at %(organisation)s opened your page."),
    "list": gettext_lazy("Somebody at %(organisation)s saw your name on a list."),
    "search": gettext_lazy("Somebody at %(organisation)s found you by a search."),
    "export": gettext_lazy("Somebody at %(organisation)s took out a copy of this list."),
    "changed": gettext_lazy("Somebody recorded or changed your details."),
}
TOLD_OF_EMERGENCY = {
    OPENED_PAGE: gettext_lazy("Somebody at %(organisation)s opened your record in an emergency."),
    READ_PAGE: gettext_lazy(
        "Somebody at %(organisation)s read your record, which they had opened in an emergency."
    ),
}
NARROWING = ("since", "until", "who")
PAGE, FILE, COPY = "page", "file", "copy"


class WhoSawForm(SoughtForm):
    reason = forms.TextField(
        label=gettext_lazy("Why you ask"),
        use="is kept with your question in the access log",
        missing=gettext_lazy("Say why you ask"),
        help_text=gettext_lazy("For example: they asked us on 3 March. This is kept in the log"),
        width=30,
        max_length=300,
    )
    since = forms.DateField(label=gettext_lazy("From this day"), use="narrows the list", required=False)
    until = forms.DateField(label=gettext_lazy("To this day"), use="narrows the list", required=False)
    who = forms.TextField(
        label=gettext_lazy("Only this person or organisation"),
        use="narrows the list",
        help_text=gettext_lazy("Part of a name is enough"),
        required=False,
        width=20,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.SEE_WHO_SAW)
def who_saw(request: StaffRequest) -> HttpResponse:
    """The question, and beneath it everyone who looked. The same answer as a file, or as the person's own copy."""
    form = WhoSawForm(request.POST if request.method == "POST" else None)
    context = {
        "title": _("Who saw this person?"),
        "form": form,
        "traces": None,
        "narrows": any(form[name].data or form.errors.get(name) for name in NARROWING),
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "staff/administration/who_saw.html", context)
    wanted = request.POST.get("as", PAGE)
    found = _asked(request, form, is_export=wanted in (FILE, COPY))
    if len({one.person_id for one in found}) > 1:
        form.add_error(
            "number", _("More than one person has this name and date of birth. Give the NHS number")
        )
        return render(request, "staff/administration/who_saw.html", context)
    traces = _narrowed(form, found)
    context["traces"] = [(one, KINDS[one.kind]) for one in traces]
    if wanted == FILE and traces:
        return _file(traces)
    if wanted == COPY and traces:
        context |= {
            "title": _("Who looked at your record"),
            "back": NavLink(_("Who saw this person?"), reverse("staff:who_saw")),
            "traces": [_told(one) for one in traces],
            "made_on": words.full_day(clock.today()),
        }
        return render(request, "staff/administration/who_saw_copy.html", context)
    return render(request, "staff/administration/who_saw.html", context)


def _asked(request: StaffRequest, form: WhoSawForm, *, is_export: bool) -> list[people.Trace]:
    given = form.cleaned_data
    return people.who_saw(
        request.actor,
        identifier=form.identifier,
        given_name=given["given_name"],
        family_name=given["family_name"],
        birth_date=given["birth_date"],
        reason=given["reason"],
        page="who saw this person",
        is_export=is_export,
    )


def _narrowed(form: WhoSawForm, found: list[people.Trace]) -> list[people.Trace]:
    given = form.cleaned_data
    since, until, who = given["since"], given["until"], given["who"].casefold()
    return [
        one
        for one in found
        if (since is None or to_london(one.at).date() >= since)
        and (until is None or to_london(one.at).date() <= until)
        and (who in one.actor.casefold() or who in one.organisation.casefold())
    ]


def _told(one: people.Trace) -> tuple[datetime, str, str]:
    """When, what happened in words, and the reason that was written down when it was an emergency."""
    sentence = TOLD_OF_EMERGENCY.get(one.page, TOLD[one.kind])
    where = one.organisation or _("an organisation that is not known any more")
    return one.at, sentence % {"organisation": where}, one.reason if one.page == OPENED_PAGE else ""


def _file(traces: list[people.Trace]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="who-saw.csv"'
    writer = csv.writer(response)
    writer.writerow([_("When"), _("Who"), _("Organisation"), _("What they did"), _("Page"), _("Reason")])
    for one in traces:
        row = [one.actor, one.organisation, str(KINDS[one.kind]), one.page, one.reason]
        writer.writerow([to_london(one.at).strftime("%Y-%m-%d %H:%M"), *map(_harmless, row)])
    return response


def _harmless(cell: str) -> str:
    """A spreadsheet takes a cell that begins with one of these for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell
