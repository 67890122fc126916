"""Invite a colleague, send the link again, withdraw it."""

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
from fingerpost.kernel.errors import FingerpostError, InvalidValue, NotFound
from fingerpost.web.foundation import jobs
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.staff.administration.access import administered
from fingerpost.web.staff.administration.account_words import links_beside, role_choices
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.tasks import SEND_INVITATION
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Invitation, Organisation, Permission, Role


class InviteForm(forms.PageForm):
    """Who is invited, and as what. The organisation is the page's own: no form carries it."""

    name = forms.TextField(
        label=gettext_lazy("What is their name?"),
        use="greets them in the e-mail; they can correct it",
        missing=gettext_lazy("Give their name"),
        max_length=200,
    )
    email = forms.EmailField(
        label=gettext_lazy("Their e-mail address at work"),
        use="the link goes there, and they sign in with it",
        missing=gettext_lazy("Give their e-mail address"),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("What is their role here?"),
        use="opens what the role may do, in this organisation",
        missing=gettext_lazy("Choose a role"),
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("role", role_choices())


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def invite(request: StaffRequest, organisation_id: UUID) -> HttpResponse:
    """Send somebody a link that opens one role here. The answer is the same for every address."""
    found = administered(request, organisation_id)
    form = InviteForm(request.POST) if request.method == "POST" else InviteForm()
    if form.is_bound and form.is_valid():
        try:
            return _invite(request, found, form)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": _("Invite a colleague"),
        "caption": found.name,
        "back": NavLink(_("Back to the organisation"), reverse("staff:organisation", args=[found.pk])),
        "form": form,
        "organisation": found,
        "subnavigation": links_beside("staff:organisations"),
    }
    return render(request, "staff/administration/invite.html", context)


@require_POST
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def invite_again(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """A fresh link; the one before opens nothing any more."""
    one = _invitation(request, invitation_id)
    try:
        tenancy.renew_invitation(invitation=one, by=request.actor, at=clock.now())
    except InvalidValue as refusal:
        messages.error(request, " ".join(refusal.sentences(_)))
    else:
        _send(one)
        messages.success(
            request, _("A new link is on its way to %(email)s. The old one has ended.") % {"email": one.email}
        )
    return _back(one)


@require_POST
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def withdraw_invitation(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """The link that was sent opens nothing from now on."""
    one = _invitation(request, invitation_id)
    try:
        tenancy.withdraw_invitation(invitation=one, by=request.actor, at=clock.now())
    except InvalidValue as refusal:
        messages.error(request, " ".join(refusal.sentences(_)))
    else:
        messages.success(
            request, _("The invitation of %(who)s is withdrawn: its link opens nothing.") % {"who": one.name}
        )
    return _back(one)


def _invite(request: StaffRequest, found: Organisation, form: InviteForm) -> HttpResponse:
    at, given = clock.now(), form.cleaned_data

    def perform() -> str:
        made = tenancy.invite(
            email=given["email"],
            name=given["name"].strip(),
            organisation=found,
            role=Role(given["role"]),
            by=request.actor,
            at=at,
        )
        _send(made)
        messages.success(
            request,
            _("A link is on its way to %(email)s. It works once, for seven days.") % {"email": made.email},
        )
        return reverse("staff:organisation", args=[found.pk])

    return once(form, by=request.actor, at=at, perform=perform)


def _send(one: Invitation) -> None:
    jobs.defer(SEND_INVITATION, key=str(one.pk), invitation_id=one.pk, system_id=one.system_id)


def _invitation(request: StaffRequest, invitation_id: UUID) -> Invitation:
    one = tenancy.invitation(invitation_id=invitation_id)
    if one is None:
        raise NotFound(_("There is no such invitation here."))
    administered(request, one.organisation_id)
    return one


def _back(one: Invitation) -> HttpResponse:
    return HttpResponseRedirect(reverse("staff:organisation", args=[one.organisation_id]))
