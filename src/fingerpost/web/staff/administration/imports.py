"""Where listings come from: the sources, what was imported when, and one import's report."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import Case, F, QuerySet, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fingerpost.kernel.errors import FingerpostError, NotFound
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import ImportState
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages.forms.base import ErrorItem
from fingerpost.web.pages.listing import Column, Listing
from fingerpost.web.pages.navigation import NavLink, address_of
from fingerpost.web.pages.words import sentences
from fingerpost.web.staff.administration.change_words import changes_shown
from fingerpost.web.staff.administration.frame import csv_download, directory_links, names_of
from fingerpost.web.staff.administration.importing import last_imports
from fingerpost.web.staff.administration.kept_back import reason_in_words
from fingerpost.web.staff.administration.report_words import place_of, report_shown
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission

REJECTS_SHOWN = 10
EXAMPLES = 2
_REJECT_COLUMNS = ("file", "line", "column", "value", "reason", "text_line", "row")


@require_safe
@for_those_who(Permission.IMPORT_DIRECTORY)
def imports(request: StaffRequest) -> HttpResponse:
    """The sources, and every import of them, newest first."""
    actor = request.actor
    listing = Listing(
        request,
        columns=[
            Column("source", gettext_lazy("Source")),
            Column("when", gettext_lazy("When"), order=("imported_at", "id")),
            Column("listings", gettext_lazy("Listings"), numeric=True),
            Column("rejected", gettext_lazy("Rows rejected"), numeric=True),
            Column("changes", gettext_lazy("What changed")),
        ],
        default_sort="-when",
    )
    page = listing.page(_from_files(actor).order_by(*listing.order))
    context = {
        "title": _("Imports"),
        "heading": _("Where the listings come from"),
        "listing": listing,
        "page": page,
        "shown": {one.id: report_shown(one.counts) for one in page.rows},
        "who": names_of(one.imported_by for one in page.rows),
        "sources": last_imports(actor) if page.rows else [],
        "subnavigation": directory_links(actor, here="staff:imports"),
    }
    return render(request, "staff/administration/imports.html", context)


@require_safe
@for_those_who(Permission.IMPORT_DIRECTORY)
def import_report(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """What one import found, kept, refused and changed, or would change."""
    done = one_import(request.actor, import_id)
    if done.state == ImportState.BEGUN:
        return HttpResponseRedirect(reverse("staff:import_columns", args=[done.pk]))
    return report_page(request, done)


def report_page(
    request: StaffRequest, done: directory.SourceImport, refusal: FingerpostError | None = None
) -> HttpResponse:
    """The page, with what a refused step has to say."""
    actor = request.actor
    applied = _from_files(actor).filter(source=done.source, state=ImportState.APPLIED)
    newest = applied.order_by("-applied_at").values_list("id", flat=True).first()
    context = {
        "title": _("What was imported") if done.state == ImportState.APPLIED else _("What would be imported"),
        "caption": done.source.label,
        "back": NavLink(_("Back to imports"), reverse("staff:imports")),
        "done": done,
        "who": names_of([done.imported_by])[done.imported_by],
        # The rows behind each fault are kept for the newest reading only.
        "report": report_shown(done.counts, _examples(actor, done) if newest == done.id else None),
        "is_newest": newest == done.id,
        "may_apply": done.state in (ImportState.TRIED, ImportState.HELD),
        "may_undo": done.state == ImportState.APPLIED and newest == done.id,
        "changes": changes_shown(actor, done),
        "problems": [ErrorItem(" ".join(sentences(refusal)))] if refusal else [],
        "kept_back": [
            (one["name"], [reason_in_words(why["word"], why["kind"], why["name"]) for why in one["why"]])
            for one in done.counts.get("kept_back", ())
        ],
        "rejects": list(_rejects(done).defer("source_row")[:REJECTS_SHOWN]),
        "search_href": address_of("staff:directory"),
    }
    return render(request, "staff/administration/import_report.html", context)


@require_safe
@for_those_who(Permission.IMPORT_DIRECTORY)
def import_rejects(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Every row that could not land, with its reason, as a file."""
    done = one_import(request.actor, import_id)
    rows = (
        (one.file, one.line, one.column, one.value, one.reason, one.text_line, _as_text(one.source_row))
        for one in _rejects(done)
    )
    return csv_download(f"{done.source.name}-rejects.csv", _REJECT_COLUMNS, rows)


def _from_files(actor: Actor) -> QuerySet[directory.SourceImport]:
    """Imports in the narrow sense: a listing entered by hand is kept as one too, and is none to its reader."""
    return directory.imports(actor).exclude(source__kind=directory.SourceKind.TYPED)


def one_import(actor: Actor, import_id: UUID) -> directory.SourceImport:
    """Raises `NotFound`."""
    found = _from_files(actor).filter(id=import_id).first()
    if found is None:
        raise NotFound(_("There is no such import."), remedy=_("Choose one from the list of imports."))
    return found


def _rejects(done: directory.SourceImport) -> QuerySet[Any]:
    """Refused listings first: they are missed most."""
    files = [one["file"] for one in done.counts["files"]]
    order = Case(*(When(file=file, then=place_of(file)) for file in files), default=len(files))
    return done.rejects.annotate(order=order).order_by("order", "file", "line", "id")


def _examples(actor: Actor, done: directory.SourceImport) -> dict[tuple[str, str], list[str]]:
    """The first few rows behind each fault, in words; one query."""
    place = Window(RowNumber(), partition_by=[F("file"), F("kind")], order_by=["line", "id"])
    rows = (
        directory.faults_of_source(actor, source_name=done.source.name)
        .exclude(line=None)
        .annotate(place=place)
        .filter(place__lte=EXAMPLES)
        .values_list(
            "file", "kind", "line", "value", "listing__name", "location__name", "provider__name", named=True
        )
    )
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        name = row.listing__name or row.location__name or row.provider__name
        found[(row.file, row.kind)].append(_example(row.line, name, row.value))
    return found


def _example(line: int | None, name: str | None, value: str) -> str:
    given = {"line": line, "name": name, "value": value[:80]}
    if name and value:
        return _("line %(line)s, %(name)s: “%(value)s”") % given
    if name or value:
        return _("line %(line)s, %(what)s") % {"line": line, "what": name or f"“{value[:80]}”"}
    return _("line %(line)s") % given


def _as_text(row: dict[str, Any]) -> str:
    return "; ".join(f"{column}={text}" for column, text in row.items())
