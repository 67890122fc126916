"""Deciding on a referral: accept, decline, pass on, and undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, IllegalTransition
from fingerpost.web.casework import api as casework
from fingerpost.web.pages.forms import PageForm
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.referrals import api as referrals
from fingerpost.web.referrals.api import Referral
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.case_frame import identity, record_seen
from fingerpost.web.staff.scheme.queue import is_undoable, own_referral, referral_page
from fingerpost.web.staff.scheme.queue_forms import NOBODY_YET, AcceptForm, DeclineForm, RedirectForm
from fingerpost.web.staff.scheme.sharing_out import workers
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Permission


@require_POST
@for_those_who(Permission.TRIAGE)
def accept(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Take it on and give it to a worker, in one press."""
    referral, at = own_referral(request.actor, referral_id), clock.now()
    form = AcceptForm(request.POST, team=workers(request.actor, at=at))

    def perform() -> str:
        chosen = form.cleaned_data["worker"]
        worker_id = None if chosen == NOBODY_YET else UUID(chosen)
        case = casework.accept(referral=referral, worker_id=worker_id, by=request.actor, at=at)
        messages.success(request, _accepted(case, referral))
        return reverse("staff:queue")

    if form.is_valid():
        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    return referral_page(request, referral, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.TRIAGE)
def decline(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Not taken on, with a reason that the practice reads."""
    referral = own_referral(request.actor, referral_id)
    form = DeclineForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        given = form.cleaned_data
        referrals.decline(
            referral=referral, reason=given["reason"], note=given["note"], by=request.actor, at=clock.now()
        )

    words = {
        "title": _("Do not take it on"),
        "button": _("Do not take it on"),
        "explanation": _(
            "The practice sees the reason and your words at once. You can undo it for ten minutes."
        ),
        "fields": ["reason", "note"],
    }
    return _decision(request, referral, form, act, words)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.TRIAGE)
def redirect(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """To a scheme that fits better; the journey goes on there."""
    referral = own_referral(request.actor, referral_id)
    others = _other_schemes(referral)
    form = RedirectForm(request.POST if request.method == "POST" else None, schemes=others)

    def act() -> None:
        given = form.cleaned_data
        onward = referrals.redirect(
            referral=referral,
            scheme_id=UUID(given["scheme"]),
            note=given["note"],
            by=request.actor,
            at=clock.now(),
        )
        said = _("The referral of %(name)s now waits with %(scheme)s. The practice can see it.")
        messages.success(request, said % {"name": referral.person.full_name, "scheme": onward.scheme.name})

    words = {
        "title": _("Pass it to another scheme"),
        "button": _("Pass it on") if others else "",
        "explanation": _(
            "It lands in their queue with everything that was said. What happened here stays in the record."
        )
        if others
        else _("No other scheme takes referrals from this practice."),
        "fields": ["scheme", "note"] if others else [],
    }
    return _decision(request, referral, form, act, words)


@require_POST
@for_those_who(Permission.TRIAGE)
def restore(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Undo a decline within ten minutes. A second press finds it done."""
    referral = own_referral(request.actor, referral_id)
    if referral.status != referrals.ReferralStatus.RECEIVED:
        if not is_undoable(request.actor, referral):
            raise IllegalTransition(
                _("This can be undone for ten minutes, and only when it was not taken on."),
                remedy=_("Ask the practice to refer again; what was said before stays in the record."),
            )
        referrals.restore(referral=referral, by=request.actor, at=clock.now())
        messages.success(request, _("Undone. The referral waits in the queue again."))
    return HttpResponseRedirect(reverse("staff:referral", args=[referral.id]))


def _decision(
    request: StaffRequest, referral: Referral, form: PageForm, act: Callable[[], None], words: dict[str, Any]
) -> HttpResponse:
    def perform() -> str:
        act()
        return reverse("staff:queue")

    if request.method == "POST" and form.is_valid():
        try:
            return once(form, by=request.actor, at=clock.now(), perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    record_seen(request.actor, referral.person, page="decide on a referral")
    back = NavLink(_("Back to the referral"), reverse("staff:referral", args=[referral.id]))
    context = words | {"form": form, "back": back}
    return render(request, "staff/scheme/decide.html", identity(request.actor, referral.person) | context)


def _other_schemes(referral: Referral) -> list[tenancy.Organisation]:
    found = tenancy.schemes_onward(practice_id=referral.referrer_id, on=clock.today())
    return [one for one in found if one.id != referral.scheme_id]


def _accepted(case: casework.Case, referral: Referral) -> str:
    if case.worker is None:
        return _("%(name)s is taken on. Nobody has the case yet: it is on your Today page.") % {
            "name": referral.person.full_name
        }
    return _("%(name)s is taken on, and %(worker)s has the case.") % {
        "name": referral.person.full_name,
        "worker": case.worker.name,
    }
