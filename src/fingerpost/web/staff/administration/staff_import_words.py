"""What a list of staff does, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fingerpost.web.pages.words import capitalize_first, day
from fingerpost.web.tenancy.api import STAFF_COLUMN_WORDS, Role

KINDS = (
    ("rejected", gettext_lazy("Rows to put right")),
    ("invite", gettext_lazy("New invitations")),
    ("change", gettext_lazy("Changes of role")),
    ("leave", gettext_lazy("Leavers")),
    ("same", gettext_lazy("As they are already")),
)


def tally(outcomes: Sequence[dict[str, Any]]) -> list[str]:
    """How many rows do what, the empty ones left out."""
    found = Counter(one["kind"] for one in outcomes)
    words = [
        ngettext("%(num)s new invitation", "%(num)s new invitations", found["invite"]),
        ngettext("%(num)s change of role", "%(num)s changes of role", found["change"]),
        ngettext("%(num)s leaver", "%(num)s leavers", found["leave"]),
        ngettext("%(num)s as it is already", "%(num)s as they are already", found["same"]),
        ngettext("%(num)s row to put right", "%(num)s rows to put right", found["rejected"]),
    ]
    numbers = [found[kind] for kind in ("invite", "change", "leave", "same", "rejected")]
    return [text % {"num": number} for text, number in zip(words, numbers, strict=True) if number]


def lines_of(outcomes: Sequence[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The rows of one kind, as a page or a terminal shows them."""
    return [_line(one) for one in outcomes if one["kind"] == kind]


def _line(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "line": one["line"],
        "name": one["name"] or one["email"] or _("nobody named"),
        "email": one["email"],
        "organisation": one["organisation"],
        "what": _what(one),
        "problems": [
            {
                "column": str(STAFF_COLUMN_WORDS.get(problem["column"], "")),
                "cause": problem["cause"],
                "remedy": problem["remedy"],
            }
            for problem in one["problems"]
        ],
    }


def _what(one: dict[str, Any]) -> str:
    role, former = role_words(one["role"]), [role_words(each) for each in one["former"]]
    if one["kind"] == "change":
        return _("%(role)s, until now %(former)s") % {"role": role, "former": ", ".join(former)}
    if one["ends_on"]:
        return _("%(role)s, last day %(day)s") % {
            "role": role or ", ".join(former),
            "day": day(date.fromisoformat(one["ends_on"])),
        }
    return role


def role_words(value: str) -> str:
    """A role as people say it; what is no role is nothing."""
    return capitalize_first(str(Role(value).label)) if value in Role.values else ""
