"""Organisations with their accounts and invitations, and what each role may do."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fingerpost.kernel import clock
from fingerpost.kernel.errors import NotFound
from fingerpost.web.pages import forms
from fingerpost.web.pages.listing import Column, Listing
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.who_reads_what import (
    FIELD_WORDS,
    PROVIDER_MOMENTS,
    PROVIDER_PAGES,
    fields_read,
    provider_reads,
)
from fingerpost.web.pages.words import capitalize_first
from fingerpost.web.staff.administration.account_words import links_beside, role_in_words
from fingerpost.web.staff.administration.computers import computers_here
from fingerpost.web.staff.administration.reviewing import due_words
from fingerpost.web.staff.administration.tree import dates_in_words
from fingerpost.web.staff.requests import StaffRequest, for_those_who
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import (
    PERMISSION_WORDS,
    ROLE_PERMISSIONS,
    ROLES_THAT_SEE_PEOPLE,
    Membership,
    Organisation,
    OrganisationKind,
    Permission,
    Role,
)


class OrganisationFilter(forms.FilterForm):
    kind = forms.SelectField(
        label=gettext_lazy("Kind"),
        use="narrows the list",
        empty=gettext_lazy("Any kind"),
        choices=[(kind.value, kind.label) for kind in OrganisationKind],
    )


@require_safe
@for_those_who(Permission.SEE_ACCOUNTS)
def organisations(request: StaffRequest) -> HttpResponse:
    """Every organisation of the system, with how many accounts are open in it."""
    listing = Listing(
        request,
        columns=[
            Column("name", gettext_lazy("Name"), order=("name", "id")),
            Column("kind", gettext_lazy("Kind"), order=("kind", "name", "id")),
            Column("parent", gettext_lazy("Part of")),
            Column("accounts", gettext_lazy("Accounts"), order=("accounts", "name", "id"), numeric=True),
        ],
        default_sort="name",
        filters=OrganisationFilter(request.GET),
    )
    kind = listing.chosen.get("kind")
    found = tenancy.organisations(kind=OrganisationKind(kind) if kind else None)
    now = clock.now()
    held = Q(memberships__starts_at__lte=now) & (
        Q(memberships__ends_at=None) | Q(memberships__ends_at__gt=now)
    )
    found = found.select_related("parent").annotate(
        accounts=Count("memberships__user", filter=held, distinct=True)
    )
    context = {
        "title": _("Organisations"),
        "heading": _("Organisations and accounts"),
        "listing": listing,
        "page": listing.page(found.order_by(*listing.order)),
        "subnavigation": links_beside("staff:organisations"),
    }
    return render(request, "staff/administration/organisations.html", context)


@require_safe
@for_those_who(Permission.SEE_ACCOUNTS)
def organisation(request: StaffRequest, organisation_id: UUID) -> HttpResponse:
    """One organisation: how to reach it, who works with whom, and its accounts."""
    found = tenancy.organisations().select_related("parent").filter(id=organisation_id).first()
    if found is None:
        raise NotFound(_("There is no such organisation here."))
    is_ours = found.pk in tenancy.administered(request.actor, at=clock.now())
    into = tenancy.closing_into(found)
    context = {
        "is_ours": is_ours,
        "invitations": tenancy.open_invitations(organisation_id=found.pk) if is_ours else [],
        "now": clock.now(),
        "computers": computers_here(request.actor, found) if is_ours else [],
        "due": due_words(found.pk) if is_ours else "",
        "title": found.name,
        "caption": capitalize_first(found.get_kind_display()),
        "back": NavLink(_("Back to organisations"), reverse("staff:organisations")),
        "organisation": found,
        "accounts": _accounts(tenancy.members_of(organisation_id=found.id)),
        "works_with": _works_with(found),
        "dates": dates_in_words(found, [one.name for one in into]),
        "into": into,
        "moves": tenancy.moves_of(found),
        "today": clock.today(),
        "may_add": bool(tenancy.kinds_below(OrganisationKind(found.kind))),
        "subnavigation": links_beside("staff:organisations"),
    }
    return render(request, "staff/administration/organisation.html", context)


@require_safe
@for_those_who(Permission.SEE_ACCOUNTS)
def roles(request: StaffRequest) -> HttpResponse:
    """What each role may do, in sentences."""
    shown = [
        {
            "name": capitalize_first(str(role.label)),
            "sees_people": role in ROLES_THAT_SEE_PEOPLE,
            "reads": [words for field, words in FIELD_WORDS.items() if field in fields_read(role)],
            "may": [PERMISSION_WORDS[one] for one in Permission if one in ROLE_PERMISSIONS[role]],
        }
        for role in Role
    ]
    context = {
        "title": _("What each role may do"),
        "roles": shown,
        "headings": [
            (_("Where"), False),
            *((capitalize_first(str(moment)), False) for moment in PROVIDER_MOMENTS.values()),
        ],
        "provider": [
            {
                "page": words,
                "cells": [(moment, provider_reads(key, page)) for key, moment in PROVIDER_MOMENTS.items()],
            }
            for page, words in PROVIDER_PAGES.items()
        ],
        "subnavigation": links_beside("staff:roles"),
    }
    return render(request, "staff/administration/roles.html", context)


def _accounts(memberships: list[Membership]) -> list[dict[str, Any]]:
    """One line an account: its roles in words, and whether it may still sign in."""
    lines = []
    for _key, held in groupby(memberships, key=lambda one: one.user_id):
        mine = list(held)
        lines.append(
            {
                "user_id": mine[0].user_id,
                "name": mine[0].user.name,
                "email": mine[0].user.email,
                "roles": [role_in_words(one) for one in mine],
                "is_open": mine[0].user.is_active,
            }
        )
    return lines


def _works_with(found: Organisation) -> tuple[str, list[Organisation]]:
    """Which scheme serves which practice today."""
    today = clock.today()
    if found.kind == OrganisationKind.SCHEME:
        return _("Takes referrals from"), list(tenancy.practices_of(scheme_id=found.id, on=today))
    if found.kind == OrganisationKind.PRACTICE:
        return _("Can refer to"), list(tenancy.schemes_for(practice_id=found.id, on=today))
    return "", []
