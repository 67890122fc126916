"""Putting a referral right: taking it back, and saying that it should never have been."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fingerpost.codes.pathway import EventKind, Owner, reasons_after
from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.audit import api as audit
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.words import as_words
from fingerpost.web.referrals import api as referrals
from fingerpost.web.staff.practice.refer import identity, own_referral
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission


class ReasonForm(forms.PageForm):
    """Why; the answers are the pathway's own reasons."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What is the reason?"),
        use="kept with the referral",
        missing=gettext_lazy("Choose the reason"),
    )

    def __init__(self, *args: Any, owners: Sequence[Owner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = reasons_after(EventKind.RECEIVED, on=clock.today(), owners=owners)
        self.offer("reason", [(one.code, as_words(one.label)) for one in offered])


class TakeBackForm(ReasonForm):
    note = forms.LongTextField(
        label=gettext_lazy("Anything the scheme should know"),
        use="read by the scheme",
        required=False,
        rows=3,
        max_length=500,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.REFER)
def take_back(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Before the scheme has answered: it leaves the queue, and the reason is kept."""
    owners = (Owner.REFERRER, Owner.PERSON, Owner.LIFE)
    form = TakeBackForm(request.POST or None, owners=owners, initial={"reason": "referrer_withdrew"})

    def act(referral: referrals.Referral) -> str:
        given = form.cleaned_data
        referrals.withdraw(
            referral=referral, reason=given["reason"], note=given["note"], by=request.actor, at=clock.now()
        )
        return _("The referral is taken back. The scheme no longer has it in its queue.")

    words = {"title": _("Take the referral back"), "button": _("Take it back"), "explanation": ""}
    return _reason_page(request, referral_id, form, act, words)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CORRECT_RECORDS)
def mistake(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Wrong person, or the same referral twice: kept with its trace, counted nowhere."""
    form = ReasonForm(request.POST or None, owners=(Owner.RECORD,))

    def act(referral: referrals.Referral) -> str:
        referrals.mark_entered_in_error(
            referral=referral, reason=form.cleaned_data["reason"], by=request.actor, at=clock.now()
        )
        return _("The referral is marked as a mistake. It stays in the record and counts nowhere.")

    words = {
        "title": _("Mark as entered in error"),
        "button": _("Mark as a mistake"),
        "explanation": _(
            "For a referral that should never have been. It is kept, with who marked it and when, "
            "and counts nowhere. This cannot be undone here."
        ),
    }
    return _reason_page(request, referral_id, form, act, words)


def _reason_page(
    request: StaffRequest,
    referral_id: UUID,
    form: ReasonForm,
    act: Callable[[referrals.Referral], str],
    words: dict[str, str],
) -> HttpResponse:
    referral = own_referral(request.actor, referral_id)
    detail = reverse("staff:my_referral", kwargs={"referral_id": referral.id})
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act(referral))
            return HttpResponseRedirect(detail)
        except FingerpostError as refusal:
            form.refuse(refusal)
    audit.record_view(
        actor=request.actor,
        person_id=referral.person_id,
        label=referral.person.full_name,
        page="correct a referral",
    )
    context = {
        **words,
        "form": form,
        "referral": referral,
        "back": NavLink(_("Back to the referral"), detail),
    }
    return render(request, "staff/practice/reason.html", context | identity(request.actor, referral.person))
