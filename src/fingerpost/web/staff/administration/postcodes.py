"""Bring in postcodes with their places, so that distance can be told; and the report of it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FaultList, Faults, NotFound, SourceFault
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.geography import api as geography
from fingerpost.web.pages import forms
from fingerpost.web.pages.messages import Notice
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.staff.administration import uploads
from fingerpost.web.staff.administration.frame import csv_download, directory_links, names_of
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission

REJECTS_SHOWN = 10
EARLIER_SHOWN = 10
MOST_REJECTED = 10_000  # a file with more is not a list of postcodes
_LONGEST_SOURCE = 100
_REJECT_COLUMNS = ("file", "line", "column", "value", "reason")


class PostcodesForm(forms.PageForm):
    """The files; a name for them comes from theirs."""

    upload = uploads.FilesField(
        label=gettext_lazy("Postcode files"),
        use="read into the list of postcodes",
        endings=(".csv",),
        largest=uploads.MOST_UPLOADED,
        missing=gettext_lazy("Choose one or more CSV files"),
        help_text=gettext_lazy(
            "CSV files whose first line names the columns: postcode, lat and long at least. At most 20 megabytes."
        ),
    )
    submission = forms.SubmissionKeyField()


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.IMPORT_GEOGRAPHY)
def import_postcodes(request: StaffRequest) -> HttpResponse:
    """Every row lands or is reported; when a file cannot be read, nothing is changed."""
    if request.method != "POST":
        return _page(request, PostcodesForm())
    form = PostcodesForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return _import(request, form)
        except (Faults, SourceFault) as error:
            uploads.refuse_files(form, error)
    return _page(request, form)


@require_safe
@for_those_who(Permission.IMPORT_GEOGRAPHY)
def postcodes_report(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Where every row of the files went."""
    done = _done(request.actor, import_id)
    context = {
        "title": _("Postcodes imported"),
        "caption": done.source,
        "back": NavLink(_("Back to postcodes"), reverse("staff:import_postcodes")),
        "done": done,
        "counts": done.counts,
        "who": names_of([done.imported_by])[done.imported_by],
        "rejects": done.rejects[:REJECTS_SHOWN],
        "notices": _notices(request),
    }
    return render(request, "staff/administration/postcodes_report.html", context)


@require_safe
@for_those_who(Permission.IMPORT_GEOGRAPHY)
def postcodes_rejects(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Every row that was not taken, with its reason, as a file."""
    done = _done(request.actor, import_id)
    rows = ([one[column] for column in _REJECT_COLUMNS] for one in done.rejects)
    return csv_download("postcodes-rejects.csv", _REJECT_COLUMNS, rows)


def _import(request: StaffRequest, form: PostcodesForm) -> HttpResponse:
    at = clock.now()

    def perform() -> str:
        given = form.cleaned_data["upload"]
        read = _read(given)
        names = ", ".join(PurePath(one.name or "").name for one in given)
        done = geography.import_and_keep_report(
            read=read, source=names[:_LONGEST_SOURCE], by=request.actor, at=at
        )
        return f"{reverse('staff:postcodes_report', args=[done.id])}?done=yes"

    return once(form, by=request.actor, at=at, perform=perform)


def _read(given: Sequence[UploadedFile]) -> geography.PostcodesRead:
    """The rows of the files, which are laid in a folder for as long as they are read."""
    faults = FaultList()
    with tempfile.TemporaryDirectory(prefix="fingerpost-postcodes-") as folder:
        for one in given:
            with faults.catching():
                _lay_down(one, Path(folder))
        faults.raise_any(_("Some of the files cannot be read, so nothing was imported."))
        read = geography.read_postcodes(Path(folder))
    if len(read.rejects) > MOST_REJECTED:
        raise SourceFault(
            _("More than %(most)s rows cannot be taken, the first because: %(reason)s.")
            % {"most": f"{MOST_REJECTED:,}", "reason": read.rejects[0].reason},
            remedy=_("Check that this is a list of postcodes with latitude and longitude in degrees."),
        )
    return read


def _lay_down(given: UploadedFile, folder: Path) -> None:
    content = given.read()
    name = PurePath(given.name or "").name
    if b"\x00" in content:
        raise SourceFault(
            _("%(name)s is not a CSV file in UTF-8.") % {"name": name},
            remedy=_("Save the file again as “CSV UTF-8”."),
        )
    stem = PurePath(name).stem.encode()[:200].decode(errors="ignore")
    place = folder / f"{stem}.csv"  # in small letters: ".CSV" is found too
    if place.exists():
        raise SourceFault(_("%(name)s was given twice.") % {"name": name}, remedy=_("Choose each file once."))
    place.write_bytes(content)


def _done(actor: Actor, import_id: UUID) -> geography.PostcodeImport:
    found = geography.postcode_imports(actor).filter(id=import_id).first()
    if found is None:
        raise NotFound(_("There is no such import of postcodes."))
    return found


def _page(request: StaffRequest, form: PostcodesForm) -> HttpResponse:
    earlier = list(geography.postcode_imports(request.actor).defer("rejects")[:EARLIER_SHOWN])
    context: dict[str, Any] = {
        "title": _("Postcodes"),
        "form": form,
        "earlier": earlier,
        "subnavigation": directory_links(request.actor, here="staff:import_postcodes"),
    }
    return render(request, "staff/administration/import_postcodes.html", context)


def _notices(request: StaffRequest) -> list[Notice]:
    if "done" not in request.GET:
        return []
    return [
        Notice(
            _("The files have been read, and every row is accounted for."),
            tone="good",
            heading=_("Imported"),
        )
    ]
