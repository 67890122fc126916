"""An import that was looked at: applied, undone, and every change of it as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.staff.administration.frame import csv_download
from fingerpost.web.staff.administration.imports import one_import, report_page
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy.api import Permission

_COLUMNS = ("what", "kind", "id", "name", "field", "before", "after")


@require_POST
@for_those_who(Permission.IMPORT_DIRECTORY)
def apply_import(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Do what was looked at. One that is held needs a tick that somebody has looked."""
    done = one_import(request.actor, import_id)
    try:
        directory.apply_import(
            import_id=done.pk,
            although_held=request.POST.get("looked") == "yes",
            by=request.actor,
            at=clock.now(),
        )
    except FingerpostError as refusal:
        return report_page(request, done, refusal)
    messages.success(request, _("Imported. Nothing was sent to anybody, and it can be undone here."))
    return HttpResponseRedirect(reverse("staff:import_report", args=[done.pk]))


@require_POST
@for_those_who(Permission.IMPORT_DIRECTORY)
def undo_import(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Bring back what was there before."""
    done = one_import(request.actor, import_id)
    try:
        directory.undo_import(import_id=done.pk, by=request.actor, at=clock.now())
    except FingerpostError as refusal:
        return report_page(request, done, refusal)
    messages.success(request, _("Undone: the directory is as it was before this import."))
    return HttpResponseRedirect(reverse("staff:import_report", args=[done.pk]))


@require_safe
@for_those_who(Permission.IMPORT_DIRECTORY)
def import_changes(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Every change, field by field, as a file."""
    done = one_import(request.actor, import_id)
    return csv_download(f"{done.source.name}-changes.csv", _COLUMNS, _rows(request.actor, done.pk))


def _rows(actor: Actor, import_id: UUID) -> Iterator[tuple[Any, ...]]:
    for what in directory.ChangeKind:
        for one in directory.changes_of_import(actor, import_id=import_id, what=what).iterator(
            chunk_size=500
        ):
            told = one.fields or {"": (None, None)}
            for field, (before, after) in told.items():
                yield (what.value, one.kind, one.source_key, one.name, field, _text(before), _text(after))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
