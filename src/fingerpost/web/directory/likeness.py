"""How alike two listings of different sources are, and why. Pure.

Points are our own judgement, not measured: what is the same number or site says more than a like name, and a like
name alone says little, because every town has a lunch club.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

ENOUGH = 60  # points from which a person is asked
_SAME_NAME, _LIKE_NAME = 95, 80  # of 100, words in any order
_SMALL_WORDS = {"the", "a", "of", "and", "for", "ltd", "limited", "cic", "charity", "trust"}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is compared of a listing. `phones` are their last nine figures."""

    name: str
    provider: str = ""
    postcodes: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    site: str = ""
    email: str = ""


@dataclass(frozen=True)
class Reason:
    """One thing that is alike; `code` is kept, `label` is shown."""

    code: str
    points: int
    label: Promise


_REASONS = {
    "same_name": (40, _("the same name")),
    "like_name": (25, _("a name that is nearly the same")),
    "same_provider": (15, _("the same organisation")),
    "same_postcode": (20, _("the same postcode")),
    "same_phone": (30, _("the same telephone number")),
    "same_site": (25, _("the same web page")),
    "same_email": (25, _("the same e-mail address")),
}
LABELS = {code: label for code, (_points, label) in _REASONS.items()}


def likeness(one: Facts, other: Facts) -> tuple[Reason, ...]:
    """What is alike, most telling first."""
    found = []
    name = fuzz.token_sort_ratio(plain(one.name), plain(other.name))
    if name >= _SAME_NAME:
        found.append("same_name")
    elif name >= _LIKE_NAME:
        found.append("like_name")
    if one.provider and fuzz.token_sort_ratio(plain(one.provider), plain(other.provider)) >= _SAME_NAME:
        found.append("same_provider")
    if one.postcodes & other.postcodes:
        found.append("same_postcode")
    if one.phones & other.phones:
        found.append("same_phone")
    if one.site and one.site == other.site:
        found.append("same_site")
    if one.email and one.email == other.email:
        found.append("same_email")
    reasons = [Reason(code, *_REASONS[code]) for code in found]
    return tuple(sorted(reasons, key=lambda reason: (-reason.points, reason.code)))


def points(reasons: tuple[Reason, ...]) -> int:
    """Of 100 at most. Without anything of the names alike it is another thing at the same address."""
    named = any(reason.code in ("same_name", "like_name") for reason in reasons)
    return min(100, sum(reason.points for reason in reasons)) if named else 0


def plain(name: str) -> str:
    """A name without signs and the words that every second one has."""
    words = re.sub(r"[^a-z0-9 ]+", " ", name.casefold().replace("&", " and ")).split()
    return " ".join(word for word in words if word not in _SMALL_WORDS) or name.casefold()


def figures(number: str) -> str:
    """The last nine figures of a telephone number, however it is written; empty when there are fewer."""
    only = re.sub(r"\D", "", number)
    return only[-9:] if len(only) >= 9 else ""


def site_of(address: str) -> str:
    """A web address without what differs for nothing."""
    parts = urlsplit(address.strip().lower())
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}" if host else ""
