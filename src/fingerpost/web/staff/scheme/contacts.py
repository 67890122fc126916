"""Logging contacts and promises, and marking a contact as a mistake."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, NotAllowed
from fingerpost.web.casework import api as casework
from fingerpost.web.pages.submission import once
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.case_frame import back_to_person, case_to_work_on, open_case, render_case
from fingerpost.web.staff.scheme.contact_form import ContactForm, NextStepForm
from fingerpost.web.staff.scheme.person import person_page
from fingerpost.web.tenancy.api import Permission


@require_POST
@for_those_who(Permission.HOLD_CASES)
def log_contact(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Save a contact from the person's page; with faults, that page again with everything typed."""
    case, at = case_to_work_on(request, case_id, page="log a contact"), clock.now()
    form = ContactForm(request.POST, case=case)

    def perform() -> str:
        casework.log_contact(case=case, details=form.to_details(at=at), by=request.actor, at=at)
        if form.is_step_done():
            casework.plan_next_step(case=case, next_step="", next_step_on=None, by=request.actor, at=at)
        messages.success(request, _("The contact is saved."))
        return reverse("staff:case", args=[case.id])

    if form.is_valid():
        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    return person_page(request, case, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.HOLD_CASES)
def next_step(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Change what is promised next, or take it away."""
    case = case_to_work_on(request, case_id, page="plan the next step")
    form = NextStepForm(
        request.POST if request.method == "POST" else None,
        initial={"next_step": case.next_step, "next_on": case.next_step_on},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        casework.plan_next_step(
            case=case,
            next_step=given["next_step"],
            next_step_on=given["next_on"],
            by=request.actor,
            at=clock.now(),
        )
        messages.success(request, _("The next step is saved."))
        return HttpResponseRedirect(reverse("staff:case", args=[case.id]))
    context = {
        "title": _("Next step"),
        "back": back_to_person(case),
        "form": form,
        "fields": ["next_step", "next_on"],
        "button": _("Save"),
        "explanation": _("It stands on the Today page of whoever has the case. Empty both to take it away."),
    }
    return render_case(request, "decide", case, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CORRECT_RECORDS)
def contact_mistake(request: StaffRequest, contact_id: UUID) -> HttpResponse:
    """Logged for the wrong person, or twice: kept, struck through, counted nowhere."""
    contact = casework.contact(request.actor, contact_id=contact_id)
    case = open_case(request, contact.case_id, page="mark a contact as a mistake")
    if request.method == "POST":
        casework.mark_contact_entered_in_error(contact=contact, by=request.actor, at=clock.now())
        messages.success(
            request, _("The contact is marked as a mistake. It stays on the timeline, struck through.")
        )
        return HttpResponseRedirect(reverse("staff:case", args=[case.id]))
    if not casework.can_correct(request.actor, case):
        raise NotAllowed(_("Your role does not mark mistakes."), reason="no_permission")
    context = {
        "title": _("Mark a contact as a mistake"),
        "back": back_to_person(case),
        "question": _("%(how)s, %(minutes)s minutes. Logged by %(who)s.")
        % {"how": contact.get_mode_display(), "minutes": contact.minutes, "who": contact.logged_by_name},
        "quote": contact.note,
        "explanation": _(
            "For a contact that was logged for the wrong person, or twice. It is kept, struck through, "
            "with who marked it and when, and counts nowhere. This cannot be undone."
        ),
        "button": _("Mark as a mistake"),
    }
    return render_case(request, "confirm", case, context)
