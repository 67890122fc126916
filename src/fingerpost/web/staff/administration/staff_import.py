"""Staff from a spreadsheet: what it would do, row by row; do it; take it back."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from openpyxl import Workbook
from openpyxl.styles import Font

from fingerpost.kernel import clock
from fingerpost.kernel.errors import Conflict, NotAllowed, NotFound, SourceFault
from fingerpost.web.foundation import jobs
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.submission import once
from fingerpost.web.pages.words import capitalize_first, sentences
from fingerpost.web.staff.administration.account_words import links_beside, role_hint
from fingerpost.web.staff.administration.frame import csv_download
from fingerpost.web.staff.administration.staff_import_words import KINDS, lines_of, tally
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.staff.tasks import SEND_INVITATION
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Permission, Role, StaffImport

MOST_UPLOADED = 5 * 1024 * 1024
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class StaffFileForm(forms.PageForm):
    """The list. Nothing happens before its answer has been looked at."""

    upload = forms.FileField(
        label=gettext_lazy("The list of staff"),
        use="read row by row, and shown with what each row would do",
        endings=(".xlsx", ".csv"),
        largest=MOST_UPLOADED,
        missing=gettext_lazy("Choose a file"),
        help_text=gettext_lazy("A workbook (.xlsx) or a CSV file, of at most 500 rows and 5 megabytes."),
    )
    submission = forms.SubmissionKeyField()


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def import_staff(request: StaffRequest) -> HttpResponse:
    """Read a list and show what it would do."""
    form = StaffFileForm(request.POST, request.FILES) if request.method == "POST" else StaffFileForm()
    if form.is_bound and form.is_valid():
        try:
            return _try(request, form)
        except SourceFault as fault:
            form.add_error("upload", ValidationError(" ".join(sentences(fault))))
    context = {
        "title": _("Staff from a spreadsheet"),
        "form": form,
        "earlier": tenancy.staff_imports(),
        "columns": [str(words) for words in tenancy.STAFF_COLUMN_WORDS.values()],
        "subnavigation": links_beside("staff:import_staff"),
    }
    return render(request, "staff/administration/import_staff.html", context)


@require_safe
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def staff_template(request: StaffRequest) -> HttpResponse:
    """A workbook to fill in: the heading, and beside it what each role may do."""
    book = Workbook()
    sheet = book.active
    sheet.title = str(_("Staff"))
    sheet.append([names[0].capitalize() for names in tenancy.STAFF_COLUMNS.values()])
    roles = book.create_sheet(str(_("Roles")))
    roles.append([str(_("What to write")), str(_("What they may do"))])
    for role in Role:
        roles.append([capitalize_first(str(role.label)), str(role_hint(role))])
    for one, widths in ((sheet, (28, 34, 32, 32, 14, 14)), (roles, (34, 110))):
        for cell in one[1]:
            cell.font = Font(bold=True)
        for letter, width in zip("ABCDEF", widths, strict=False):
            one.column_dimensions[letter].width = width
        one.freeze_panes = "A2"
    kept = io.BytesIO()
    book.save(kept)
    response = HttpResponse(kept.getvalue(), content_type=_WORKBOOK)
    response["Content-Disposition"] = 'attachment; filename="staff.xlsx"'
    return response


@require_safe
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def staff_import(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """What every row would do, or did, or why it is refused."""
    done = _found(import_id)
    outcomes = done.outcomes
    context = {
        "title": done.source,
        "caption": _("Staff from a spreadsheet"),
        "back": NavLink(_("Back to lists of staff"), reverse("staff:import_staff")),
        "done": done,
        "counts": tally(outcomes),
        "groups": [
            (kind, heading, lines_of(outcomes, kind)) for kind, heading in KINDS if kind != "rejected"
        ],
        "rejected": lines_of(outcomes, "rejected"),
        "changes": sum(one["kind"] in ("invite", "change", "leave") for one in outcomes),
        "taken_back": [one for one in done.undone if not one["left"]],
        "left": [one for one in done.undone if one["left"]],
        "subnavigation": links_beside("staff:import_staff"),
    }
    return render(request, "staff/administration/staff_import.html", context)


@require_safe
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def staff_import_rejects(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Every refused row as the file has it, with why and what to do: put it right there and import it."""
    done = _found(import_id)
    written = {one["line"]: one["cells"] for one in done.rows}
    heading = [
        *(names[0].capitalize() for names in tenancy.STAFF_COLUMNS.values()),
        _("Why not"),
        _("What to do"),
    ]
    rows = []
    for one in done.outcomes:
        if one["kind"] == "rejected":
            cells = written.get(one["line"], {})
            rows.append(
                [
                    *(cells.get(column, "") for column in tenancy.STAFF_COLUMNS),
                    " ".join(problem["cause"] for problem in one["problems"]),
                    " ".join(problem["remedy"] for problem in one["problems"]),
                ]
            )
    return csv_download("staff-to-put-right.csv", heading, rows)


@require_POST
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def apply_staff_import(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Do what was shown. When something has changed meanwhile, show what it would do now."""
    found = _found(import_id)

    def perform() -> StaffImport:
        done = tenancy.apply_staff_import(imported=found, by=request.actor, at=clock.now())
        send_invitations(done)
        messages.success(request, _("Done as it was shown. Invitations are on their way."))
        return done

    return _answer(request, found, perform)


@require_POST
@for_those_who(Permission.ADMINISTER_ACCOUNTS)
def undo_staff_import(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Withdraw what nobody took up, give back former roles, and say what stays."""
    found = _found(import_id)

    def perform() -> StaffImport:
        done = tenancy.undo_staff_import(imported=found, by=request.actor, at=clock.now())
        messages.success(request, _("Taken back, as far as it can be. What stays is listed on this page."))
        return done

    return _answer(request, found, perform)


def send_invitations(done: StaffImport) -> None:
    """Queue the e-mail of each invitation that an applied list made."""
    for one in done.outcomes:
        if one["invitation_id"]:
            jobs.defer(
                SEND_INVITATION,
                key=one["invitation_id"],
                invitation_id=UUID(one["invitation_id"]),
                system_id=done.system_id,
            )


def _try(request: StaffRequest, form: StaffFileForm) -> HttpResponse:
    given, at = form.cleaned_data["upload"], clock.now()
    name = PurePath(given.name or "").name
    sheet = tenancy.read_staff_sheet(name, given.read())

    def perform() -> str:
        tried = tenancy.try_staff_import(sheet=sheet, source=name, by=request.actor, at=at)
        return reverse("staff:staff_import", args=[tried.pk])

    return once(form, by=request.actor, at=at, perform=perform)


def _answer(request: StaffRequest, found: StaffImport, perform: Callable[[], Any]) -> HttpResponse:
    try:
        perform()
    except Conflict as changed:
        again = tenancy.try_again_staff_import(imported=found, by=request.actor, at=clock.now())
        messages.error(request, " ".join(sentences(changed)))
        return HttpResponseRedirect(reverse("staff:staff_import", args=[again.pk]))
    except NotAllowed as refusal:
        messages.error(request, " ".join(sentences(refusal)))
    return HttpResponseRedirect(reverse("staff:staff_import", args=[found.pk]))


def _found(import_id: UUID) -> StaffImport:
    found = tenancy.staff_import(import_id=import_id)
    if found is None:
        raise NotFound(_("There is no such list of staff."))
    return found
