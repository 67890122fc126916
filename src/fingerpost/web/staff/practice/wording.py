"""How people, needs and standings are said on the pages of a practice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from fingerpost.codes.needs import needs_offered, parse_needs
from fingerpost.web.pages.forms import Choice
from fingerpost.web.pages.words import as_words
from fingerpost.web.people.api import Person
from fingerpost.web.referrals.api import ReferralStatus


def need_choices(on: date) -> list[Choice]:
    """The needs offered on a day, as answers of a question."""
    return [Choice(one.id, as_words(one.label), hint=as_words(one.hint)) for one in needs_offered(on=on)]


def needs_in_words(ids: Iterable[str]) -> list[str]:
    return [as_words(one.label) for one in parse_needs(ids)]


def phone_in_words(number: str) -> str:
    """A stored number as people write it: "07700 900123"; a foreign one as it is stored."""
    if not number.startswith("+44"):
        return number
    national = f"0{number[3:]}"
    return f"{national[:5]} {national[5:]}"


def safe_contact(person: Person) -> tuple[str, str]:
    """How to reach a person, in words, and the warning when a usual way must not be used."""
    ways = []
    if person.phone and person.phone_is_safe:
        ways.append(phone_in_words(person.phone))
    if person.email and person.email_is_safe:
        ways.append(person.email)
    if person.contact_note:
        ways.append(person.contact_note)
    warning = _("Do not phone") if person.phone and not person.phone_is_safe else ""
    return "; ".join(ways) or _("no safe way is known yet"), warning


def standing(status: str, *, has_ended: bool = False) -> tuple[str, str]:
    """One word for where a referral stands, and its tone."""
    if status == ReferralStatus.ACCEPTED and has_ended:
        return _("Finished"), "good"
    return {
        ReferralStatus.RECEIVED: (_("Waiting"), "waiting"),
        ReferralStatus.ACCEPTED: (_("Under way"), "going"),
        ReferralStatus.DECLINED: (_("Not taken on"), "stopped"),
        ReferralStatus.REDIRECTED: (_("Passed on"), "quiet"),
        ReferralStatus.WITHDRAWN: (_("Taken back"), "quiet"),
        ReferralStatus.ENTERED_IN_ERROR: (_("Mistake"), "quiet"),
    }[ReferralStatus(status)]
