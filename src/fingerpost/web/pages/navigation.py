"""The navigation registry: surfaces say what they offer, the frame shows what this actor may open.

A surface registers in its own `navigation.py`, found at start-up by name:

    register(NavItem(_("Today"), "staff:today", permission="case.work", order=10))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

MOST = 6


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """One entry of the main navigation. `permission` empty: everyone who is signed in."""

    label: str | Promise
    route: str
    permission: str = ""
    order: int = 100
    under: tuple[str, ...] = ()
    """Routes below this entry, for marking it as current when the address alone does not show it."""


@dataclass(frozen=True, kw_only=True)
class PersonSearch:
    """Where the header's search for a person is sent (by POST: a name never stands in an address)."""

    route: str
    permission: str
    field: str = "words"


@dataclass(frozen=True)
class NavLink:
    """An entry as shown: its words, address, and whether this page lies under it."""

    text: str | Promise
    href: str
    current: bool = False


_items: dict[str, NavItem] = {}
_search: list[PersonSearch] = []


def register(*items: NavItem) -> None:
    """Offer entries; a second registration of the same route replaces the first."""
    _items.update({item.route: item for item in items})


def register_person_search(search: PersonSearch) -> None:
    _search[:] = [search]


def items_for(permissions: Iterable[str], *, path: str = "", route: str = "") -> list[NavLink]:
    """The entries that somebody with `permissions` sees, at most six, in order."""
    held = frozenset(permissions)
    shown = sorted(
        (item for item in _items.values() if not item.permission or item.permission in held),
        key=lambda item: (item.order, item.route),
    )[:MOST]
    links = [(item, address_of(item.route)) for item in shown]
    current = _current(links, path, route)
    return [NavLink(item.label, href, item is current) for item, href in links if href]


def search_for(permissions: Iterable[str]) -> PersonSearch | None:
    """The person search, for those who may search for a person."""
    return next(
        (search for search in _search if search.permission in permissions and address_of(search.route)), None
    )


def _current(links: list[tuple[NavItem, str]], path: str, route: str) -> NavItem | None:
    named = [item for item, _ in links if route and route in (item.route, *item.under)]
    under = [(len(href), item) for item, href in links if href and _lies_under(path, href)]
    return named[0] if named else max(under, key=lambda pair: pair[0], default=(0, None))[1]


def _lies_under(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(href.rstrip("/") + "/"))


def address_of(route: str) -> str:
    """Empty when the route is not served here (a surface may be left out of an installation)."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
