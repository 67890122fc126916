"""What people say and what it means: the list, one entry, switching one off, and bringing ours back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import Meaning
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.staff.administration.frame import directory_links
from fingerpost.web.staff.practice.wording import need_choices, needs_in_words
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission


class MeaningForm(forms.PageForm):
    """Phrases that mean the same, and what search does with them."""

    phrases = forms.LongTextField(
        label=gettext_lazy("What do people say?"),
        use="read as the needs and words below",
        missing=gettext_lazy("Write at least one thing that people say"),
        help_text=gettext_lazy(
            "One on each line, for example: can't pay the electric. Nothing about a person."
        ),
        max_length=4000,
    )
    needs = forms.ChoicesField(
        label=gettext_lazy("Which needs does it stand for?"),
        use="finds listings that help with them",
        required=False,
    )
    words = forms.LongTextField(
        label=gettext_lazy("Which words should be looked for in listings?"),
        use="finds listings that name no needs",
        help_text=gettext_lazy("One on each line, for example: debt advice."),
        required=False,
        max_length=4000,
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("needs", need_choices(clock.today()))


@require_safe
@for_those_who(Permission.IMPORT_DIRECTORY)
def lay_words(request: StaffRequest) -> HttpResponse:
    """Every entry: what people say, what it means, and who changed it."""
    found = directory.lay_meanings(request.actor)
    context = {
        "title": _("What people say"),
        "subnavigation": directory_links(request.actor, here="staff:lay_words"),
        "rows": [(one, needs_in_words(one.entry.needs)) for one in found if one.entry.phrases],
        "off": [one for one in found if not one.entry.phrases],
    }
    return render(request, "staff/administration/lay_words.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.IMPORT_DIRECTORY)
def new_lay_meaning(request: StaffRequest) -> HttpResponse:
    """An entry of the area's own."""
    form = MeaningForm(request.POST) if request.method == "POST" else MeaningForm()
    return _save(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.IMPORT_DIRECTORY)
def lay_meaning(request: StaffRequest, key: str) -> HttpResponse:
    """One entry, to change."""
    one = _known(request, key)
    entry = one.entry
    before = {
        "phrases": "\n".join(entry.phrases),
        "needs": list(entry.needs),
        "words": "\n".join(entry.words),
    }
    form = MeaningForm(request.POST) if request.method == "POST" else MeaningForm(initial=before)
    return _save(request, form, one)


@require_POST
@for_those_who(Permission.IMPORT_DIRECTORY)
def switch_off_lay_meaning(request: StaffRequest, key: str) -> HttpResponse:
    """The phrases of an entry mean nothing any more."""
    _known(request, key)
    directory.switch_off_lay_meaning(key=key, by=request.actor, at=clock.now())
    messages.success(request, _("Saved: search no longer reads these words in this way."))
    return HttpResponseRedirect(reverse("staff:lay_words"))


@require_POST
@for_those_who(Permission.IMPORT_DIRECTORY)
def restore_lay_meaning(request: StaffRequest, key: str) -> HttpResponse:
    """An entry that came with the product means again what it meant."""
    _known(request, key)
    try:
        directory.restore_lay_meaning(key=key, by=request.actor, at=clock.now())
        messages.success(request, _("Saved: the entry is as it came."))
    except FingerpostError as refusal:
        messages.error(request, " ".join(refusal.sentences(_)))
    return HttpResponseRedirect(reverse("staff:lay_words"))


def _known(request: StaffRequest, key: str) -> Meaning:
    found = next((one for one in directory.lay_meanings(request.actor) if one.entry.key == key), None)
    if found is None:
        raise Http404
    return found


def _save(request: StaffRequest, form: MeaningForm, one: Meaning | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        at = clock.now()

        def perform() -> str:
            directory.save_lay_meaning(
                key=one.entry.key if one else None,
                phrases=form.cleaned_data["phrases"].splitlines(),
                needs=form.cleaned_data["needs"],
                words=form.cleaned_data["words"].splitlines(),
                by=request.actor,
                at=at,
            )
            messages.success(request, _("Saved. Search reads these words so from now on."))
            return reverse("staff:lay_words")

        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    context = {
        "title": _("“%(first)s” and the like") % {"first": one.first} if one else _("Add what people say"),
        "back": NavLink(_("Back to what people say"), reverse("staff:lay_words")),
        "form": form,
        "one": one,
    }
    return render(request, "staff/administration/lay_meaning.html", context)
