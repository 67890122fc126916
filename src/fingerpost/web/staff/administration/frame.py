"""What the pages of administrators share: the links beside them, names of who did something, downloads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Permission


def directory_links(actor: Actor, *, here: str) -> list[NavLink]:
    """Beside everything that fills the directory."""
    offered = [
        (Permission.IMPORT_DIRECTORY, "staff:directory_work", _("Keep it true")),
        (Permission.IMPORT_DIRECTORY, "staff:imports", _("Imports")),
        (Permission.IMPORT_DIRECTORY, "staff:import_directory", _("Import a directory")),
        (Permission.IMPORT_DIRECTORY, "staff:feeds", _("Feeds")),
        (Permission.IMPORT_DIRECTORY, "staff:addresses_kept_back", _("Addresses kept back")),
        (Permission.IMPORT_DIRECTORY, "staff:duplicates", _("Listed twice?")),
        (Permission.IMPORT_DIRECTORY, "staff:register_listing", _("Enter one listing")),
        (Permission.IMPORT_DIRECTORY, "staff:lay_words", _("What people say")),
        (Permission.IMPORT_DIRECTORY, "staff:suggestion_rules", _("How suggestions are made")),
        (Permission.SEE_GAPS, "dashboards:gaps", _("What is missing here")),
        (Permission.IMPORT_GEOGRAPHY, "staff:import_postcodes", _("Postcodes")),
    ]
    return [
        NavLink(text, reverse(route), route == here)
        for permission, route, text in offered
        if actor.has(permission)
    ]


def names_of(actor_ids: Iterable[str]) -> dict[str, str]:
    """Who stands behind each actor id of a trace, in words; one query for all of them."""
    asked = set(actor_ids)
    people = {text: UUID(text.removeprefix("user:")) for text in asked if text.startswith("user:")}
    known = tenancy.user_names(list(people.values())) if people else {}
    return {
        text: known.get(people[text], _("somebody whose account has gone"))
        if text in people
        else _other(text)
        for text in asked
    }


def _other(actor_id: str) -> str:
    if actor_id.startswith("system:"):
        return _("the system (%(what)s)") % {"what": actor_id.removeprefix("system:")}
    return _("the provider")


def csv_download(name: str, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV file to keep. Text that a spreadsheet would run as a formula is made harmless."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heading)
    writer.writerows([directory.inert(cell) for cell in row] for row in rows)
    # The mark at the start is how spreadsheets know UTF-8.
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
