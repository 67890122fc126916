"""The tree of organisations on one page, and what changes in it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fingerpost.kernel import clock
from fingerpost.web.pages.words import day
from fingerpost.web.staff.administration.account_words import links_beside
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Organisation, Permission

CHILDREN_SHOWN = 250  # of one organisation; the rest is in the list, which has pages and filters
_ORDER = ["system", "place", "network", "employer", "scheme", "provider", "practice"]


@dataclass
class Branch:
    """An organisation with what is part of it, and how many that is in all."""

    organisation: Organisation
    dates: str
    children: list[Branch] = field(default_factory=list)
    hidden: int = 0
    below: int = 0


@require_safe
@for_those_who(Permission.SEE_ACCOUNTS)
def tree(request: StaffRequest) -> HttpResponse:
    """Everything, folded up below what it is part of; first what changes."""
    today = clock.today()
    mine = tenancy.administered(request.actor, at=clock.now())
    context = {
        "title": _("How organisations belong together"),
        "branches": branches(),
        "changes": [
            (change, change_in_words(change), change.on > today) for change in tenancy.changes(on=today)
        ],
        "may_import": tenancy.may_import(request.actor, at=clock.now()),
        "mine": mine,
        "subnavigation": links_beside("staff:tree"),
    }
    return render(request, "staff/administration/tree.html", context)


def branches() -> list[Branch]:
    """The tree from its top, larger kinds first, each by name."""
    found = list(tenancy.organisations())
    known = {one.pk for one in found}
    into: dict[UUID, list[str]] = defaultdict(list)
    for before, after in tenancy.successors_by_id().items():
        into[before] = after
    below: dict[UUID | None, list[Organisation]] = defaultdict(list)
    for one in sorted(found, key=lambda one: (_ORDER.index(one.kind), one.name)):
        below[one.parent_id if one.parent_id in known else None].append(one)
    return [_branch(one, below, into) for one in below[None]]


def _branch(
    one: Organisation, below: dict[UUID | None, list[Organisation]], into: dict[UUID, list[str]]
) -> Branch:
    children = [_branch(child, below, into) for child in below[one.pk]]
    return Branch(
        one,
        dates_in_words(one, into.get(one.pk, [])),
        children[:CHILDREN_SHOWN],
        max(0, len(children) - CHILDREN_SHOWN),
        sum(1 + child.below for child in children),
    )


def dates_in_words(one: Organisation, into: list[str]) -> str:
    """Since or from when it is open, when it closes or closed, and who goes on."""
    today, said = clock.today(), []
    if one.opens_on and one.opens_on > today:
        said.append(_("opens on %(day)s") % {"day": day(one.opens_on)})
    if one.closes_on:
        words = _("closes on %(day)s") if one.closes_on > today else _("closed since %(day)s")
        said.append(words % {"day": day(one.closes_on)})
    if into:
        said.append(_("%(names)s goes on") % {"names": ", ".join(into)})
    return "; ".join(said)


def change_in_words(change: tenancy.Change) -> str:
    """One sentence for one change."""
    others = ", ".join(one.name for one in change.others)
    said = {"name": change.organisation.name, "others": others}
    return {
        "opens": _("%(name)s opens."),
        "closes": _("%(name)s closes. Nobody stands in for it."),
        "closes_into": _("%(name)s closes. %(others)s stands in for it and sees what it saw."),
        "moves": _("%(name)s is part of %(others)s from this day on."),
    }[change.kind] % said
