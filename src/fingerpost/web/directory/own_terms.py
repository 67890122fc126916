"""What HSDS has no place for: terms of a list of our own, said as attributes on the way out and read again. Pure.

Whoever does not know the list reads ordinary attributes. The ids are the same everywhere and for good.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from fingerpost.codes.needs import NEEDS
from fingerpost.web.directory.enums import Accompaniment, CapacityState, ForGender, Way

_OURS = UUID("6f1f0a5e-5d7c-5b0e-9a53-0d1f2b7c4e11")
TAXONOMY_ID = uuid5(_OURS, "taxonomy")
TAXONOMY_NAME = "Fingerpost details"
TAXONOMY_URI = "urn:fingerpost:details"
TAXONOMY_VERSION = "1"
TAXONOMY_MEANS = "What the Human Services Data Specification has no field for."
LINK_TYPE = "fingerpost"

SERVICE, PLACE, ORGANISATION = "service", "location", "organization"
AREA, NUMBER = "service_area", "organization_identifier"


@dataclass(frozen=True, kw_only=True)
class OwnTerm:
    """One term. `of` is the table of HSDS that it is said of; `choice` is what it stands for by itself, without
    a value; `field` is empty for a term that only has others below it."""

    code: str
    of: str
    name: str
    means: str
    field: str = ""
    choice: str = ""
    parent: str = ""

    @property
    def id(self) -> UUID:
        return uuid5(_OURS, f"term:{self.code}")

    @property
    def parent_id(self) -> UUID | None:
        return uuid5(_OURS, f"term:{self.parent}") if self.parent else None


def part_id(owner: UUID, name: str) -> str:
    """A lasting id for a part that has no row of its own."""
    return str(uuid5(owner, name))


def is_part_of(key: str, owner: str, name: str) -> bool:
    """Whether a row is a part that has no row of its own: then it is told again on the row that it belongs to."""
    try:
        return bool(key) and key == part_id(UUID(owner), name)
    except ValueError:
        return False


def unit_id(name: str) -> str:
    """The id of what capacity is counted in: the same wherever the same is counted."""
    return str(uuid5(_OURS, f"unit:{name}"))


def _said(code: str, of: str, field: str, name: str, means: str) -> OwnTerm:
    return OwnTerm(code=code, of=of, field=field, name=name, means=means)


def _choices(code: str, field: str, name: str, means: str, choices: Mapping[str, str]) -> Iterator[OwnTerm]:
    yield OwnTerm(code=code, of=SERVICE, name=name, means=means)
    for choice, label in choices.items():
        yield OwnTerm(
            code=f"{code}:{choice}",
            of=SERVICE,
            field=field,
            choice=choice,
            parent=code,
            name=label,
            means=label,
        )


OWN_TERMS: tuple[OwnTerm, ...] = (
    *_choices(
        "need",
        "needs",
        "Helps with",
        "What people may want help with. No value.",
        {one.id: str(one.label) for one in NEEDS},
    ),
    *_choices(
        "way",
        "ways",
        "How people take part",
        "One attribute for each way. No value.",
        {
            Way.IN_PERSON.value: "At a place",
            Way.AT_HOME.value: "In the person's home",
            Way.BY_PHONE.value: "By phone",
            Way.ONLINE.value: "Online",
        },
    ),
    *_choices(
        "accompaniment",
        "accompaniment",
        "May somebody come along the first time",
        "No value; without the attribute it is not known.",
        {
            Accompaniment.WELCOME.value: "Somebody may come along",
            Accompaniment.ASK.value: "Ask first",
            Accompaniment.ALONE.value: "People come on their own",
        },
    ),
    *_choices(
        "for",
        "for_gender",
        "For women or men only",
        "No value; without the attribute it is for anyone.",
        {ForGender.WOMEN.value: "Women only", ForGender.MEN.value: "Men only"},
    ),
    *_choices(
        "room",
        "room",
        "Is there room now",
        "The value is when that was said (date and time, UTC). It is published only while it still holds.",
        {
            CapacityState.TAKING.value: "Taking people",
            CapacityState.WAITING_LIST.value: "Waiting list",
            CapacityState.FULL.value: "Full",
        },
    ),
    _said("room-weeks", SERVICE, "room_weeks", "Weeks on the waiting list", "A whole number."),
    _said("room-until", SERVICE, "room_until", "Full until", "A date."),
    _said("what-to-expect", SERVICE, "what_to_expect", "The first visit", "In words."),
    _said("transport", SERVICE, "transport", "Getting there", "Lifts, buses and parking, in words."),
    _said("schedule-note", SERVICE, "schedule_note", "When, in words", "What no schedule can say."),
    _said("access", SERVICE, "access", "Getting in and about", "In words, of the service as a whole."),
    _said("search-words", SERVICE, "search_words", "Words people use for it", "One on each line."),
    _said(
        "languages",
        SERVICE,
        "languages",
        "Languages, by name",
        "One on each line. Only where they differ from the languages of the table `languages`.",
    ),
    _said(
        "price",
        SERVICE,
        "cost_pence",
        "The price for everybody",
        "In pence; 0 is free, empty is not known. Only where the table `cost_options` does not say it.",
    ),
    _said(
        "place-access",
        PLACE,
        "access",
        "Getting in and about",
        "In words. Only where they differ from the table `accessibility`.",
    ),
    _said(
        "kind",
        ORGANISATION,
        "kind",
        "Kind of organisation",
        "Charity, club, council: in words. Only where it is not the legal status.",
    ),
    _said(
        "area-codes",
        AREA,
        "codes",
        "Codes of the area",
        "Codes of the Office for National Statistics or first halves of postcodes, one on each line.",
    ),
    _said("number-address", NUMBER, "uri", "Where the number is looked up", "A web address."),
)
BY_CODE: Mapping[str, OwnTerm] = {one.code: one for one in OWN_TERMS}
BY_ID: Mapping[str, OwnTerm] = {str(one.id): one for one in OWN_TERMS}
# Fields of which several terms may be said at once.
SEVERAL = frozenset({"needs", "ways"})
