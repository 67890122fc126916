"""Roles and memberships in words, and the links beside the pages about accounts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from fingerpost.kernel import clock
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.words import capitalize_first, day
from fingerpost.web.tenancy.api import PERMISSION_WORDS, ROLE_PERMISSIONS, Membership, Permission, Role


def role_in_words(one: Membership) -> str:
    """The role and since when, from when, until when; and whether it is suspended."""
    role = capitalize_first(str(one.get_role_display()))
    now = clock.now()
    if one.ends_at and one.ends_at <= now:
        return _("%(role)s until %(day)s") % {"role": role, "day": day(one.ends_at)}
    if one.starts_at > now:
        return _("%(role)s from %(day)s on") % {"role": role, "day": day(one.starts_at)}
    if one.suspended_at:
        return _("%(role)s, suspended since %(day)s") % {"role": role, "day": day(one.suspended_at)}
    if one.ends_at:
        return _("%(role)s since %(day)s, ends %(end)s") % {
            "role": role,
            "day": day(one.starts_at),
            "end": day(one.ends_at),
        }
    return _("%(role)s since %(day)s") % {"role": role, "day": day(one.starts_at)}


def role_choices() -> list[forms.Choice]:
    """Every role, each with what it may do as its hint."""
    return [
        forms.Choice(role.value, capitalize_first(str(role.label)), hint=role_hint(role)) for role in Role
    ]


def role_hint(role: Role) -> str:
    """What a role may do, in one sentence."""
    words = [str(PERMISSION_WORDS[one]) for one in Permission if one in ROLE_PERMISSIONS[role]]
    return _("May: %(what)s.") % {"what": "; ".join(words)}


def links_beside(here: str) -> list[NavLink]:
    """Beside every page about organisations and accounts."""
    offered = [
        ("staff:organisations", _("Organisations")),
        ("staff:import_staff", _("Staff from a spreadsheet")),
        ("staff:tree", _("How they belong together")),
        ("staff:joiners", _("Who came and went")),
        ("staff:roles", _("What each role may do")),
    ]
    return [NavLink(text, reverse(route), route == here) for route, text in offered]
