"""Nothing fits: the need and what would have helped are tapped, and stand in the story and in the counts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.casework.api import Case
from fingerpost.web.gaps import api as gaps
from fingerpost.web.gaps.api import WouldHaveHelped
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.staff.practice.wording import need_choices, needs_in_words
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.case_frame import case_to_settle, render_case
from fingerpost.web.tenancy.api import Permission


class GapForm(forms.PageForm):
    """Two taps."""

    need = forms.ChoiceField(
        label=gettext_lazy("Which need could nothing meet?"),
        use="counted for those who pay for what there is; nobody is named",
        missing=gettext_lazy("Choose the need"),
    )
    helped_by = forms.ChoiceField(
        label=gettext_lazy("What would have helped?"),
        use="counted in the same way",
        missing=gettext_lazy("Choose what would have helped most"),
        choices=WouldHaveHelped.choices,
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        asked = list(case.referral.needs)
        kwargs.setdefault("initial", {"need": asked[0]} if len(asked) == 1 else {})
        super().__init__(*args, **kwargs)
        # What the referral named comes first.
        offered = need_choices(clock.today())
        ordered = sorted(offered, key=lambda one: one.value not in asked)
        self.offer("need", ordered)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CONNECT)
def record_gap(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Record that nothing nearby fits, and see what has been recorded for this person."""
    case = case_to_settle(request, case_id, page="record a gap")
    form = GapForm(request.POST if request.method == "POST" else None, case=case)
    if request.method == "POST" and form.is_valid():
        try:
            return _record(request, case, form)
        except FingerpostError as refusal:
            form.refuse(refusal)
    known = gaps.gaps_of_journey(request.actor, journey_id=case.journey.id)
    context = {
        "title": _("Nothing fits"),
        "back": NavLink(_("Back to the search"), reverse("staff:find", args=[case.id])),
        "form": form,
        "known": [(gap, needs_in_words([gap.need])[0], gap.get_helped_by_display()) for gap, _event in known],
    }
    return render_case(request, "record_gap", case, context)


@require_POST
@for_those_who(Permission.CONNECT)
def take_back_gap(request: StaffRequest, case_id: UUID, gap_id: UUID) -> HttpResponse:
    """It was a mistake."""
    case = case_to_settle(request, case_id, page="take back a gap")
    gaps.take_back_gap(journey=case.journey, gap_id=gap_id, by=request.actor, at=clock.now())
    messages.success(request, _("Taken back. It is no longer counted."))
    return HttpResponseRedirect(reverse("staff:record_gap", args=[case.id]))


def _record(request: StaffRequest, case: Case, form: GapForm) -> HttpResponse:
    at = clock.now()

    def perform() -> str:
        gaps.record_gap(
            journey=case.journey,
            need=form.cleaned_data["need"],
            helped_by=WouldHaveHelped(form.cleaned_data["helped_by"]),
            postcode=case.person.postcode,
            by=request.actor,
            at=at,
        )
        messages.success(
            request, _("Thank you. It is counted, without their name, for those who can change it.")
        )
        return reverse("staff:case", args=[case.id])

    return once(form, by=request.actor, at=at, perform=perform)
