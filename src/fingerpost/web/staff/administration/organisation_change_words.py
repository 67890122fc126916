"""What a list of organisations changes, organisation by organisation, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fingerpost.web.pages.words import day
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import OrganisationKind

CHANGES_SHOWN = 20
_CHANGED = {
    "name": gettext_lazy("Name: “%(after)s” instead of “%(before)s”"),
    "postcode": gettext_lazy("Postcode: %(after)s instead of %(before)s"),
    "opens_on": gettext_lazy("Open since: %(after)s instead of %(before)s"),
    "closes_on": gettext_lazy("Closes: %(after)s instead of %(before)s"),
}
_DAYS = ("opens_on", "closes_on")


@dataclass(frozen=True)
class ChangeInWords:
    """One organisation, and each thing about it that the list changes."""

    name: str
    code: str
    what: Sequence[str]


def changes_in_words(plan: Sequence[dict[str, Any]]) -> list[ChangeInWords]:
    """The first of them, each organisation once: the list may change its name and move it too."""
    by_id: dict[str, list[dict[str, Any]]] = {}
    for one in plan:
        by_id.setdefault(one["id"], []).append(one)
    shown = dict(islice(by_id.items(), CHANGES_SHOWN))
    names = _names(plan, shown)
    return [
        ChangeInWords(
            names.get(key, ""), found[0]["code"], [line for one in found for line in _lines(one, names)]
        )
        for key, found in shown.items()
    ]


def _names(plan: Sequence[dict[str, Any]], shown: Mapping[str, Any]) -> dict[str, str]:
    """By id, also of those that the list itself makes."""
    asked = {*shown, *(one["parent"] for found in shown.values() for one in found if one.get("parent"))}
    here = tenancy.organisations().filter(id__in={UUID(one) for one in asked})
    made = {one["id"]: one["values"]["name"] for one in plan if one["kind"] == "new"}
    return made | {str(key): name for key, name in here.values_list("id", "name")}


def _lines(one: dict[str, Any], names: Mapping[str, str]) -> list[str]:
    if one["kind"] == "changed":
        return [
            _CHANGED[field] % {"before": _said(field, one["before"][field]), "after": _said(field, after)}
            for field, after in one["after"].items()
        ]
    since = date.fromisoformat(one["since"]) if one["since"] else None
    said = {"larger": names.get(one["parent"], ""), "day": day(since)}
    if one["kind"] == "moved":
        return [_("Part of %(larger)s from %(day)s on") % said]
    said["kind"] = OrganisationKind(one["values"]["kind"]).label
    if since is None:
        return [_("New: %(kind)s, part of %(larger)s") % said]
    return [_("New: %(kind)s, part of %(larger)s since %(day)s") % said]


def _said(field: str, value: str | None) -> str:
    if not value:
        return _("nothing")
    return day(date.fromisoformat(value)) if field in _DAYS else value
