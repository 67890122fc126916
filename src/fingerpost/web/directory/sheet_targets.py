"""What a column of a spreadsheet can be, how its cells are read, and a first guess from its heading. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fingerpost.codes.needs import parse_needs
from fingerpost.kernel.errors import Faults
from fingerpost.web.directory import cell_values as cells
from fingerpost.web.directory.csv_tables import Row
from fingerpost.web.directory.enums import FaultKind as F
from fingerpost.web.directory.enums import ListingStatus
from fingerpost.web.directory.hsds_reading import Reading

KINDS = ("listing", "provider", "location", "phone", "contact", "term")
_YES = {"yes", "y", "true", "1", "open", "active", "running", "current"}
_NO = {"no", "n", "false", "0", "closed", "inactive", "ended", "not running"}
_DAY_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y")


@dataclass(frozen=True, kw_only=True)
class Target:
    """A field that a column can be. `read` raises `ValueError` for a cell that is none; that is a named fault."""

    kind: str
    field: str
    label: Promise | str
    read: Callable[[str], Any]
    fault: F = F.VALUE_MALFORMED
    headings: tuple[str, ...] = ()
    several: bool = False  # columns may share it: lines of an address, telephone numbers

    @property
    def name(self) -> str:
        return f"{self.kind}.{self.field}"


def _day(text: str) -> date:
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(text[:11].strip(), form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise ValueError(text)


def _status(text: str) -> ListingStatus:
    said = text.strip().lower()
    if said in _YES:
        return ListingStatus.ACTIVE
    if said in _NO:
        return ListingStatus.INACTIVE
    raise ValueError(text)


def _site(text: str) -> str:
    """People write web addresses without their beginning."""
    return cells.web_address(text if "://" in text else f"https://{text}")


def _number(text: str) -> str:
    if len(text) > 60 or sum(sign.isdigit() for sign in text) < 3:
        raise ValueError(text)
    return text


def _pence(text: str) -> int:
    said = text.strip().lower()
    if said in ("free", "none", "nil", "no charge", "free of charge"):
        return 0
    found = re.fullmatch(r"£?\s*([0-9]{1,5})(?:\.([0-9]{2}))?p?", said)
    if not found or (said.endswith("p") and found[2]):
        raise ValueError(text)
    return int(found[1]) if said.endswith("p") else int(found[1]) * 100 + int(found[2] or 0)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in re.split(r"[;,|\n]", text) if part.strip()))


def _needs(text: str) -> tuple[str, ...]:
    """Needs by their ids here."""
    said = _parts(text)
    try:
        parse_needs(said)
    except Faults as fault:
        raise ValueError(text) from fault
    return said


def _degrees(most: int) -> Callable[[str], float]:
    def read(text: str) -> float:
        number = float(text)
        if not -most <= number <= most:
            raise ValueError(text)
        return number

    return read


def _short(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > most:
            raise ValueError(text)
        return text

    return read


def _of(kind: str, *fields: tuple[str, Promise | str, Callable[[str], Any], tuple[str, ...]]) -> list[Target]:
    return [
        Target(kind=kind, field=field, label=label, read=read, headings=headings)
        for field, label, read, headings in fields
    ]


_ALL = [
    *_of(
        "listing",
        (
            "name",
            _("Listing: its name"),
            str,
            ("name", "title", "service", "service name", "activity", "group"),
        ),
        ("key", _("Listing: its id in this list"), str, ("id", "service id", "services-id", "reference")),
        ("alternate_name", _("Listing: another name"), _short(300), ("also known as", "alternate name")),
        (
            "description",
            _("Listing: what it is"),
            str,
            ("description", "activities", "about", "what we do", "details", "body"),
        ),
        (
            "status",
            _("Listing: is it running (yes or no)"),
            _status,
            ("status", "open", "is this service open?"),
        ),
        ("ended_on", _("Listing: the day it ended"), _day, ("removed", "closed on", "ended", "date removed")),
        ("email", _("Listing: e-mail"), cells.email_address, ("email", "e-mail", "email address")),
        ("url", _("Listing: website"), _site, ("website", "url", "web", "website address")),
        ("how_to_join", _("Listing: how to join"), str, ("how to join", "referral", "application process")),
        ("what_to_expect", _("Listing: what to expect on a first visit"), str, ("what to expect",)),
        ("eligibility", _("Listing: who it is for"), str, ("eligibility", "who for", "who is it for")),
        ("minimum_age", _("Listing: youngest age"), cells.age, ("minimum age", "age from")),
        ("maximum_age", _("Listing: oldest age"), cells.age, ("maximum age", "age to")),
        ("cost", _("Listing: cost in words"), str, ("cost", "price", "fees")),
        ("cost_pence", _("Listing: cost in pounds, or “free”"), _pence, ("cost in pounds",)),
        (
            "schedule_note",
            _("Listing: when, in words"),
            str,
            ("when", "times", "day and time", "opening times"),
        ),
        ("transport", _("Listing: getting there"), str, ("transport", "getting there")),
        ("required_documents", _("Listing: what to bring"), str, ("bring", "documents required")),
        ("access", _("Listing: access, in words"), str, ("accessibility", "access")),
        ("languages", _("Listing: languages"), _parts, ("languages", "language")),
        ("needs", _("Listing: needs, by the names used here"), _needs, ("needs",)),
        ("search_words", _("Listing: words people use for it"), _parts, ("keywords", "tags")),
    ),
    *_of(
        "provider",
        (
            "name",
            _("Organisation: its name"),
            _short(300),
            ("organisation", "organization", "provider", "charity", "charity name"),
        ),
        (
            "key",
            _("Organisation: its id"),
            str,
            ("organisation id", "organization id", "organization_id", "provider id"),
        ),
        ("description", _("Organisation: what it is"), str, ()),
        ("email", _("Organisation: e-mail"), cells.email_address, ()),
        ("url", _("Organisation: website"), _site, ()),
        ("identifier", _("Organisation: charity number"), _short(100), ("charity number", "charity_number")),
        ("kind", _("Organisation: what kind it is"), _short(100), ()),
    ),
    *_of(
        "location",
        ("name", _("Place: its name"), _short(300), ("venue", "location", "place", "building")),
        ("key", _("Place: its id"), str, ("location id", "location_id", "venue id")),
        ("town", _("Place: town"), _short(200), ("town", "city")),
        ("region", _("Place: county"), _short(200), ("county", "region")),
        ("postcode", _("Place: postcode"), _short(20), ("postcode", "post code", "postal code")),
        ("latitude", _("Place: latitude"), _degrees(90), ("latitude", "lat")),
        ("longitude", _("Place: longitude"), _degrees(180), ("longitude", "lon", "lng", "long")),
        ("description", _("Place: what it is"), str, ()),
        ("access", _("Place: access, in words"), str, ()),
        ("transportation", _("Place: getting there"), str, ()),
    ),
    Target(
        kind="location",
        field="address",
        label=_("Place: a line of its address"),
        read=str,
        headings=("address", "address line 1", "address line 2", "street", "address 1", "address 2"),
        several=True,
    ),
    Target(
        kind="phone",
        field="number",
        label=_("Telephone number"),
        read=_number,
        fault=F.PHONE_NUMBER_MALFORMED,
        headings=("phone", "telephone", "tel", "mobile", "phone number", "contact number"),
        several=True,
    ),
    Target(
        kind="contact",
        field="name",
        label=_("Name of a contact"),
        read=_short(300),
        headings=("contact", "contact name"),
    ),
    Target(kind="contact", field="email", label=_("E-mail of a contact"), read=cells.email_address),
    Target(
        kind="term",
        field="codes",
        label=_("Codes or words that sort it"),
        read=_parts,
        headings=("classification", "category", "categories", "type", "service type"),
        several=True,
    ),
]
TARGETS: Mapping[str, Target] = {target.name: target for target in _ALL}
_BY_HEADING = {heading: target.name for target in reversed(_ALL) for heading in target.headings}


def guessed(columns: Iterable[str]) -> dict[str, str]:
    """A first guess of what each column is, by its heading; columns that say nothing to us are left out."""
    found: dict[str, str] = {}
    for column in columns:
        name = _BY_HEADING.get(re.sub(r"[\s_]+", " ", column.strip().lower()), _BY_HEADING.get(column, ""))
        if name and (TARGETS[name].several or name not in found.values()):
            found[column] = name
    return found


def mapped_values(reading: Reading, row: Row, targets: Mapping[str, Target]) -> dict[str, dict[str, Any]]:
    """The values of a row by kind of record. What cannot be read is a named fault, and left out."""
    values: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    several: dict[Target, list[Any]] = defaultdict(list)
    for column, target in targets.items():
        value = reading.value(row, column, target.read, target.fault, None)
        if value is None:
            continue
        if target.several:
            several[target].append(value)
        else:
            values[target.kind][target.field] = value
    for target, found in several.items():
        values[target.kind][target.field] = _together(target, found)
    return values


def _together(target: Target, found: list[Any]) -> Any:
    if target.field == "address":
        return "\n".join(found)
    if target.field == "codes":
        return tuple(dict.fromkeys(code for codes in found for code in codes))
    return tuple(dict.fromkeys(found))
