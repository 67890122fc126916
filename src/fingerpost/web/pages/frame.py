"""What stands around every page: organisation, navigation, who is signed in and as what, languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from fingerpost.web.foundation.actor import Actor
from fingerpost.web.pages.brand import Brand, brand
from fingerpost.web.pages.navigation import NavLink, PersonSearch, address_of, items_for, search_for


@dataclass(frozen=True)
class MembershipChoice:
    """One way in which somebody may be signed in: "Link worker, Rivergate scheme"."""

    id: str
    label: str
    current: bool = False


@dataclass(frozen=True)
class Identity:
    """Who is signed in, as what, and what else they could be."""

    name: str
    role: str
    memberships: Sequence[MembershipChoice]
    switch_href: str
    sign_out_href: str
    security_href: str = ""


@dataclass(frozen=True)
class Language:
    code: str
    name: str
    current: bool


@dataclass(frozen=True)
class Frame:
    brand: Brand
    identity: Identity | None
    navigation: Sequence[NavLink]
    search: PersonSearch | None
    search_href: str
    languages: Sequence[Language]
    home_href: str
    path: str
    idle_seconds: int = 0
    stay_href: str = ""


def frame_of(request: HttpRequest | None) -> Frame:
    """The frame for this request; bare when nobody is signed in, or when that was not yet known."""
    actor: Actor | None = getattr(request, "actor", None)
    if request is None or actor is None or actor.kind != "user":
        return Frame(brand(), None, (), None, "", languages(), "/", _path(request))
    search = search_for(actor.permissions)
    return Frame(
        brand=brand(),
        identity=_identity(request, actor),
        navigation=items_for(actor.permissions, path=request.path, route=_route(request)),
        search=search,
        search_href=address_of(search.route) if search else "",
        languages=languages(),
        home_href="/",
        path=_path(request),
        idle_seconds=settings.FINGERPOST_IDLE_MINUTES * 60,
        stay_href=address_of("account_stay"),
    )


def languages() -> list[Language]:
    """The languages on offer, each by its own name; empty when there is only one."""
    offered = list(settings.LANGUAGES)
    here = translation.get_language()
    if len(offered) < 2:
        return []
    return [Language(code, _own_name(code), code == here) for code, _ in offered]


def _own_name(code: str) -> str:
    name = str(translation.get_language_info(code)["name_local"])
    return "English" if code.startswith("en") else name[:1].upper() + name[1:]


def _identity(request: HttpRequest, actor: Actor) -> Identity:
    memberships = getattr(request, "memberships", [])
    choices = [MembershipChoice(str(m.pk), str(m), m.pk == actor.membership_id) for m in memberships]
    return Identity(
        name=actor.label,
        role=next((choice.label for choice in choices if choice.current), ""),
        memberships=choices,
        switch_href=address_of("pages:membership"),
        sign_out_href=address_of("account_logout"),
        security_href=address_of("mfa_index"),
    )


def _path(request: HttpRequest | None) -> str:
    """Where changing the language leads back to; a page that was posted to cannot be asked for again."""
    return request.get_full_path() if request is not None and request.method in ("GET", "HEAD") else "/"


def _route(request: HttpRequest) -> str:
    return getattr(request.resolver_match, "view_name", "")
