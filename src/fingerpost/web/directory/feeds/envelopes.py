"""Pages of feeds: what stands on one, and where the next is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import SourceFault

MOST_ON_A_PAGE = (
    20_000  # some publish all they have on one page; what is refused of it is kept with its reason
)


@dataclass(frozen=True)
class ListPage:
    """A page of a list of Open Referral. What it says of itself may be missing; `items` may not."""

    items: list[Any]
    total_items: int | None
    total_pages: int | None
    number: int | None
    is_last: bool | None
    is_first: bool | None = None


@dataclass(frozen=True)
class RpdeItem:
    """One change of a feed of RPDE: an item as it is now, or that it is gone (`data` is then None)."""

    id: str
    kind: str
    modified: str
    data: Any


@dataclass(frozen=True)
class RpdePage:
    """`faults` are items that cannot be told from others, with what is wrong with each."""

    items: list[RpdeItem]
    next: str
    faults: list[tuple[str, str]]


def list_page(found: Any, *, where: str) -> ListPage:
    """A page of Open Referral 3.0, of 1.0 (as Spring writes it), or a bare list. Raises `SourceFault`."""
    if isinstance(found, list):
        _check_number(found, where)
        return ListPage(found, len(found), 1, 1, True)
    if not isinstance(found, Mapping):
        raise _no_page(where)
    items = next((found[name] for name in ("contents", "content") if name in found), None)
    if not isinstance(items, list):
        raise _no_page(where)
    _check_number(items, where)
    return ListPage(
        items,
        _count(found, "total_items", "totalElements"),
        _count(found, "total_pages", "totalPages"),
        _count(found, "page_number", "number"),
        _flag(found, "last_page", "last"),
        _flag(found, "first_page", "first"),
    )


def _check_number(items: list[Any], where: str) -> None:
    """Twenty megabytes can hold millions of items of nothing."""
    if len(items) > MOST_ON_A_PAGE:
        raise SourceFault(
            _("A page of %(where)s holds %(number)s items.") % {"where": where, "number": f"{len(items):,}"},
            expected=_("At most %(most)s items on a page.") % {"most": f"{MOST_ON_A_PAGE:,}"},
            remedy=_("Ask for smaller pages, or tell whoever publishes the feed."),
        )


def rpde_page(found: Any, *, where: str) -> RpdePage:
    """A page of RPDE. Raises `SourceFault` for what is none."""
    if not isinstance(found, Mapping) or not isinstance(found.get("items"), list):
        raise SourceFault(
            _("%(where)s is not a page of a feed of OpenActive: it has no list called items.")
            % {"where": where},
            expected=_("A feed of RPDE, with “next” and “items”."),
            remedy=_("Give the address of the feed itself, not of the page that describes it."),
        )
    if not isinstance(found.get("next"), str) or not found["next"].strip():
        raise SourceFault(
            _("%(where)s does not say where the next page is.") % {"where": where},
            expected=_("A feed of RPDE, with “next” on every page."),
            remedy=_("Tell whoever publishes the feed."),
        )
    _check_number(found["items"], where)
    items, faults = [], []
    for each in found["items"]:
        fault = _fault_of(each)
        if fault:
            faults.append((str(each)[:500], fault))
        else:
            data = each.get("data") if each["state"] == "updated" else None
            items.append(
                RpdeItem(str(each["id"]).strip(), str(each.get("kind") or ""), str(each["modified"]), data)
            )
    return RpdePage(items, found["next"].strip(), faults)


def _fault_of(item: Any) -> str:
    """What keeps an item from being read; empty when nothing does."""
    if not isinstance(item, Mapping):
        return _("this is not an object with named parts")
    if not isinstance(item.get("id"), str | int) or not str(item["id"]).strip():
        return _("there is no id")
    if item.get("state") not in ("updated", "deleted"):
        return _("its state is neither updated nor deleted")
    if not isinstance(item.get("modified"), str | int):
        return _("it does not say when it was modified")
    if item["state"] == "updated" and not isinstance(item.get("data"), Mapping):
        return _("it is said to be updated and has no data")
    return ""


def _no_page(where: str) -> SourceFault:
    return SourceFault(
        _("%(where)s is not a page of a list: it has no list called contents.") % {"where": where},
        expected=_("A feed of Open Referral UK, version 1.0 or 3.0."),
        remedy=_("Give the address that ends before /services, and the kind that its publisher names."),
    )


def _count(found: Mapping[str, Any], *names: str) -> int | None:
    for name in names:
        value = found.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31:
            return value
    return None


def _flag(found: Mapping[str, Any], *names: str) -> bool | None:
    return next((found[name] for name in names if isinstance(found.get(name), bool)), None)
