"""The kept report of an import, as its page shows it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from fingerpost.web.directory.api import FaultKind
from fingerpost.web.pages.words import number

# HSDS has renamed several of its files over the years; records made by hand are counted by kind.
_KINDS: Mapping[str, tuple[Promise | str, tuple[str, ...]]] = {
    "listings": (gettext_lazy("Listings"), ("services", "service", "listing")),
    "providers": (
        gettext_lazy("Organisations behind listings"),
        ("organizations", "organization", "provider"),
    ),
    "places": (gettext_lazy("Places"), ("locations", "location")),
    "links": (
        gettext_lazy("Listings at places"),
        ("service_at_locations", "services_at_location", "service_at_location", "at_location"),
    ),
    "addresses": (
        gettext_lazy("Addresses of places"),
        ("physical_addresses", "physical_address", "addresses", "address"),
    ),
    "post": (
        gettext_lazy("Addresses for post"),
        ("postal_addresses", "postal_address"),
    ),
    "times": (
        gettext_lazy("Opening times"),
        ("schedules", "regular_schedules", "schedule", "regular_schedule"),
    ),
    "contacts": (gettext_lazy("Named contacts"), ("contacts", "contact")),
    "phones": (gettext_lazy("Phone numbers"), ("phones", "phone")),
    "prices": (gettext_lazy("Prices"), ("cost_options", "cost_option")),
    "areas": (gettext_lazy("Areas served"), ("service_areas", "service_area")),
    "numbers": (gettext_lazy("Numbers of organisations"), ("organization_identifiers", "identifier")),
    "sorted": (gettext_lazy("Terms of listings"), ("attributes", "attribute")),
    "terms": (gettext_lazy("Terms"), ("taxonomy_terms", "term")),
    "lists": (gettext_lazy("Lists of terms"), ("taxonomies", "taxonomy")),
}
_BY_FILE = {name: kind for kind, (_label, names) in _KINDS.items() for name in names}


@dataclass(frozen=True, kw_only=True)
class KindCounts:
    """What became of the rows of one file: `read == landed + rejected`, `landed` counts `joined` too."""

    kind: str
    label: str
    file: str
    read: int
    landed: int
    rejected: int
    new: int
    changed: int
    unchanged: int
    gone: int

    @property
    def joined(self) -> int:
        """Rows that landed as part of another, as an address does in its place."""
        return self.landed - self.new - self.changed - self.unchanged

    def compared(self) -> list[str]:
        """How what landed compares with what the source said before; what did not occur is left out."""
        said = [
            (self.new, ngettext("%(n)s new", "%(n)s new", self.new)),
            (self.changed, ngettext("%(n)s changed", "%(n)s changed", self.changed)),
            (self.unchanged, ngettext("%(n)s unchanged", "%(n)s unchanged", self.unchanged)),
            (self.joined, ngettext("%(n)s joined another", "%(n)s joined another", self.joined)),
        ]
        return [words % {"n": number(count)} for count, words in said if count]


@dataclass(frozen=True)
class NamedFault:
    """One kind of fault in one file, how many rows it stands for, and a few of them."""

    label: str
    file: str
    rows: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportShown:
    """An import in numbers."""

    kinds: tuple[KindCounts, ...]
    faults: tuple[NamedFault, ...] = ()

    def total(self, what: str) -> int:
        """Of all kinds together: `read`, `landed`, `rejected`, `new`, `changed`, `unchanged`, `gone`."""
        return sum(getattr(one, what) for one in self.kinds)

    def rows(self, what: str) -> int:
        """Of the rows of files: what they named besides, such as the place in a row of a listing, is no row."""
        counted = [one for one in self.kinds if one.file] or self.kinds
        return sum(getattr(one, what) for one in counted)

    @property
    def changes(self) -> int:
        return self.total("new") + self.total("changed") + self.total("gone")

    def of(self, kind: str) -> KindCounts | None:
        """The counts of listings, places and so on, when the source has any."""
        return next((one for one in self.kinds if one.kind == kind), None)


def report_shown(
    counts: Mapping[str, Any], examples: Mapping[tuple[str, str], Iterable[str]] | None = None
) -> ReportShown:
    """`examples` are by file and kind of fault."""
    said = examples or {}
    kinds = [_kind_counts(one) for one in counts["files"]]
    kinds.sort(key=lambda one: place_of(one.kind))
    faults = [
        NamedFault(
            fault_in_words(one["kind"]),
            one["file"],
            one["rows"],
            tuple(said.get((one["file"], one["kind"]), ())),
        )
        for one in sorted(
            counts["faults"], key=lambda one: (place_of(one["file"]), one["file"], -one["rows"])
        )
    ]
    return ReportShown(kinds=tuple(kinds), faults=tuple(faults))


def place_of(file: str) -> int:
    """Where a file stands in a report: listings first, then what belongs to them."""
    kind = file if file in _KINDS else _kind_of(file)
    return list(_KINDS).index(kind) if kind in _KINDS else len(_KINDS)


def fault_in_words(kind: str) -> str:
    return str(FaultKind(kind).label)


def _kind_counts(one: Mapping[str, Any]) -> KindCounts:
    record = str(one.get("kind", ""))
    kind = _BY_FILE.get(record) or _kind_of(one["file"])
    numbers = {
        name: int(one[name]) for name in ("read", "landed", "rejected", "new", "changed", "unchanged", "gone")
    }
    label = str(_KINDS[kind][0]) if kind in _KINDS else _("Other rows")
    # What came with the rows of another file is called after its kind, and is no file.
    return KindCounts(kind=kind, label=label, file="" if one["file"] == record else one["file"], **numbers)


def _kind_of(file: str) -> str:
    return _BY_FILE.get(file.removesuffix(".csv"), file)
