"""Lists of practices and of the tree above them: tried on a page, looked at, applied, undone."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fingerpost.interchange.practices import read_practice_list
from fingerpost.kernel import clock
from fingerpost.kernel.errors import FaultList, Faults, FingerpostError, InvalidValue, NotFound, SourceFault
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.staff.administration import uploads
from fingerpost.web.staff.administration.account_words import links_beside
from fingerpost.web.staff.administration.frame import csv_download, names_of
from fingerpost.web.staff.administration.organisation_change_words import changes_in_words
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import ImportState, Organisation, OrganisationImport, Permission

REJECTS_SHOWN = 20
EARLIER_SHOWN = 10
_REJECT_COLUMNS = ("line", "column", "value", "reason", "remedy")
_LEFT_OUT = {
    "other_setting": gettext_lazy("no GP practice"),
    "elsewhere": gettext_lazy("outside the postcode areas"),
    "closed_before": gettext_lazy("closed before, and never here"),
    "dormant": gettext_lazy("dormant, and never here"),
}


class ListForm(forms.PageForm):
    """A list, of either kind: what is in it is told by its ending."""

    upload = uploads.FilesField(
        label=gettext_lazy("The list"),
        use="compared with what is here; nothing is changed by that",
        endings=(".parquet", ".csv"),
        largest=uploads.MOST_UPLOADED,
        missing=gettext_lazy("Choose a file"),
        help_text=gettext_lazy(
            "The national list of practices as a Parquet file, or the tree above them as a CSV file."
        ),
    )
    areas = forms.TextField(
        label=gettext_lazy("Only these postcode areas"),
        use="leaves out practices elsewhere",
        help_text=gettext_lazy(
            "For a list of practices: the first letters of their postcodes, such as TS, DL."
        ),
        required=False,
        max_length=300,
    )
    submission = forms.SubmissionKeyField()

    def clean_areas(self) -> frozenset[str]:
        try:
            return tenancy.areas_in(self.cleaned_data["areas"])
        except ValueError as fault:
            self.add_error("areas", _("%(text)s is no postcode area.") % {"text": fault})
            return frozenset()


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.ADMINISTER_ORGANISATIONS)
def organisation_imports(request: StaffRequest) -> HttpResponse:
    """Choose a list; it leads to what the list would change."""
    root = _root(request)
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if form.is_bound and form.is_valid():
        try:
            return _try(request, form, root)
        except (Faults, SourceFault) as error:
            uploads.refuse_files(form, error)
    context = {
        "title": _("Import organisations"),
        "form": form,
        "earlier": list(tenancy.imports_below(root_id=root.pk).defer("rejects", "plan")[:EARLIER_SHOWN]),
        "subnavigation": links_beside("staff:tree"),
    }
    return render(request, "staff/administration/organisation_imports.html", context)


@require_safe
@for_those_who(Permission.ADMINISTER_ORGANISATIONS)
def organisation_import(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Where every line went, and what may be done now."""
    return _report(request, _done(request, import_id))


@require_safe
@for_those_who(Permission.ADMINISTER_ORGANISATIONS)
def organisation_rejects(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Every line that cannot be taken, with its reason and what to do, as a file."""
    rows = ([one[column] for column in _REJECT_COLUMNS] for one in _done(request, import_id).rejects)
    return csv_download("organisations-rejects.csv", _REJECT_COLUMNS, rows)


@require_safe
@for_those_who(Permission.ADMINISTER_ORGANISATIONS)
def tree_template(request: StaffRequest) -> HttpResponse:
    """A CSV file to begin with."""
    response = HttpResponse(tenancy.tree_template(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="tree-of-organisations.csv"'
    return response


@require_POST
@for_those_who(Permission.ADMINISTER_ORGANISATIONS)
def apply_import(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Do what was planned. A list that is held needs a tick that somebody has looked."""
    done = _done(request, import_id)
    try:
        tenancy.apply_import(
            done=done, although_held=request.POST.get("looked") == "yes", by=request.actor, at=clock.now()
        )
    except FingerpostError as refusal:
        return _report(request, done, refusal)
    messages.success(request, _("The list is applied. It can be undone here."))
    return HttpResponseRedirect(reverse("staff:organisation_import", args=[done.pk]))


@require_POST
@for_those_who(Permission.ADMINISTER_ORGANISATIONS)
def undo_import(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Bring back what was there, unless something has come to stand on it since."""
    done = _done(request, import_id)
    try:
        tenancy.undo_import(done=done, by=request.actor, at=clock.now())
    except FingerpostError as refusal:
        return _report(request, done, refusal)
    messages.success(request, _("Undone: the tree is as it was before."))
    return HttpResponseRedirect(reverse("staff:organisation_import", args=[done.pk]))


def _root(request: StaffRequest) -> Organisation:
    return tenancy.import_root(request.actor, at=clock.now())


def _done(request: StaffRequest, import_id: UUID) -> OrganisationImport:
    root = _root(request)
    found = tenancy.organisation_import(import_id=import_id)
    if found is None or found.root_id != root.pk:
        raise NotFound(_("There is no such import of organisations."))
    return found


def _try(request: StaffRequest, form: ListForm, root: Organisation) -> HttpResponse:
    at = clock.now()

    def perform() -> str:
        faults = FaultList()
        given = form.cleaned_data["upload"]
        if len(given) != 1:
            faults.add(InvalidValue(_("Choose one file at a time."), field="upload"))
        faults.raise_any()
        done = _read(request, given[0], form, root, at)
        return reverse("staff:organisation_import", args=[done.pk])

    return once(form, by=request.actor, at=at, perform=perform)


def _read(
    request: StaffRequest, given: UploadedFile, form: ListForm, root: Organisation, at: datetime
) -> OrganisationImport:
    name = PurePath(given.name or "").name
    if name.lower().endswith(".parquet") and given.file is not None:
        return tenancy.try_practices(
            rows=read_practice_list(cast(BinaryIO, given.file)),
            source=name,
            root=root,
            areas=form.cleaned_data["areas"],
            by=request.actor,
            at=at,
        )
    return tenancy.try_tree(name=name, content=given.read(), root=root, by=request.actor, at=at)


def _report(
    request: StaffRequest, done: OrganisationImport, refusal: FingerpostError | None = None
) -> HttpResponse:
    faults = refusal.faults if isinstance(refusal, Faults) else ()
    problems = (
        [] if refusal is None else [*refusal.sentences(_), *(" ".join(one.sentences(_)) for one in faults)]
    )
    counts: dict[str, Any] = done.counts
    is_held = done.state == ImportState.HELD
    heading = _("What the list changes")
    context = {
        "title": _("Error: %(title)s") % {"title": heading} if problems else heading,
        "heading": heading,
        "caption": done.source,
        "back": NavLink(_("Back to imports of organisations"), reverse("staff:organisation_imports")),
        "done": done,
        "counts": counts,
        "left_out": [(_LEFT_OUT[reason], number) for reason, number in sorted(counts["left_out"].items())],
        "left_out_sum": sum(counts["left_out"].values()),
        "who": names_of([done.read_by])[done.read_by],
        "changes": changes_in_words(done.plan),
        "changes_sum": len({one["id"] for one in done.plan}),
        "rejects": done.rejects[:REJECTS_SHOWN],
        "problems": [forms.ErrorItem(one, "#looked" if is_held else "") for one in problems],
        "may_apply": done.state in (ImportState.READ, ImportState.HELD),
        "is_held": is_held,
        "may_undo": done.state == ImportState.APPLIED,
        "subnavigation": links_beside("staff:tree"),
    }
    return render(request, "staff/administration/organisation_import.html", context)
