"""What was checked about a listing and its provider: papers, until when they hold, and who took a risk without."""

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
from fingerpost.kernel.errors import FingerpostError, NotFound
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import AssuranceKind, WithdrawnWhy
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.pages.words import capitalize_first
from fingerpost.web.staff.administration.frame import names_of
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission


class AssuranceForm(forms.PageForm):
    """A paper that a steward has seen."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What have you seen?"),
        use="looked at when somebody is put in touch",
        missing=gettext_lazy("Choose what you have seen"),
        choices=[(kind.value, capitalize_first(str(kind.label))) for kind in AssuranceKind],
    )
    whose = forms.ChoiceField(
        label=gettext_lazy("For what does it hold?"),
        use="for one listing or all of the provider's",
        missing=gettext_lazy("Choose for what it holds"),
        choices=[
            ("provider", gettext_lazy("Everything this provider runs")),
            ("listing", gettext_lazy("This listing only")),
        ],
    )
    detail = forms.TextField(
        label=gettext_lazy("Which one?"),
        use="shown on this page",
        help_text=gettext_lazy("For example: the insurer and the number. Nobody's name."),
        required=False,
        max_length=300,
    )
    checked_on = forms.DateField(
        label=gettext_lazy("When did you see it?"),
        use="kept with it",
        missing=gettext_lazy("Type the day on which you saw it"),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Until when does it hold?"),
        help_text=gettext_lazy("Leave it empty if it has no end."),
        use="after this day your area's rule applies",
        required=False,
    )
    submission = forms.SubmissionKeyField()


class WithdrawalForm(forms.PageForm):
    """Why a paper holds no more."""

    why = forms.ChoiceField(
        label=gettext_lazy("Why does it hold no more?"),
        use="what was a mistake counts as never seen; what was taken back ended today",
        missing=gettext_lazy("Say why it holds no more"),
        choices=[(why.value, capitalize_first(str(why.label))) for why in WithdrawnWhy],
    )
    note = forms.TextField(
        label=gettext_lazy("Anything to add?"),
        use="shown on the page of papers",
        help_text=gettext_lazy("For example: who told you. Nobody's name."),
        required=False,
        max_length=300,
    )
    submission = forms.SubmissionKeyField()


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.IMPORT_DIRECTORY)
def assurance(request: StaffRequest, listing_id: UUID) -> HttpResponse:
    """The papers, and a form to write down another."""
    actor, at = request.actor, clock.now()
    one = directory.listing(actor, listing_id=listing_id)
    form = AssuranceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _record(request, one, form)
        except FingerpostError as refusal:
            form.refuse(refusal)
    known = list(directory.assurances_of(actor, listing_id=listing_id))
    withdrawn = list(directory.withdrawn_assurances_of(actor, listing_id=listing_id))
    context = {
        "title": _("Insurance, safeguarding and other papers"),
        "caption": one.name,
        "back": NavLink(_("Back to the listing"), reverse("staff:listing", args=[one.id])),
        "form": form,
        "listing": one,
        "known": known,
        "withdrawn": withdrawn,
        "who": names_of(
            [
                *(row.checked_by for row in [*known, *withdrawn]),
                *(row.withdrawn_by for row in withdrawn),
            ]
        ),
        "standing": directory.standing_of(actor, listing_id=listing_id, on=clock.today()),
        "risks": list(directory.risks_taken(actor, listing_id=listing_id)),
        "today": clock.today(),
        "at": at,
    }
    return render(request, "staff/administration/assurance.html", context)


def _record(request: StaffRequest, one: directory.Listing, form: AssuranceForm) -> HttpResponse:
    given, at = form.cleaned_data, clock.now()

    def perform() -> str:
        directory.record_assurance(
            kind=AssuranceKind(given["kind"]),
            listing_id=one.id,
            for_provider=given["whose"] == "provider",
            detail=given["detail"],
            checked_on=given["checked_on"],
            expires_on=given["expires_on"],
            by=request.actor,
            at=at,
        )
        messages.success(request, _("Saved."))
        return reverse("staff:assurance", args=[one.id])

    return once(form, by=request.actor, at=at, perform=perform)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.IMPORT_DIRECTORY)
def withdraw_assurance(request: StaffRequest, listing_id: UUID, assurance_id: UUID) -> HttpResponse:
    """Say why a paper holds no more."""
    actor = request.actor
    one = directory.listing(actor, listing_id=listing_id)
    row = directory.assurances_of(actor, listing_id=listing_id).filter(id=assurance_id).first()
    if row is None:
        raise NotFound(_("There is no such paper."), remedy=_("Choose one from the list."))
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _withdraw(request, one, row, form)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": _("Withdraw a paper"),
        "caption": one.name,
        "back": NavLink(_("Back to the papers"), reverse("staff:assurance", args=[one.id])),
        "form": form,
        "row": row,
        "who": names_of([row.checked_by])[row.checked_by],
    }
    return render(request, "staff/administration/withdraw_assurance.html", context)


def _withdraw(
    request: StaffRequest, one: directory.Listing, row: directory.Assurance, form: WithdrawalForm
) -> HttpResponse:
    given, at = form.cleaned_data, clock.now()

    def perform() -> str:
        directory.withdraw_assurance(
            assurance_id=row.id,
            why=WithdrawnWhy(given["why"]),
            note=given["note"],
            by=request.actor,
            at=at,
        )
        messages.success(request, _("Withdrawn."))
        return reverse("staff:assurance", args=[one.id])

    return once(form, by=request.actor, at=at, perform=perform)
