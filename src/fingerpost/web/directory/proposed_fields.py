"""Which fields of a listing others may propose to change, and which of them carry little risk. Data, and pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Wrong words here send nobody to a wrong place, cost nobody money and shut nobody out. A provider's own change is
# taken over at once; everything else waits for a steward.
LOW_RISK_FIELDS = (
    "what_to_expect",
    "how_to_join",
    "transport",
    "accompaniment",
    "required_documents",
    "access",
    "interpretation",
    "schedule_note",
)

FIELD_LABELS: Mapping[str, str | Promise] = {
    "name": _("What it is called"),
    "description": _("What happens there"),
    "what_to_expect": _("The first visit"),
    "how_to_join": _("How to join"),
    "eligibility": _("Who it is for"),
    "minimum_age": _("Youngest age"),
    "maximum_age": _("Oldest age"),
    "schedule_note": _("When, in words"),
    "cost": _("What it costs"),
    "accompaniment": _("May somebody come along the first time?"),
    "transport": _("Getting there"),
    "access": _("Getting in and taking part"),
    "required_documents": _("What to bring"),
    "interpretation": _("Interpreting"),
    "email": _("E-mail address"),
    "url": _("Web page"),
}
PROPOSABLE = tuple(FIELD_LABELS)
_NUMBERS = ("minimum_age", "maximum_age")


@dataclass(frozen=True)
class FieldChange:
    """One field of a proposal: as it was seen, as it is proposed, and as it is now."""

    field: str
    seen: Any
    proposed: Any
    now: Any

    @property
    def label(self) -> str:
        return str(FIELD_LABELS.get(self.field, self.field))

    @property
    def has_moved(self) -> bool:
        """Somebody has changed it since it was proposed: whoever decides must look twice."""
        return self.now not in (self.seen, self.proposed)


def values_of(listing: object) -> dict[str, Any]:
    """What a listing says now in the fields that may be changed."""
    return {name: getattr(listing, name) for name in PROPOSABLE}


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Field -> [as it was, as it is to be], of those that differ; spaces and line ends do not count."""
    found = {}
    for name in PROPOSABLE:
        if name in after:
            new = _tidy(name, after[name])
            if new != _tidy(name, before[name]):
                found[name] = [before[name], new]
    return found


def split_by_risk(changes: Mapping[str, list[Any]]) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """The changes that are taken over at once, and those that wait."""
    low = {name: pair for name, pair in changes.items() if name in LOW_RISK_FIELDS}
    return low, {name: pair for name, pair in changes.items() if name not in low}


def _tidy(name: str, value: Any) -> Any:
    if name in _NUMBERS:
        return None if value in (None, "") else int(value)
    text = "\n".join(line.rstrip() for line in str(value or "").strip().splitlines())
    return text.lower() if name == "email" else text
