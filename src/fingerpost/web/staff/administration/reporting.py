"""What somebody who uses the directory has found out about a listing: it lowers its trust, and its owner is asked."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import EvidenceKind
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission


class ReportForm(forms.PageForm):
    """One of two things, and nothing about a person."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What have you found out?"),
        use="lowers how far it is trusted, and its provider is asked",
        missing=gettext_lazy("Choose what you have found out"),
        choices=[
            forms.Choice(EvidenceKind.NOT_RUNNING, gettext_lazy("It is not running any more")),
            forms.Choice(
                EvidenceKind.WRONG_DETAILS,
                gettext_lazy("Something that stands there is wrong"),
                hint=gettext_lazy("The place, the times, the phone number or whom it is for."),
            ),
        ],
    )
    note = forms.TextField(
        label=gettext_lazy("What is right?"),
        use="read by whoever keeps the directory",
        help_text=gettext_lazy("For example: they meet on Tuesdays now. Nothing about a person."),
        required=False,
        max_length=500,
    )
    submission = forms.SubmissionKeyField()


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.SIGNPOST)
def report_listing(request: StaffRequest, listing_id: UUID) -> HttpResponse:
    """Said in two presses, while it is fresh."""
    one = directory.listing(request.actor, listing_id=listing_id)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _report(request, one, form)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": _("Say that something is wrong"),
        "caption": one.name,
        "back": NavLink(_("Back to the listing"), reverse("staff:listing", args=[one.id])),
        "form": form,
    }
    return render(request, "staff/administration/report_listing.html", context)


def _report(request: StaffRequest, one: directory.Listing, form: ReportForm) -> HttpResponse:
    given, at = form.cleaned_data, clock.now()

    def perform() -> str:
        directory.report_evidence(
            listing_id=one.id, kind=EvidenceKind(given["kind"]), by=request.actor, at=at
        )
        if given["note"]:
            directory.suggest(listing_id=one.id, note=given["note"], by=request.actor, at=at)
        messages.success(
            request, _("Thank you. Colleagues see it from now on, and its provider is asked where it can be.")
        )
        return reverse("staff:listing", args=[one.id])

    return once(form, by=request.actor, at=at, perform=perform)
