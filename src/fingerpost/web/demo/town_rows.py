"""What the invented town is made of: a frozen dataclass for each kind of row, and the words a row may use."""

from __future__ import annotations

from dataclasses import dataclass

from fingerpost.codes import needs

PLACES_OF_MEETING = ("venue", "home", "phone", "online", "confidential")
CAPACITIES = ("taking", "waiting", "full", "unknown")
LISTING_STATUSES = ("active", "temporarily closed", "closed")
ORGANISATION_KINDS = ("system", "network", "practice", "scheme", "employer")
OCCASIONS_BY_NEED = ("referral_reasons", "what_matters", "goals")
ROLES = (
    "administrator",
    "clinician",
    "receptionist",
    "team_lead",
    "link_worker",
    "manager",
    "governance_lead",
)
NEEDS = tuple(need.id for need in needs.NEEDS)


# Needs that belong to an age, in years; every other need can be anyone's.
NEED_FROM_AGE = {"memory": 60}


@dataclass(frozen=True, slots=True)
class Place:
    """One postcode. Coordinates in degrees (WGS 84); quintile 1 is the most deprived fifth, 5 the least."""

    postcode: str
    street: str
    settlement: str
    ward: str
    latitude: float
    longitude: float
    small_area: str
    deprivation_quintile: int


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation with accounts. ``parent`` is what it belongs to; for a scheme, its employer.

    The last five are for schemes: what the employer is, the practices it serves, its agreement in a sentence,
    whether its delivery is "bounded" or "open", and the age from which it takes people.
    """

    id: str
    name: str
    kind: str
    address: str
    settlement: str
    postcode: str
    email: str
    phone: str
    parent: str = ""
    code: str = ""
    employer_kind: str = ""
    practices: tuple[str, ...] = ()
    agreement: str = ""
    delivery: str = ""
    from_age: int | None = None


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One account. ``story`` is true for the accounts that the demo prints."""

    id: str
    name: str
    title: str
    role: str
    organisation: str
    email: str
    phone: str
    story: bool


@dataclass(frozen=True, slots=True)
class Provider:
    """The organisation behind listings; it has no account."""

    id: str
    name: str
    kind: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Venue:
    """Where listings meet, and what a visitor finds there."""

    id: str
    name: str
    address: str
    settlement: str
    postcode: str
    access: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """One thing to be connected with.

    ``place`` says how people meet; ``venue`` is empty unless it is "venue". ``byday`` and ``frequency``
    follow RFC 5545, ``opens`` and ``closes`` are "HH:MM". ``cost_pence`` is None when it depends.
    ``gender`` is "men", "women" or empty for anyone. Ages are in years, inclusive; None is no limit.
    """

    id: str
    name: str
    provider: str
    description: str
    needs: tuple[str, ...]
    search_words: tuple[str, ...]
    place: str
    cost: str
    languages: tuple[str, ...]
    capacity: str
    how_to_join: str
    email: str
    phone: str
    venue: str = ""
    frequency: str = ""
    byday: tuple[str, ...] = ()
    opens: str = ""
    closes: str = ""
    schedule_note: str = ""
    cost_pence: int | None = None
    from_age: int | None = None
    to_age: int | None = None
    gender: str = ""
    for_whom: tuple[str, ...] = ()
    wait_weeks: int | None = None
    email_confirmed: bool = True
    status: str = "active"


@dataclass(frozen=True, slots=True)
class Sentence:
    """Whole words for an invented person; ``need`` is empty where any need will do. Ages as in Listing."""

    text: str
    need: str = ""
    from_age: int | None = None
    to_age: int | None = None

    def suits(self, *, age: int) -> bool:
        """Whether the sentence makes sense from, or about, a person of this age in years."""
        return (self.from_age or 0) <= age <= (self.to_age if self.to_age is not None else age)


@dataclass(frozen=True, slots=True)
class Pronouns:
    """Pronouns as a person gives them, and how common they are beside the others."""

    words: str
    weight: int


@dataclass(frozen=True, slots=True)
class NameGroup:
    """Given and family names that go together; ``weight`` is how common the group is beside the others."""

    id: str
    weight: int
    from_age: int
    to_age: int
    languages: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    family: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """What people write and say, by occasion. The first three carry a need each."""

    referral_reasons: tuple[Sentence, ...]
    what_matters: tuple[Sentence, ...]
    goals: tuple[Sentence, ...]
    contact_attempts: tuple[Sentence, ...]
    contacts_made: tuple[Sentence, ...]
    closing_stories: tuple[Sentence, ...]
    person_declines: tuple[Sentence, ...]
    scheme_declines: tuple[Sentence, ...]
    provider_declines: tuple[Sentence, ...]
    provider_notes: tuple[Sentence, ...]
    safe_contact: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Town:
    """The whole town. Everything is in the order of its file, so that a seeded choice is repeatable."""

    name: str
    council: str
    postcode_area: str
    places: tuple[Place, ...]
    organisations: tuple[Organisation, ...]
    staff: tuple[StaffMember, ...]
    providers: tuple[Provider, ...]
    venues: tuple[Venue, ...]
    listings: tuple[Listing, ...]
    names: tuple[NameGroup, ...]
    pronouns: tuple[Pronouns, ...]
    phrases: Phrases

    def of_kind(self, kind: str) -> tuple[Organisation, ...]:
        """The organisations of one kind: system, network, practice, scheme or employer."""
        return tuple(organisation for organisation in self.organisations if organisation.kind == kind)

    def place_at(self, postcode: str) -> Place:
        """The place with this postcode; KeyError when the town has none."""
        for place in self.places:
            if place.postcode == postcode:
                return place
        raise KeyError(postcode)
