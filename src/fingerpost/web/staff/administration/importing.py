"""Bring in a directory: choose files, say which source they are, read the report."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from fingerpost.kernel import clock
from fingerpost.kernel.errors import Conflict, Faults, NotFound, SourceFault
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.submissions import earlier_result
from fingerpost.web.pages import forms
from fingerpost.web.pages.submission import once
from fingerpost.web.pages.words import day
from fingerpost.web.staff.administration import uploads
from fingerpost.web.staff.administration.frame import directory_links
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission

NEW = "new"
FROM_FILES = (
    directory.SourceKind.HSDS_CSV,
    directory.SourceKind.HSDS_PACKAGE,
    directory.SourceKind.SHEET,
    directory.SourceKind.VOCABULARY,
)
_LONGEST_NAME = 60


class ImportForm(forms.PageForm):
    """The files, and the source that they are."""

    upload = uploads.FilesField(
        label=gettext_lazy("Files"),
        use="read into the directory",
        endings=(".zip", ".csv", ".xlsx", ".jsonld"),
        largest=uploads.MOST_UPLOADED,
        missing=gettext_lazy("Choose a zip file, a spreadsheet, or one or more CSV files"),
        help_text=gettext_lazy(
            "A spreadsheet (.xlsx or .csv) of any form, a zip file, or the tables of the standard: services.csv, and"
            " where there are any organizations.csv, locations.csv and so on. At most 20 megabytes."
        ),
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Which source is it?"),
        use="compares with what the source said before",
        missing=gettext_lazy("Say which source this is"),
    )
    label = forms.TextField(
        label=gettext_lazy("What do you call this source?"),
        use="shown at every listing as where it comes from",
        help_text=gettext_lazy(
            "Whoever reads a listing sees this as where it comes from, for example “County council directory”."
        ),
        missing=gettext_lazy("Give the source a name"),
        max_length=200,
    )
    terms = forms.TickField(
        label=gettext_lazy("These are terms, not listings"),
        use="reads a list of needs, kinds of service or activities as such",
        help_text=gettext_lazy("A published list of needs, of kinds of service, or of activities."),
        required=False,
    )
    submission = forms.SubmissionKeyField()

    def __init__(self, *args: Any, known: list[directory.SourceImport], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {one.source.name: one for one in known}
        if not known:
            del self.fields["source"]
            return
        again = [
            forms.Choice(
                one.source.name,
                one.source.label,
                hint=_("Last read %(day)s. Listings that it no longer names are marked as gone.")
                % {"day": day(one.imported_at)},
            )
            for one in known
        ]
        fresh = forms.Choice(NEW, _("A new source"), reveals=("label",), divider=True)
        self.offer("source", [*again, fresh])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        label = given.get("label")
        if label and _short_name(label) in self.known:
            self.add_error("label", _("There is a source called that already. Choose it above."))
        return given

    def source_details(self, kind: directory.SourceKind) -> directory.SourceDetails:
        """The source chosen or named. One that was chosen stays of its kind."""
        chosen = self.cleaned_data.get("source") or NEW
        if chosen != NEW:
            known = self.known[chosen].source
            return directory.SourceDetails(
                name=chosen, label=known.label, kind=directory.SourceKind(known.kind)
            )
        label = self.cleaned_data["label"]
        name = _short_name(label) or f"source-{new_id().hex[-8:]}"
        return directory.SourceDetails(name=name, label=label, kind=kind)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.IMPORT_DIRECTORY)
def import_directory(request: StaffRequest) -> HttpResponse:
    """Choose files; they are compared with the directory, and nothing is changed until somebody has looked."""
    known = last_imports(request.actor)
    if request.method != "POST":
        chosen = request.GET.get("source", "")
        return _page(request, ImportForm(known=known, initial={"source": chosen or None}))
    # A second press comes when the source is known already, so it is looked up before anything is checked.
    key = forms.SubmissionKeyField().clean(request.POST.get("submission"))
    if earlier := earlier_result(by=request.actor, key=key):
        return HttpResponseRedirect(earlier)
    form = ImportForm(request.POST, request.FILES, known=known)
    if form.is_valid():
        try:
            return _import(request, form)
        except (Conflict, Faults, SourceFault, NotFound) as error:
            uploads.refuse_files(form, error)
    return _page(request, form)


def last_imports(actor: Actor) -> list[directory.SourceImport]:
    """The newest import of every source that is read from files, by name of the source."""
    read = directory.imports(actor).filter(source__kind__in=FROM_FILES)
    newest = read.order_by("source_id", "-imported_at", "-id").distinct("source_id")
    return sorted(newest, key=lambda one: one.source.label.casefold())


def _import(request: StaffRequest, form: ImportForm) -> HttpResponse:
    at = clock.now()

    def perform() -> str:
        files = uploads.contents(form.cleaned_data["upload"])
        terms = bool(form.cleaned_data.get("terms"))
        source = form.source_details(directory.SourceKind.VOCABULARY if terms else directory.kind_of(files))
        if source.kind == directory.SourceKind.SHEET:
            begun = directory.begin_sheet(files=files, source=source, by=request.actor, at=at)
            return reverse("staff:import_columns", args=[begun.pk])
        done = directory.try_import(files=files, settings={}, source=source, by=request.actor, at=at)
        return reverse("staff:import_report", args=[done.pk])

    return once(form, by=request.actor, at=at, perform=perform)


def _page(request: StaffRequest, form: ImportForm) -> HttpResponse:
    context = {
        "title": _("Import a directory"),
        "form": form,
        "subnavigation": directory_links(request.actor, here="staff:import_directory"),
    }
    return render(request, "staff/administration/import_directory.html", context)


def _short_name(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:_LONGEST_NAME]
