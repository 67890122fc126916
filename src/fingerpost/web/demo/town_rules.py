"""What must hold between the rows of the invented town, and for each value in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from fingerpost.kernel.errors import FaultList, FingerpostError, SourceFault
from fingerpost.kernel.postcode import Postcode
from fingerpost.kernel.words import N_, Phrase
from fingerpost.web.demo import town_rows as declared
from fingerpost.web.demo.town_rows import Listing, Organisation, Phrases, Provider, StaffMember, Town, Venue

# Addresses that can reach nobody: RFC 2606 for e-mail, Ofcom's numbers for drama for telephones.
_EMAIL = re.compile(r"[a-z0-9][a-z0-9.-]*@[a-z0-9][a-z0-9.-]*\.(example|test)")
_PHONE = re.compile(r"01632 960[0-9]{3}|07700 900[0-9]{3}")
_SMALL_AREA = re.compile(r"X[0-9]{8}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_BYDAY = {
    "WEEKLY": re.compile(r"MO|TU|WE|TH|FR|SA|SU"),
    "MONTHLY": re.compile(r"(-1|[1-5])(MO|TU|WE|TH|FR|SA|SU)"),
}
_LANGUAGE = re.compile(r"[a-z]{2,3}")
# A box on the Dogger Bank, all of it water, at least 90 km from any shore.
_AT_SEA = ((54.40, 54.60), (1.25, 1.55))

Complaint = tuple[str, str]  # what is wrong with it, and its id


def check_town(town: Town) -> None:
    """Raise `Faults` with everything that does not hold."""
    faults = FaultList()
    for what, which in chain.from_iterable(rule(town) for rule in RULES):
        faults.add(SourceFault(Phrase(N_("{which}: {what}."), which=which, what=what)))
    faults.raise_any()


def _ids_are_unique(town: Town) -> Iterator[Complaint]:
    groups: dict[str, Iterable[str]] = {
        "postcode": (place.postcode for place in town.places),
        "organisation": (item.id for item in town.organisations),
        "account": (item.email for item in town.staff),
        "provider": (item.id for item in town.providers),
        "venue": (item.id for item in town.venues),
        "listing": (item.id for item in town.listings),
        "listing name": (item.name for item in town.listings),
        "name group": (item.id for item in town.names),
    }
    for what, ids in groups.items():
        yield from (
            (f"the {what} stands there {count} times", key)
            for key, count in Counter(ids).items()
            if count > 1
        )


def _places_are_nowhere(town: Town) -> Iterator[Complaint]:
    (south, north), (west, east) = _AT_SEA
    for place in town.places:
        try:
            area = Postcode(place.postcode).area
        except FingerpostError:
            area = ""
        if area != town.postcode_area:
            yield f"the postcode is not one of area {town.postcode_area}", place.postcode
        if not (south <= place.latitude <= north and west <= place.longitude <= east):
            yield "the place is not at sea, where the town lies", place.postcode
        if not _SMALL_AREA.fullmatch(place.small_area):
            yield "the small area is not X and eight digits", place.postcode
        if place.deprivation_quintile not in range(1, 6):
            yield "the quintile is not 1 to 5", place.postcode
    yield from _areas_are_even(town)


def _areas_are_even(town: Town) -> Iterator[Complaint]:
    seen: dict[str, set[tuple[int, str]]] = {}
    for place in town.places:
        seen.setdefault(place.small_area, set()).add((place.deprivation_quintile, place.ward))
    yield from (
        ("the area has several quintiles or wards", area) for area, kinds in seen.items() if len(kinds) > 1
    )


def _addresses_reach_nobody(town: Town) -> Iterator[Complaint]:
    reachable: list[Organisation | StaffMember | Provider | Listing] = [
        *town.organisations,
        *town.staff,
        *town.providers,
        *town.listings,
    ]
    for item in reachable:
        if not _EMAIL.fullmatch(item.email):
            yield "the e-mail address is not at a domain kept for examples", item.id
        if not _PHONE.fullmatch(item.phone):
            yield "the telephone number is not one kept for drama", item.id
    known = {place.postcode: place.settlement for place in town.places}
    addressed: list[Organisation | Venue] = [*town.organisations, *town.venues]
    for where in addressed:
        if known.get(where.postcode) != where.settlement:
            yield "its postcode is not in the town, or not in its settlement", where.id


def _organisations_belong(town: Town) -> Iterator[Complaint]:
    known = {item.id: item for item in town.organisations}
    for item in town.organisations:
        if item.kind not in declared.ORGANISATION_KINDS:
            yield "is of no known kind", item.id
        if (item.kind == "system") == bool(item.parent) or (item.parent and item.parent not in known):
            yield "its parent is missing, unknown or not wanted", item.id
        if item.code and item.code.isalnum():
            yield "its code could be a real one: it needs a hyphen", item.id
        if item.kind == "scheme":
            yield from _scheme_is_whole(item, known)
    for account in town.staff:
        if account.organisation not in known:
            yield "works for no organisation here", account.id
        if account.role not in declared.ROLES:
            yield "has no known role", account.id


def _scheme_is_whole(scheme: Organisation, known: dict[str, Organisation]) -> Iterator[Complaint]:
    if not (scheme.practices and scheme.agreement and scheme.employer_kind and scheme.from_age is not None):
        yield "a scheme has practices, an agreement, an employer and an age to begin at", scheme.id
    if scheme.delivery not in ("bounded", "open"):
        yield "delivery is bounded or open", scheme.id
    for practice in scheme.practices:
        if practice not in known or known[practice].kind != "practice":
            yield f"serves {practice}, which is not a practice", scheme.id


def _listings_hold(town: Town) -> Iterator[Complaint]:
    providers = {item.id for item in town.providers}
    venues = {item.id for item in town.venues}
    for item in town.listings:
        if item.provider not in providers:
            yield "its provider is unknown", item.id
        if (item.place == "venue") != bool(item.venue) or (item.venue and item.venue not in venues):
            yield "its venue is missing, unknown or not wanted", item.id
        yield from ((what, item.id) for wrong, what in _LISTING_RULES if wrong(item))
    yield from (
        ("no listing is theirs", spare) for spare in providers - {item.provider for item in town.listings}
    )


def _schedule_is_wrong(item: Listing) -> bool:
    if not item.frequency:
        return not item.schedule_note or bool(item.byday or item.opens or item.closes)
    shape = _BYDAY.get(item.frequency)
    if shape is None or not item.byday or not all(shape.fullmatch(day) for day in item.byday):
        return True
    return not (_TIME.fullmatch(item.opens) and _TIME.fullmatch(item.closes) and item.opens < item.closes)


_LISTING_RULES: tuple[tuple[Callable[[Listing], bool], str], ...] = (
    (lambda item: item.place not in declared.PLACES_OF_MEETING, "its place of meeting is unknown"),
    (lambda item: item.capacity not in declared.CAPACITIES, "its capacity is unknown"),
    (lambda item: item.status not in declared.LISTING_STATUSES, "its status is unknown"),
    (lambda item: item.gender not in ("", "men", "women"), "its gender is unknown"),
    (
        lambda item: not item.needs or not set(item.needs) <= set(declared.NEEDS),
        "its needs are missing or unknown",
    ),
    (lambda item: len(item.search_words) < 3, "it has fewer than three search words"),
    (lambda item: not 2 <= item.description.count(".") <= 6, "its description is not a few sentences"),
    (
        lambda item: (item.capacity == "waiting") != bool(item.wait_weeks),
        "only a waiting list has weeks to wait",
    ),
    (lambda item: (item.cost_pence or 0) < 0, "its cost is below nothing"),
    (lambda item: (item.from_age or 0) > (item.to_age or 150), "its ages are the wrong way round"),
    (lambda item: not all(_LANGUAGE.fullmatch(code) for code in item.languages), "a language is not a code"),
    (_schedule_is_wrong, "its days and times do not make a schedule"),
)


def _people_can_be_made(town: Town) -> Iterator[Complaint]:
    for group in town.names:
        if (
            group.weight < 1
            or group.from_age > group.to_age
            or min(map(len, (group.women, group.men, group.family))) < 4
        ):
            yield "needs a weight, ages in order and four names of each kind", group.id
    for occasion in Phrases.__dataclass_fields__:
        sentences = getattr(town.phrases, occasion)
        yield from _sentences_serve(occasion, sentences)


def _sentences_serve(occasion: str, sentences: tuple[declared.Sentence, ...]) -> Iterator[Complaint]:
    if len({sentence.text for sentence in sentences}) != len(sentences) or not sentences:
        yield "has no sentences, or one twice", occasion
    by_need = occasion in declared.OCCASIONS_BY_NEED
    for need in {sentence.need for sentence in sentences} - ({*declared.NEEDS} if by_need else {""}):
        yield f"has sentences for {need or 'no need'}, which is not wanted there", occasion
    if by_need:
        # an adult of any age must find something to say about any need
        silent = [
            f"{need} at {age}"
            for need in declared.NEEDS
            for age in (18, 45, 66, 90)
            if age >= declared.NEED_FROM_AGE.get(need, 0)
            and not any(sentence.need == need and sentence.suits(age=age) for sentence in sentences)
        ]
        yield from ((f"has nothing for {case}", occasion) for case in silent)


RULES: tuple[Callable[[Town], Iterator[Complaint]], ...] = (
    _ids_are_unique,
    _places_are_nowhere,
    _addresses_reach_nobody,
    _organisations_belong,
    _listings_hold,
    _people_can_be_made,
)
