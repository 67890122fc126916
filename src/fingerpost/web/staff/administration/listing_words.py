"""What is known of a listing, in plain words. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from fingerpost.web.directory.api import (
    EmailState,
    ForGender,
    Listing,
    ListingDetails,
    ListingPhone,
    ListingStatus,
    Location,
    LocationKind,
    SourceKind,
    Way,
)
from fingerpost.web.pages.words import capitalize_first, day, joined, moment
from fingerpost.web.staff.practice.wording import needs_in_words

# Words of the tag, tone, and the sentence beside it.
Status = tuple[str, str, str]


@dataclass(frozen=True)
class PlaceShown:
    """A place of a listing. A confidential one has its name and this sentence, and nothing else."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class PhoneShown:
    """A number as written, as it is dialled, and what is said about it."""

    number: str
    dialled: str
    note: str


def status_in_words(one: Listing) -> Status:
    """Whether it runs, as far as anybody has said."""
    if one.gone_at:
        sentence = _("Its source no longer names it, as of %(day)s. It is not found by a search any more.")
        return _("Gone"), "stopped", sentence % {"day": day(one.gone_at)}
    return {
        ListingStatus.ACTIVE: (_("Running"), "good", _("It is running.")),
        ListingStatus.TEMPORARILY_CLOSED: (_("Closed for now"), "waiting", _("It is closed for a while.")),
        ListingStatus.INACTIVE: (
            _("Not running"),
            "stopped",
            _("It is not running, and is not found by a search."),
        ),
        ListingStatus.DEFUNCT: (
            _("Ended"),
            "stopped",
            _("It has ended for good, and is not found by a search."),
        ),
        ListingStatus.NOT_STATED: (
            _("Not stated"),
            "quiet",
            _("The source does not say whether it is running. Ask before you rely on it."),
        ),
    }[ListingStatus(one.status)]


def about(one: Listing, when: Sequence[str]) -> list[tuple[str, str]]:
    """Questions and answers, of what is known only."""
    rows = [
        (_("Helps with"), joined(list(needs_in_words(one.needs))) if one.needs else ""),
        (_("Who it is for"), " ".join(part for part in (_for_whom(one), one.eligibility) if part)),
        (_("When"), "; ".join(when)),
        (_("How people take part"), joined([str(Way(way).label) for way in one.ways]) if one.ways else ""),
        (_("How to join"), one.how_to_join),
        (_("The first visit"), one.what_to_expect),
        (_("What to bring"), one.required_documents),
        (_("Cost"), one.cost or (_("Free") if one.cost_pence == 0 else "")),
        (_("Waiting time, says the source"), one.wait_time),
        (_("Getting in and around"), one.access),
        (_("Languages"), joined([_language(code) for code in one.languages])),
        (_("Interpreting"), one.interpretation),
        (_("Accreditation"), "; ".join(part for part in (one.accreditations, one.licences) if part)),
        (_("Also known as"), one.alternate_name),
    ]
    return [(question, capitalize_first(answer)) for question, answer in rows if answer]


def place_in_words(place: Location) -> PlaceShown:
    """Where, in lines; of a confidential place only that its address is kept so."""
    if place.is_confidential:
        return PlaceShown(place.name, (_("The address is kept confidential. Ask them how to get there."),))
    if place.kind == LocationKind.VIRTUAL:
        return PlaceShown(place.name, (_("Online."),))
    lines = [*place.address.splitlines(), place.town, place.region, place.postcode]
    known = [line for line in lines if line]
    if not known:
        known = [_("No address known.")]
    if place.latitude is None:
        known.append(_("Its position is not known, so no distance to it can be told."))
    elif place.placed_by == "postcode":
        known.append(_("Distances to it are measured from its postcode."))
    return PlaceShown(place.name, (*known, *[text for text in (place.access, place.transportation) if text]))


def phone_in_words(phone: ListingPhone) -> PhoneShown:
    parts = [phone.kind, phone.description, phone.languages]
    if phone.extension:
        parts.insert(0, _("extension %(number)s") % {"number": phone.extension})
    dialled = "".join(sign for sign in phone.number if sign.isdigit() or sign == "+")
    return PhoneShown(phone.number, dialled, ", ".join(part for part in parts if part))


def contacts_in_words(contacts: Iterable[object]) -> list[str]:
    """Names that the provider publishes, each with what they are."""
    said = [
        ", ".join(part for part in (c.name, c.title, c.department) if part)  # type: ignore[attr-defined]
        for c in contacts
    ]
    return [words for words in said if words]


def email_in_words(state: EmailState | None) -> Status:
    """How far the address may be relied on, and what follows from it."""
    if state is None:
        return _("None known"), "quiet", _("No e-mail address is known. Ring them, or ask for one.")
    return {
        EmailState.UNCHECKED: (
            _("Not checked"),
            "waiting",
            _("It came from the source. Nobody has checked it, so nothing is sent to it."),
        ),
        EmailState.CHECKED: (
            _("Checked"),
            "going",
            _(
                "A colleague says it is right. The first message asks whether they take people, and says nothing"
                " about anybody."
            ),
        ),
        EmailState.CONFIRMED: (_("Confirmed"), "good", _("Whoever it belongs to has answered from it.")),
        EmailState.REFUSED: (
            _("Do not write"),
            "stopped",
            _("They asked not to be written to. Ring them instead."),
        ),
    }[state]


def origin(found: ListingDetails, last: object | None, who: str) -> list[tuple[str, str]]:
    """The source, when it was last read, and what it says of itself."""
    typed = found.source.kind == SourceKind.TYPED
    one = found.listing
    rows = [(_("Source"), capitalize_first(found.source.label))]
    if last is not None:
        when = moment(last.imported_at)  # type: ignore[attr-defined]
        rows.append(
            (_("Entered") if typed else _("Last read"), _("%(when)s by %(who)s") % {"when": when, "who": who})
        )
    if one.source_modified_at:
        rows.append((_("Last changed there"), day(one.source_modified_at)))
    if one.assured_on:
        words = _("%(day)s by %(who)s") if one.assured_by else "%(day)s"
        rows.append((_("Checked by the source"), words % {"day": day(one.assured_on), "who": one.assured_by}))
    return rows


def faults_in_words(faults: Iterable[object]) -> list[str]:
    """What the source left out or got wrong about this listing, each once, with what it wrote."""
    said: Counter[str] = Counter()
    for fault in faults:
        words = str(fault.get_kind_display())  # type: ignore[attr-defined]
        value = fault.value  # type: ignore[attr-defined]
        said[_("%(fault)s: “%(value)s”") % {"fault": words, "value": value[:120]} if value else words] += 1
    return [
        words if times == 1 else _("%(words)s (%(times)s times)") % {"words": words, "times": times}
        for words, times in said.items()
    ]


def nowhere_in_words(one: Listing) -> str:
    """Why a listing has no place, as far as is known."""
    if one.ways and Way.IN_PERSON not in one.ways:
        return _("Nobody has to travel: %(ways)s.") % {"ways": joined([str(Way(w).label) for w in one.ways])}
    return _("No location known.")


def _language(code: str) -> str:
    """The name of a language; a source may also have written it out."""
    try:
        return str(get_language_info(code.lower())["name_translated"])
    except KeyError:
        return code


def _for_whom(one: Listing) -> str:
    ages = _ages(one.minimum_age, one.maximum_age)
    if one.for_gender == ForGender.ANYONE:
        return f"{ages}." if ages else ""
    who = capitalize_first(str(ForGender(one.for_gender).label))
    return _("%(who)s, %(ages)s.") % {"who": who, "ages": ages} if ages else f"{who}."


def _ages(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return _("aged %(low)s to %(high)s") % {"low": low, "high": high}
    if low is not None:
        return _("aged %(low)s and over") % {"low": low}
    return _("aged up to %(high)s") % {"high": high} if high is not None else ""
