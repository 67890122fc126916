"""Roles and memberships in words, and the links beside the pages about accounts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fingerpost.kernel import clock
from fingerpost.web.pages import forms
from fingerpost.web.pages.navigation import NavLink
from fingerpost.web.pages.words import capitalize_first, day
from fingerpost.web.tenancy.api import PERMISSION_WORDS, ROLE_PERMISSIONS, Membership, Permission, Role

# What a role is for, in a line: what it may do, one by one, stands on the page of roles.
ROLES_IN_SHORT = {
    Role.CLINICIAN: gettext_lazy("Refers people to schemes, and sees what became of it."),
    Role.RECEPTIONIST: gettext_lazy("Tells people at the desk where to turn, and refers them."),
    Role.LINK_WORKER: gettext_lazy("Works with the people whom the scheme has taken on."),
    Role.TEAM_LEAD: gettext_lazy("Shares out referrals, and sees all the work of the scheme."),
    Role.MANAGER: gettext_lazy("Sees counts, and never a person by name."),
    Role.ADMINISTRATOR: gettext_lazy(
        "Looks after accounts, organisations and the directory, and never sees a person by name."
    ),
    Role.INFORMATION_GOVERNANCE: gettext_lazy(
        "Answers who saw a person's record, reviews emergencies, and never sees the record."
    ),
}


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
    """Every role, each with what it is for as its hint."""
    return [
        forms.Choice(role.value, capitalize_first(str(role.label)), hint=ROLES_IN_SHORT[role])
        for role in Role
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
