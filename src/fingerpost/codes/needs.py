"""What a person may want help with, as a short list to tick.

The list is our own, in plain words. A SNOMED CT code stands beside a need only where a public source gives
one that means the same (HL7 SDOH Clinical Care for food; two public FHIR repositories for loneliness); the
others must come from a SNOMED CT UK release, not from memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fingerpost.kernel.errors import FaultList, NotFound
from fingerpost.kernel.words import N_, Phrase

__all__ = ["NEEDS", "Need", "need", "needs_offered", "parse_needs"]


@dataclass(frozen=True, slots=True)
class Need:
    """One need. `is_sensitive`: goes to a provider only when the person agreed to this very word."""

    id: str
    label: str
    hint: str = ""
    is_sensitive: bool = False
    snomed: str | None = None
    deprecated_from: date | None = None


NEEDS: tuple[Need, ...] = (
    Need("company", N_("Company and friendship"), N_("Feeling lonely or cut off"), snomed="267076002"),
    Need("money", N_("Money and debt"), N_("Bills, debt, making ends meet")),
    Need("benefits", N_("Benefits"), N_("Claims, forms and appeals")),
    Need("housing", N_("Housing"), N_("Repairs, rent, nowhere safe to live")),
    Need("food", N_("Food"), N_("Enough to eat, cooking"), snomed="733423003"),
    Need("work_and_learning", N_("Work and learning"), N_("Jobs, volunteering, courses")),
    Need("mood", N_("Mood and worry"), N_("Low mood, stress, sleep")),
    Need("being_active", N_("Being active"), N_("Walking, sport, gardening, dance")),
    Need(
        "long_term_condition", N_("Living with a health condition"), N_("Pain, tiredness, coping day to day")
    ),
    Need("caring", N_("Looking after someone"), N_("Support for carers, a break")),
    Need("memory", N_("Memory and dementia"), N_("For the person or the family")),
    Need("bereavement", N_("Grief"), N_("After someone has died")),
    Need("family", N_("Family and relationships"), N_("Parenting, separation, getting on")),
    Need("digital", N_("Getting online"), N_("Phones, computers, forms on the web")),
    Need("transport", N_("Getting about"), N_("Lifts, buses, walking safely")),
    Need("new_to_area", N_("New here, or another language"), N_("Settling in, English classes")),
    Need(
        "alcohol_and_drugs", N_("Alcohol or drugs"), N_("Their own or someone else's use"), is_sensitive=True
    ),
    Need("safety_at_home", N_("Feeling unsafe with someone"), N_("Fear, control or harm"), is_sensitive=True),
)

_NEEDS = {one.id: one for one in NEEDS}


def need(id: str) -> Need:
    """The need with this id, whether or not it is still offered."""
    if id not in _NEEDS:
        raise NotFound(Phrase(N_("No need has the id {id}."), id=id))
    return _NEEDS[id]


def needs_offered(*, on: date) -> tuple[Need, ...]:
    """The needs to show on a form on this day, in order."""
    return tuple(one for one in NEEDS if one.deprecated_from is None or on < one.deprecated_from)


def parse_needs(ids: Iterable[str]) -> tuple[Need, ...]:
    """The needs with these ids, in list order and each once; all unknown ids are told at once."""
    faults = FaultList()
    found: set[Need] = set()
    for id in ids:
        with faults.catching():
            found.add(need(id))
    faults.raise_any(N_("Some needs are not known here."))
    return tuple(one for one in NEEDS if one in found)
