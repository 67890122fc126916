"""Saved searches beside the search box: keep the one on the screen, open, rename, share and take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import SavedSearch
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.scheme.finding_forms import DirectoryForm
from fingerpost.web.tenancy.api import Permission


class KeepForm(forms.PageForm):
    """A name, and whether colleagues see it."""

    name = forms.TextField(
        label=gettext_lazy("What shall it be called?"),
        help_text=gettext_lazy("For example: free lunch clubs. Do not write anybody's name."),
        use="found again under it",
        missing=gettext_lazy("Give the search a name"),
        max_length=80,
    )
    share = forms.TickField(
        label=gettext_lazy("My colleagues see it too"),
        help_text=gettext_lazy("Only those of your own organisation. They can open it, and not change it."),
        use="colleagues may open it, and not change it",
        required=False,
    )
    submission = forms.SubmissionKeyField()


@dataclass(frozen=True, kw_only=True)
class Beside:
    """One saved search as a line beside the box. `change_href` is empty for a colleague's."""

    id: UUID
    name: str
    href: str
    note: str
    change_href: str


def beside(actor: Actor) -> list[Beside]:
    """One's own first, then what colleagues share."""
    saved = directory.saved_searches(actor)
    own = [_line(one, _("shared") if one.is_shared else "", is_own=True) for one in saved.own]
    return own + [
        _line(one, _("from %(name)s") % {"name": one.owner_name}, is_own=False) for one in saved.shared
    ]


def _line(one: SavedSearch, note: str, *, is_own: bool) -> Beside:
    return Beside(
        id=one.id,
        name=one.name,
        href=f"{reverse('staff:directory')}?{urlencode(pairs_of(one))}",
        note=note,
        change_href=reverse("staff:saved_search", args=[one.id]) if is_own else "",
    )


def pairs_of(one: SavedSearch) -> list[tuple[str, str]]:
    """Its questions and answers, as the search form asks them."""
    pairs = [("words", one.words), ("near", one.near)]
    pairs += [(name, value) for name, values in one.filters.items() for value in values]
    return [(name, value) for name, value in pairs if value]


def keep_context(form: DirectoryForm | Any) -> dict[str, Any]:
    """What a search page needs to offer keeping what is on the screen."""
    asked = form.to_save()
    return {"keep_form": None if asked.is_empty else KeepForm(auto_id="keep-%s")}


@never_cache
@require_POST
@for_those_who(Permission.SEARCH_DIRECTORY)
def keep_search(request: StaffRequest) -> HttpResponse:
    """Keep the search that came along. What is wrong is said on a page of its own, with the search still in it."""
    form, asked = KeepForm(request.POST), DirectoryForm(request.POST)
    case_id = _case_of(request.POST)
    if form.is_valid():
        at = clock.now()

        def perform() -> str:
            kept = directory.save_search(
                name=form.cleaned_data["name"],
                asked=asked.to_save(),
                is_shared=form.cleaned_data["share"],
                by=request.actor,
                at=at,
            )
            messages.success(
                request, _("Saved as “%(name)s”. You find it beside the search box.") % {"name": kept.name}
            )
            if case_id is not None:
                return reverse("staff:find", args=[case_id])
            return f"{reverse('staff:directory')}?{urlencode(pairs_of(kept))}"

        try:
            return once(form, by=request.actor, at=at, perform=perform)
        except FingerpostError as refusal:
            form.refuse(refusal)
    back = reverse("staff:find", args=[case_id]) if case_id else reverse("staff:directory")
    context = {
        "title": _("Save this search"),
        "back": NavLink(_("Back to the search"), back),
        "form": form,
        "asked": [
            (name, value)
            for name, values in request.POST.lists()
            if name in DirectoryForm.base_fields
            for value in values
        ],
        "case_id": case_id or "",
    }
    return render(request, "staff/scheme/keep_search.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.SEARCH_DIRECTORY)
def saved_search(request: StaffRequest, search_id: UUID) -> HttpResponse:
    """Rename one's own search, share it or keep it to oneself; a colleague's is not found here."""
    own = {one.id: one for one in directory.saved_searches(request.actor).own}
    found = own.get(search_id) or directory.saved_search(request.actor, search_id=search_id)
    if search_id not in own:
        # Somebody else's: it may be opened, and is not theirs to change.
        return HttpResponseRedirect(f"{reverse('staff:directory')}?{urlencode(pairs_of(found))}")
    first = {"name": found.name, "share": found.is_shared}
    form = KeepForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            directory.change_saved_search(
                search_id=search_id,
                name=form.cleaned_data["name"],
                is_shared=form.cleaned_data["share"],
                by=request.actor,
                at=clock.now(),
            )
        except FingerpostError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("staff:directory"))
    context = {
        "title": _("Your saved search"),
        "caption": found.name,
        "back": NavLink(_("Back to the directory"), reverse("staff:directory")),
        "form": form,
        "search": found,
        "asked": DirectoryForm(_query(found)).chips_and_words(),
    }
    return render(request, "staff/scheme/saved_search.html", context)


@require_POST
@for_those_who(Permission.SEARCH_DIRECTORY)
def remove_saved_search(request: StaffRequest, search_id: UUID) -> HttpResponse:
    """Take one's own search away."""
    directory.remove_saved_search(search_id=search_id, by=request.actor, at=clock.now())
    messages.success(request, _("The saved search is gone."))
    return HttpResponseRedirect(reverse("staff:directory"))


def asked_again(actor: Actor, text: str) -> dict[str, list[str]] | None:
    """The questions of a saved search, to be asked for a person: from where they live, so without its own place."""
    try:
        search_id = UUID(text)
    except ValueError:
        return None
    query = _query(directory.saved_search(actor, search_id=search_id))
    return {name: query.getlist(name) for name in query if name != "near"} | {"page": ["1"]}


def _query(one: SavedSearch) -> QueryDict:
    return QueryDict(urlencode(pairs_of(one)))


def _case_of(posted: QueryDict) -> UUID | None:
    try:
        return UUID(posted.get("case", ""))
    except ValueError:
        return None
