"""Ending the work and telling the referrer, and taking it up again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fingerpost.codes.pathway import EventKind
from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.casework import api as casework
from fingerpost.web.casework.api import Case
from fingerpost.web.connections import api as connections
from fingerpost.web.feedback import api as feedback
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages.submission import once
from fingerpost.web.pathway import api as pathway
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.case_frame import back_to_person, case_to_settle, open_case, render_case
from fingerpost.web.staff.scheme.closing_forms import CloseForm, TellForm, end_name
from fingerpost.web.staff.scheme.wording import connection_standing, reason_in_words
from fingerpost.web.tenancy.api import Permission

STEP = "step"
SEND, CHANGE = "send", "change"
# Reasons are offered up to the last step before the end of the work.
_LATEST = EventKind.SUSTAINED


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.HOLD_CASES)
def close(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """First how it ended; then what the referrer will read; then it is sent."""
    case = case_to_settle(request, case_id, page="end the work")
    form = CloseForm(
        request.POST if request.method == "POST" else None,
        step=_step(request.actor, case),
        open_connections=connections.open_connections(request.actor, case_id=case.id),
    )
    if request.method != "POST" or not form.is_valid() or request.POST.get(STEP) == CHANGE:
        return _form_page(request, case, form)
    if request.POST.get(STEP) != SEND:
        return _tell_page(
            request, case, form, TellForm(initial={"told": _draft(request.actor, case, form.reason())})
        )
    tell = TellForm(request.POST)
    if not tell.is_valid():
        return _tell_page(request, case, form, tell)
    try:
        return _send(request, case, form, tell)
    except FingerpostError as refusal:
        tell.refuse(refusal)
        return _tell_page(request, case, form, tell)


@require_safe
@for_those_who(Permission.HOLD_CASES)
def closed(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Ended: what happens next, when, and who does it."""
    case = open_case(request, case_id, page="work ended")
    if case.status != casework.CaseStatus.CLOSED:
        return HttpResponseRedirect(reverse("staff:case", args=[case.id]))
    letter = feedback.letters_of_referral(request.actor, referral_id=case.referral_id).first()
    practice = case.referral.referrer.name
    context: dict[str, Any] = {
        "title": _("The work is ended"),
        "practice": practice,
        "letter": letter,
        "reason": reason_in_words(case.closed_reason),
        "back": back_to_person(case),
        "subnavigation": [],
    }
    return render_case(request, "closed", case, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.HOLD_CASES)
def reopen(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """The work goes on after all."""
    case = open_case(request, case_id, page="take the work up again")
    if request.method == "POST":
        if case.status != casework.CaseStatus.OPEN:
            casework.reopen(case=case, by=request.actor, at=clock.now())
            messages.success(request, _("The work goes on. Write down what comes next."))
        return HttpResponseRedirect(reverse("staff:case", args=[case.id]))
    context = {
        "title": _("Take the work up again"),
        "back": back_to_person(case),
        "question": "",
        "quote": "",
        "explanation": _(
            "The case is open again and stays with its link worker. The ending is marked as a mistake and counts "
            "nowhere; that it was ended, and the letter that was sent, stay in the record. Connections that ended "
            "with it stay ended."
        ),
        "button": _("Take it up again"),
    }
    return render_case(request, "confirm", case, context)


def _step(actor: Actor, case: Case) -> EventKind:
    """The last step reached, for which reasons are offered."""
    reached = pathway.last_step(pathway.events_of(actor, journey_id=case.journey_id)) or EventKind.ACCEPTED
    return _LATEST if reached in (EventKind.CLOSED, EventKind.REFERRER_TOLD) else reached


def _draft(actor: Actor, case: Case, reason: str) -> str:
    return feedback.draft(
        person=case.person,
        opened_at=case.opened_at,
        reason=reason,
        connections=connections.connections_of_case(actor, case_id=case.id),
    )


def _send(request: StaffRequest, case: Case, form: CloseForm, tell: TellForm) -> HttpResponse:
    at, given = clock.now(), form.cleaned_data

    def perform() -> str:
        feedback.close(
            case=case,
            reason=form.reason(),
            story=given["story"],
            story_may_be_told=bool(given["may_be_told"]),
            told=tell.cleaned_data["told"],
            connection_ends=form.connection_ends(),
            by=request.actor,
            at=at,
        )
        return reverse("staff:closed", args=[case.id])

    return once(tell, by=request.actor, at=at, perform=perform)


def _form_page(request: StaffRequest, case: Case, form: CloseForm) -> HttpResponse:
    context = {
        "title": _("End the work"),
        "back": back_to_person(case),
        "form": form,
        "ends": [(end_name(one), connection_standing(one)) for one in form.open_connections],
    }
    return render_case(request, "close", case, context)


def _tell_page(request: StaffRequest, case: Case, form: CloseForm, tell: TellForm) -> HttpResponse:
    given = form.cleaned_data
    left_out = {"csrfmiddlewaretoken", STEP, *tell.fields}
    context = {
        "title": _("What the practice will read"),
        "caption": case.referral.referrer.name,
        "form": tell,
        "practice": case.referral.referrer,
        "story": given["story"] if given["may_be_told"] else "",
        "reason": reason_in_words(form.reason()),
        "typed": [
            (name, value) for name, values in request.POST.lists() if name not in left_out for value in values
        ],
    }
    return render_case(request, "close_tell", case, context)
