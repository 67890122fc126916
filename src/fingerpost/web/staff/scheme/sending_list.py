"""Sending a person their short list by e-mail: the words as they will arrive, their agreement, and off it goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fingerpost.kernel import clock
from fingerpost.kernel.errors import Conflict, FingerpostError, NotAllowed, NotFound
from fingerpost.web.casework.api import Case
from fingerpost.web.connections import api as connections
from fingerpost.web.connections.api import ListLetter
from fingerpost.web.pages import forms, words
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.case_frame import case_to_settle, render_case
from fingerpost.web.staff.scheme.short_list import open_and_closed
from fingerpost.web.tenancy.api import Permission


class SendListForm(forms.PageForm):
    """That they want it, how they said so, and which list was looked at."""

    consent_how = forms.ChoiceField(
        label=gettext_lazy("How did they tell you that they want it by e-mail?"),
        help_text=gettext_lazy(
            "Somebody else who reads their e-mail sees the list too. Ask them about that."
        ),
        use="kept with what was sent; without it nothing is sent",
        missing=gettext_lazy("Say how they told you. Without their yes nothing is sent"),
        choices=[(how.value, how.label) for how in connections.AgreedHow],
    )
    shown = django_forms.CharField(widget=django_forms.HiddenInput, max_length=400, required=False)
    submission = forms.SubmissionKeyField()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.CONNECT)
def send_short_list(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Look at the e-mail, then send it. Where it cannot go, the page says why and what else can be done."""
    case = case_to_settle(request, case_id, page="send a short list")
    ids, closed = open_and_closed(request, case)
    form = SendListForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _send(request, case, ids, form)
        except FingerpostError as refusal:
            form.refuse(refusal)
            # The next press sends what is looked at now.
            again = request.POST.copy()
            again["shown"] = _shown(ids)
            form.data = again
    context = {
        "title": _("Send the list to %(name)s") % {"name": case.person.called},
        "back": NavLink(_("Back to the list"), reverse("staff:short_list", args=[case.id])),
        "form": form if form.is_bound else SendListForm(initial={"shown": _shown(ids)}),
        "closed": closed,
        **_letter(request, case, ids),
    }
    return render_case(request, "send_short_list", case, context)


def _send(request: StaffRequest, case: Case, ids: Sequence[UUID], form: SendListForm) -> HttpResponse:
    at = clock.now()
    if form.cleaned_data["shown"] != _shown(ids):
        raise Conflict(
            _("The list has changed since you looked at it, or something on it has closed."),
            remedy=_("This is the e-mail as it is now. Look at it, then send it."),
        )

    def perform() -> str:
        sent = connections.send_list(
            case=case,
            listing_ids=ids,
            consent_how=form.cleaned_data["consent_how"],
            by=request.actor,
            at=at,
        )
        messages.success(
            request,
            _("The list is on its way to %(address)s. The story below tells how it went.")
            % {"address": sent.address},
        )
        return reverse("staff:case", args=[case.id])

    return once(form, by=request.actor, at=at, perform=perform)


def _letter(request: StaffRequest, case: Case, ids: Sequence[UUID]) -> dict[str, Any]:
    """The e-mail as it would go now, or in words why it cannot."""
    letter: ListLetter | None = None
    refusal: list[str] = []
    if ids:
        try:
            letter = connections.write_list(request.actor, case=case, listing_ids=ids)
        except (NotAllowed, NotFound, Conflict) as error:
            refusal = words.sentences(error)
    return {"letter": letter, "refusal": refusal, "is_empty": not ids}


def _shown(ids: Sequence[UUID]) -> str:
    return ",".join(str(each) for each in ids)
