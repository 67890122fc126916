"""Refer someone: one page, a look over it, and what happens next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, NotAllowed, NotFound
from fingerpost.web.audit import api as audit
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.cache import is_tried_too_often
from fingerpost.web.pages.submission import once
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals
from fingerpost.web.staff.practice.check_words import request_rows, sections_of
from fingerpost.web.staff.practice.refer_forms import ReferralForm, RequestForm
from fingerpost.web.staff.practice.wording import phone_in_words, safe_contact
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Organisation, Permission

STEP = "step"
SEND, CHANGE = "send", "change"
# A full day of referring is a handful an hour, two presses each. Numbers cannot be tried out with what is left.
PRESSES_AN_HOUR, TOO_OFTEN = 60, 429


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.REFER)
def refer(request: StaffRequest) -> HttpResponse:
    """The form; when it is complete, the look over it; when that is confirmed, the referral."""
    schemes = _schemes(request.actor)
    if not schemes:
        return render(request, "staff/practice/no_scheme.html", {"title": _("Refer someone")})
    if request.method != "POST":
        return _form_page(request, ReferralForm(schemes=schemes))
    form = ReferralForm(request.POST, schemes=schemes)
    if not form.is_valid() or request.POST.get(STEP) == CHANGE:
        return _form_page(request, form)
    # Both presses tell something of who is known here, so both are counted.
    if is_tried_too_often(
        "known", str(request.actor.account), most=PRESSES_AN_HOUR, every=timedelta(hours=1)
    ):
        return _asked_too_often(request, form)
    if request.POST.get(STEP) == SEND:
        return _send(request, form, lambda at: _refer_new(form, by=request.actor, at=at), _form_page)
    return _check_page(request, sections_of(form), known=_known_words(request.actor, form))


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.REFER)
def refer_known(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """The same for somebody the practice already knows: only what is new is asked."""
    person = people.person(request.actor, person_id=person_id)
    audit.record_view(
        actor=request.actor, person_id=person.id, label=person.full_name, page="refer a known person"
    )
    schemes = _schemes(request.actor)
    if not schemes:
        return render(request, "staff/practice/no_scheme.html", {"title": _("Refer someone")})

    def page(request: StaffRequest, form: RequestForm) -> HttpResponse:
        return _form_page(request, form, person=person)

    if request.method != "POST":
        return page(request, RequestForm(schemes=schemes))
    form = RequestForm(request.POST, schemes=schemes)
    if not form.is_valid() or request.POST.get(STEP) == CHANGE:
        return page(request, form)
    if request.POST.get(STEP) == SEND:
        return _send(request, form, lambda at: _refer_again(form, person, by=request.actor, at=at), page)
    return _check_page(request, request_rows(form), person=person)


@require_safe
@for_those_who(Permission.REFER)
def referred(request: StaffRequest, referral_id: UUID) -> HttpResponse:
    """Sent: what happens next, when, and who does it."""
    referral = own_referral(request.actor, referral_id)
    audit.record_view(
        actor=request.actor,
        person_id=referral.person_id,
        label=referral.person.full_name,
        page="referral sent",
    )
    context = {
        "title": _("The referral is sent"),
        "referral": referral,
        "scheme_phone": phone_in_words(referral.scheme.phone),
    }
    return render(request, "staff/practice/referred.html", context)


def own_referral(actor: Actor, referral_id: UUID) -> referrals.Referral:
    """A referral that the actor's own practice made; anybody else's is not there."""
    found = referrals.referral(actor, referral_id=referral_id)
    if found.referrer_id not in actor.organisation_ids:
        raise NotFound(_("There is no such referral here, or it is not yours to see."))
    return found


def _schemes(actor: Actor) -> list[Organisation]:
    if actor.organisation_id is None:
        return []
    return list(tenancy.schemes_for(practice_id=actor.organisation_id, on=clock.today()))


def _refer_new(form: ReferralForm, *, by: Actor, at: datetime) -> referrals.Referral:
    return referrals.refer(
        details=form.to_details(),
        identifier=form.to_identifier(),
        request=form.to_request(at=at),
        scheme_id=form.scheme_chosen().id,
        by=by,
        at=at,
    )


def _refer_again(form: RequestForm, person: people.Person, *, by: Actor, at: datetime) -> referrals.Referral:
    return referrals.refer_known_person(
        person=person, request=form.to_request(at=at), scheme_id=form.scheme_chosen().id, by=by, at=at
    )


def _send(
    request: StaffRequest,
    form: Any,
    perform: Callable[[datetime], referrals.Referral],
    page: Callable[[StaffRequest, Any], HttpResponse],
) -> HttpResponse:
    """Make the referral once, however often it is pressed; a refusal shows the form as it was filled in."""
    at = clock.now()
    try:
        return once(
            form,
            by=request.actor,
            at=at,
            perform=lambda: reverse("staff:referred", kwargs={"referral_id": perform(at).id}),
        )
    except FingerpostError as refusal:
        form.refuse(refusal)
        return page(request, form)


def _asked_too_often(request: StaffRequest, form: ReferralForm) -> HttpResponse:
    refusal = NotAllowed(
        _("You have asked sixty times in an hour whether somebody is known here, and that is the limit."),
        reason="asked_too_often",
        expected=_("a few referrals in an hour"),
        remedy=_("What you typed is below: send it when the next hour begins, or let a colleague refer."),
    )
    form.refuse(refusal)
    response = _form_page(request, form)
    response.status_code = TOO_OFTEN
    return response


def _form_page(request: StaffRequest, form: RequestForm, person: people.Person | None = None) -> HttpResponse:
    context: dict[str, Any] = {"title": _("Refer someone"), "form": form, "schemes": form.schemes}
    if person is None:
        return render(request, "staff/practice/refer.html", context)
    return render(request, "staff/practice/refer_known.html", context | identity(request.actor, person))


def _check_page(
    request: StaffRequest,
    sections: Sequence[Any],
    *,
    known: str = "",
    person: people.Person | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": _("Check before you send"),
        "sections": sections,
        "known": known,
        "typed": typed(request.POST.lists()),
        "person": None,
    }
    return render(
        request, "staff/practice/check.html", context | (identity(request.actor, person) if person else {})
    )


def identity(actor: Actor, person: people.Person) -> dict[str, Any]:
    """What the identity bar of a page about this person shows."""
    contact, warning = safe_contact(actor, person)
    return {"person": person, "contact": contact, "contact_warning": warning}


def is_known(actor: Actor, form: ReferralForm) -> people.Known | None:
    """Whether the network knows this person already. Asking is logged as the search that it is."""
    number = form.to_identifier()
    given = form.cleaned_data
    known = people.known_in_network(
        actor,
        kind=number.kind if number else "",
        value=number.value if number else "",
        birth_date=given["birth_date"],
        given_name=given["given_name"],
        family_name=given["family_name"],
    )
    # Asking who is known is a search, whatever the answer, and whether or not a referral follows.
    audit.record_search(
        actor=actor,
        query=f"{given['given_name']} {given['family_name']} {given['birth_date']}",
        person_ids=[known.person_id] if known and known.person_id else [],
        page="known to the network",
    )
    return known


def _known_words(actor: Actor, form: ReferralForm) -> str:
    """The same in words, and not a word more."""
    known = is_known(actor, form)
    if known is None:
        return ""
    if known.is_certain:
        return _("This person is already known to this network. Your referral joins what is there.")
    return _(
        "Somebody with this name and birth date is already known to this network. "
        "The scheme will look whether it is the same person."
    )


def typed(given: Any) -> list[tuple[str, str]]:
    """Everything typed, to be carried along hidden: the look over it stores nothing."""
    left_out = {"csrfmiddlewaretoken", STEP}
    return [(name, value) for name, values in given if name not in left_out for value in values]
