"""What an import changes, as its page shows it: a sample, in words, with the sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import ChangeKind
from fingerpost.web.foundation.actor import Actor

SHOWN = 25
_LONGEST = 160
_MORE_LABELS: Mapping[str, Promise] = {
    "status": gettext_lazy("Is it running?"),
    "cost_pence": gettext_lazy("What it costs"),
    "provider_id": gettext_lazy("Which organisation is behind it"),
    "opens_at": gettext_lazy("Begins at"),
    "closes_at": gettext_lazy("Ends at"),
    "byday": gettext_lazy("On which days"),
    "number": gettext_lazy("Number"),
    "search_words": gettext_lazy("Words people use for it"),
}
_KINDS: Mapping[str, Promise] = {
    "listing": gettext_lazy("listing"),
    "provider": gettext_lazy("organisation"),
    "location": gettext_lazy("place"),
    "at_location": gettext_lazy("listing at a place"),
    "schedule": gettext_lazy("opening time"),
    "schedule_exception": gettext_lazy("other hours"),
    "service_area": gettext_lazy("area served"),
    "cost_option": gettext_lazy("price"),
    "funding": gettext_lazy("funding"),
    "accessibility": gettext_lazy("access"),
    "language": gettext_lazy("language"),
    "identifier": gettext_lazy("number of the organisation"),
    "room": gettext_lazy("room"),
    "room_count": gettext_lazy("number of places"),
    "taxonomy": gettext_lazy("list of terms"),
    "term": gettext_lazy("term"),
    "attribute": gettext_lazy("term of a listing"),
    "contact": gettext_lazy("named contact"),
    "phone": gettext_lazy("telephone number"),
    "postal_address": gettext_lazy("address for post"),
}


@dataclass(frozen=True)
class FieldShown:
    """One field of a changed row. What was or is empty is said so."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeShown:
    name: str
    kind: str
    fields: tuple[FieldShown, ...]


@dataclass(frozen=True)
class ChangesShown:
    """A sample of the changes of an import. The sums are of all of them."""

    new: tuple[str, ...]
    changed: tuple[ChangeShown, ...]
    changed_sum: int
    gone: tuple[ChangeShown, ...]
    gone_sum: int

    @property
    def any(self) -> bool:
        return bool(self.new or self.changed or self.gone)


def changes_shown(actor: Actor, done: directory.SourceImport) -> ChangesShown:
    """Of what is new the first listings by name; of what changed or is gone the first rows."""
    new = directory.changes_of_import(actor, import_id=done.pk, what=ChangeKind.NEW)
    changed = directory.changes_of_import(actor, import_id=done.pk, what=ChangeKind.CHANGED)
    gone = directory.changes_of_import(actor, import_id=done.pk, what=ChangeKind.GONE)
    return ChangesShown(
        new=tuple(new.values_list("name", flat=True)[:SHOWN]),
        changed=tuple(map(_shown, changed.defer("before")[:SHOWN])),
        changed_sum=changed.count(),
        gone=tuple(map(_shown, gone.defer("before")[:SHOWN])),
        gone_sum=gone.count(),
    )


def _shown(one: Any) -> ChangeShown:
    fields = tuple(
        FieldShown(_label(one.kind, name), _text(name, before), _text(name, after))
        for name, (before, after) in one.fields.items()
    )
    return ChangeShown(one.name or one.source_key, str(_KINDS.get(one.kind, one.kind)), fields)


def _label(kind: str, name: str) -> str:
    """What people call a field of a listing; of other rows and rarer fields its own name."""
    known = {**directory.FIELD_LABELS, **_MORE_LABELS} if kind == "listing" else _MORE_LABELS
    return str(known.get(name, name.removesuffix("_id").replace("_", " ")))


def _text(name: str, value: Any) -> str:
    if value in (None, "", [], {}):
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name.endswith("_pence"):
        return f"£{int(value) / 100:.2f}"
    if name == "status" and value in directory.ListingStatus.values:
        return str(directory.ListingStatus(value).label)
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
