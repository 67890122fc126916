"""Change the tree by hand: add, put right, move, close, merge, and take that back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError, NotFound
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.pages.words import capitalize_first, day
from fingerpost.web.staff.administration.access import administered
from fingerpost.web.staff.administration.account_words import links_beside
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Organisation, OrganisationDetails, OrganisationKind, Permission

_DETAILS = ("name", "code", "phone", "email", "address", "postcode")


class DetailsForm(forms.PageForm):
    """What may be said of an organisation."""

    name = forms.TextField(
        label=gettext_lazy("What is it called?"),
        use="shown wherever the organisation is named",
        missing=gettext_lazy("Give the name people know"),
        max_length=200,
    )
    code = forms.TextField(
        label=gettext_lazy("National code"),
        use="tells it from others of the same name; lists are compared by it",
        help_text=gettext_lazy("If it has one, such as A81001."),
        required=False,
        max_length=20,
    )
    phone = forms.TextField(
        label=gettext_lazy("Phone"), use="shown on its page", required=False, max_length=30, inputmode="tel"
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        use="news for the organisation goes there, never about a named person",
        required=False,
    )
    address = forms.LongTextField(
        label=gettext_lazy("Address"), use="stands on letters to it", required=False, rows=3, max_length=500
    )
    postcode = forms.PostcodeField(
        label=gettext_lazy("Postcode"), use="stands on letters to it", required=False
    )
    submission = forms.SubmissionKeyField()

    def details(self) -> OrganisationDetails:
        return OrganisationDetails(**{name: str(self.cleaned_data[name] or "") for name in _DETAILS})


class AddForm(DetailsForm):
    """A new organisation below another."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        use="says what may be part of it and what it may do",
        missing=gettext_lazy("Choose what it is"),
    )
    opens_on = forms.DateField(
        label=gettext_lazy("When does it open?"),
        use="it takes part from this day on",
        help_text=gettext_lazy("Leave it empty if it has long been open."),
        required=False,
    )


class MoveForm(forms.PageForm):
    """What it is to be part of, and from when."""

    parent = forms.SelectField(
        label=gettext_lazy("What is it to be part of?"),
        use="whoever administers the larger one administers this one too",
        empty=gettext_lazy("Choose one"),
        missing=gettext_lazy("Choose what it is to be part of"),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("From which day on?"),
        use="changes who administers it and where it is counted",
        missing=gettext_lazy("Give the first day"),
    )
    submission = forms.SubmissionKeyField()


NOBODY = "nobody"  # chosen, and never by leaving a question out: nobody would see its people any more


class CloseForm(forms.PageForm):
    """From when it is closed, and who goes on in its place."""

    closes_on = forms.DateField(
        label=gettext_lazy("Which is the first day on which it is closed?"),
        use="its own people see nothing from this day on",
        missing=gettext_lazy("Give the first day"),
    )
    successor = forms.SelectField(
        label=gettext_lazy("Who goes on in its place?"),
        use="sees from that day on what this one saw",
        empty=gettext_lazy("Choose one"),
        missing=gettext_lazy("Choose who goes on, or that nobody does"),
    )
    second = forms.SelectField(
        label=gettext_lazy("And who else?"),
        use="sees it as well, until people are registered elsewhere",
        help_text=gettext_lazy("Only when it is divided between two."),
        empty=gettext_lazy("Nobody else"),
        required=False,
    )
    submission = forms.SubmissionKeyField()


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.ADMINISTER_ORGANISATIONS)
def add(request: StaffRequest, organisation_id: UUID) -> HttpResponse:
    """A new organisation below this one."""
    parent = administered(request, organisation_id)
    kinds = tenancy.kinds_below(OrganisationKind(parent.kind))
    if not kinds:
        raise NotFound(_("Nothing can be part of an organisation of this kind."))
    form = AddForm(request.POST) if request.method == "POST" else AddForm()
    form.offer("kind", [(kind.value, capitalize_first(str(kind.label))) for kind in kinds])

    def perform() -> str:
        made = tenancy.add_organisation(
            kind=OrganisationKind(form.cleaned_data["kind"]),
            details=form.details(),
            parent=parent,
            opens_on=form.cleaned_data["opens_on"],
            by=request.actor,
            at=clock.now(),
        )
        messages.success(request, _("%(name)s is added.") % {"name": made.name})
        return reverse("staff:organisation", args=[made.pk])

    return _answer(
        request, parent, form, perform, title=_("Add an organisation below this one"), button=_("Add it")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.ADMINISTER_ORGANISATIONS)
def correct(request: StaffRequest, organisation_id: UUID) -> HttpResponse:
    """Another name, code or address."""
    found = administered(request, organisation_id)
    initial = {name: getattr(found, name) for name in _DETAILS}
    form = DetailsForm(request.POST) if request.method == "POST" else DetailsForm(initial=initial)

    def perform() -> str:
        tenancy.correct_organisation(
            organisation=found, details=form.details(), by=request.actor, at=clock.now()
        )
        messages.success(request, _("What you changed is saved."))
        return _page_of(found)

    return _answer(request, found, form, perform, title=_("Put its details right"), button=_("Save"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.ADMINISTER_ORGANISATIONS)
def move(request: StaffRequest, organisation_id: UUID) -> HttpResponse:
    """From a day on it is part of another."""
    found = administered(request, organisation_id)
    form = MoveForm(request.POST) if request.method == "POST" else MoveForm()
    kinds = tenancy.kinds_above(OrganisationKind(found.kind))
    offered = [one for one in _reachable(request, but=found) if one.kind in kinds]
    form.offer("parent", [(str(one.pk), one.name) for one in offered])

    def perform() -> str:
        starts_on: date = form.cleaned_data["starts_on"]
        tenancy.move_organisation(
            organisation=found,
            parent=_chosen(offered, form.cleaned_data["parent"])[0],
            starts_on=starts_on,
            by=request.actor,
            at=clock.now(),
        )
        messages.success(
            request, _("It moves on %(day)s. You can take that back here.") % {"day": day(starts_on)}
        )
        return _page_of(found)

    hint = _("Its people, its cases and its referrals stay its own. What it was part of before stays told.")
    return _answer(request, found, form, perform, title=_("Move it"), button=_("Move it"), hint=hint)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.ADMINISTER_ORGANISATIONS)
def close(request: StaffRequest, organisation_id: UUID) -> HttpResponse:
    """It closes on a day, and others may go on in its place."""
    found = administered(request, organisation_id)
    form = CloseForm(request.POST) if request.method == "POST" else CloseForm()
    offered = [one for one in _reachable(request, but=found) if one.kind == found.kind]
    names = [(str(one.pk), one.name) for one in offered]
    form.offer("successor", [(NOBODY, _("Nobody: it closes without a successor")), *names])
    form.offer("second", names)

    def perform() -> str:
        given = form.cleaned_data
        successors = _chosen(offered, given["successor"], given["second"])
        tenancy.close_organisation(
            organisation=found,
            closes_on=given["closes_on"],
            successors=successors,
            by=request.actor,
            at=clock.now(),
        )
        messages.success(
            request,
            _(
                "It closes on %(day)s. Every administrator reads that beside the tree, and you can take it back here."
            )
            % {"day": day(given["closes_on"])},
        )
        return _page_of(found)

    hint = _(
        "From that day on its own people see nothing, and whoever goes on sees what it saw: its people, referrals and"
        " cases. Nothing that was written is changed. Invite its colleagues to where they work from then on."
    )
    words = {"title": _("Close or merge it"), "button": _("Close it"), "hint": hint}
    return _answer(request, found, form, perform, **words, is_grave=True)


@require_POST
@for_those_who(Permission.ADMINISTER_ORGANISATIONS)
def take_back_closing(request: StaffRequest, organisation_id: UUID) -> HttpResponse:
    """It stays open, or opens again."""
    found = administered(request, organisation_id)
    try:
        tenancy.take_back_closing(organisation=found, by=request.actor, at=clock.now())
    except FingerpostError as refusal:
        messages.error(request, " ".join(refusal.sentences(_)))
    else:
        messages.success(request, _("It stays open, and its people see what they saw."))
    return HttpResponseRedirect(_page_of(found))


@require_POST
@for_those_who(Permission.ADMINISTER_ORGANISATIONS)
def take_back_move(request: StaffRequest, organisation_id: UUID, move_id: UUID) -> HttpResponse:
    """The move is not to be."""
    found = administered(request, organisation_id)
    moves = [one for one in tenancy.moves_of(found) if one.pk == move_id]
    if not moves:
        raise NotFound(_("There is no such move here."))
    try:
        tenancy.take_back_move(move=moves[0], by=request.actor, at=clock.now())
    except FingerpostError as refusal:
        messages.error(request, " ".join(refusal.sentences(_)))
    else:
        messages.success(request, _("The move is taken back."))
    return HttpResponseRedirect(_page_of(found))


def _answer(
    request: StaffRequest,
    found: Organisation,
    form: forms.PageForm,
    perform: Callable[[], str],
    *,
    title: str,
    button: str,
    hint: str = "",
    is_grave: bool = False,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            return once(form, by=request.actor, at=clock.now(), perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": title,
        "caption": found.name,
        "back": NavLink(_("Back to the organisation"), _page_of(found)),
        "form": form,
        "fields": [name for name in form.fields if name != "submission"],
        "button": button,
        "is_grave": is_grave,
        "hint": hint,
        "subnavigation": links_beside("staff:organisations"),
    }
    return render(request, "staff/administration/change_organisation.html", context)


def _reachable(request: StaffRequest, *, but: Organisation) -> list[Organisation]:
    """Open organisations that the reader administers as well, by name."""
    mine = tenancy.administered(request.actor, at=clock.now())
    today = clock.today()
    return [
        one
        for one in tenancy.organisations().filter(id__in=mine)
        if one.pk != but.pk and (one.closes_on is None or one.closes_on > today)
    ]


def _chosen(offered: list[Organisation], *given: str) -> list[Organisation]:
    by_id = {str(one.pk): one for one in offered}
    return [by_id[each] for each in dict.fromkeys(given) if each in by_id]


def _page_of(found: Organisation) -> str:
    return reverse("staff:organisation", args=[found.pk])
