"""What a person decides about a listing: its address is right; it is closed, or runs again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, NotAllowed
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import Listing, ListingStatus
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.staff.administration.listing_page import listing_shown
from fingerpost.web.staff.administration.listing_words import status_in_words
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission

_MOVES = {
    ListingStatus.ACTIVE: gettext_lazy("It is running"),
    ListingStatus.TEMPORARILY_CLOSED: gettext_lazy("It is closed for a while"),
    ListingStatus.INACTIVE: gettext_lazy("It is not running, and may come back"),
    ListingStatus.DEFUNCT: gettext_lazy("It has ended for good"),
}
_HINTS = {
    ListingStatus.TEMPORARILY_CLOSED: gettext_lazy(
        "It is still found by a search, and says that it is closed."
    ),
    ListingStatus.INACTIVE: gettext_lazy("It is no longer found by a search."),
    ListingStatus.DEFUNCT: gettext_lazy("It is no longer found by a search."),
}


class StatusForm(forms.PageForm):
    """Whether a listing runs, of what may follow on what is known now."""

    status = forms.ChoiceField(
        label=gettext_lazy("What do you know?"),
        use="closed listings are not offered to anybody",
        missing=gettext_lazy("Say whether it is running"),
    )
    reason = forms.TextField(
        label=gettext_lazy("How do you know?"),
        use="shown to whoever opens the listing",
        help_text=gettext_lazy("For example: rang them today. Nothing about a person."),
        required=False,
        max_length=200,
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, listing: Listing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = directory.LISTING_TRANSITIONS[ListingStatus(listing.status)]
        self.offer(
            "status",
            [
                forms.Choice(status, words, hint=_HINTS.get(status, ""))
                for status, words in _MOVES.items()
                if status in possible
            ],
        )


@require_POST
@for_those_who(Permission.SEARCH_DIRECTORY)
def vouch(request: StaffRequest, listing_id: UUID) -> HttpResponse:
    """The reader says that the address they saw is right. If it has changed meanwhile, nothing happens."""
    found = directory.listing_details(request.actor, listing_id=listing_id, at=clock.now())
    if not found.email or request.POST.get("address", "") != found.email:
        problem = _("The address has changed since you opened this page. Look at it again before you say so.")
        return listing_shown(request, listing_id, problems=[problem])
    try:
        directory.vouch_for_email(address=found.email, by=request.actor, at=clock.now())
    except NotAllowed:
        raise
    except FingerpostError as refusal:
        return listing_shown(request, listing_id, problems=refusal.sentences(_)[:1])
    messages.success(request, _("Thank you. %(address)s may now be written to.") % {"address": found.email})
    return HttpResponseRedirect(reverse("staff:listing", args=[listing_id]))


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.IMPORT_DIRECTORY)
def status(request: StaffRequest, listing_id: UUID) -> HttpResponse:
    """Close a listing, or say that it runs. What a person says here outlasts what its source says."""
    one = directory.listing(request.actor, listing_id=listing_id)
    if request.method != "POST":
        return _page(request, one, StatusForm(listing=one))
    form = StatusForm(request.POST, listing=one)
    if form.is_valid():
        try:
            return _change(request, one, form)
        except FingerpostError as refusal:
            form.refuse(refusal)
    return _page(request, one, form)


def _change(request: StaffRequest, one: Listing, form: StatusForm) -> HttpResponse:
    at = clock.now()

    def perform() -> str:
        changed = directory.set_status(
            listing_id=one.id,
            status=ListingStatus(form.cleaned_data["status"]),
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=at,
        )
        messages.success(request, status_in_words(changed)[2])
        return reverse("staff:listing", args=[one.id])

    return once(form, by=request.actor, at=at, perform=perform)


def _page(request: StaffRequest, one: Listing, form: StatusForm) -> HttpResponse:
    context = {
        "title": _("Is it running?"),
        "caption": one.name,
        "back": NavLink(_("Back to the listing"), reverse("staff:listing", args=[one.id])),
        "form": form,
        "status": status_in_words(one),
        "action": reverse("staff:listing_status", args=[one.id]),
    }
    return render(request, "staff/administration/listing_status.html", context)
