"""Why a listing is shown, and what might not fit the person it is looked up for. Every sentence of search is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fingerpost.codes.needs import need
from fingerpost.web.directory.capacity import CapacityNow
from fingerpost.web.directory.enums import (
    Accompaniment,
    CapacityState,
    Day,
    ForGender,
    ListingStatus,
    PartOfDay,
)
from fingerpost.web.directory.languages import language_code, language_name, written_as
from fingerpost.web.directory.models import Listing, ServiceArea
from fingerpost.web.directory.search_types import SearchCriteria
from fingerpost.web.directory.selectors.matching import Wanted
from fingerpost.web.directory.shapes import contains


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of one listing beside its row."""

    offers: frozenset[str]
    capacity: CapacityNow
    areas: Sequence[ServiceArea]


def why(
    listing: Listing, known: Known, has: Sequence[bool], criteria: SearchCriteria, wanted: Wanted
) -> list[str]:
    """What was asked for and found, in the order in which it was asked."""
    reasons = []
    for compiled, is_there in zip(wanted.terms, has, strict=True):
        shared = [n for n in compiled.term.needs if n in listing.needs]
        if is_there and shared:
            reasons.append(_helps_with(shared[0]))
        elif is_there:
            reasons.append(_("It mentions “%(words)s”.") % {"words": compiled.term.label})
    reasons += [_helps_with(n) for n in criteria.needs if n in listing.needs]
    reasons += _why_by_filter(listing, known, criteria)
    return list(dict.fromkeys(reasons))


def _why_by_filter(listing: Listing, known: Known, criteria: SearchCriteria) -> list[str]:
    found = []
    if criteria.free_only or (criteria.max_cost_pence is not None and listing.cost_pence == 0):
        found.append(_("It is free."))
    elif criteria.max_cost_pence is not None and listing.cost_pence is not None:
        found.append(_("It costs £%(pounds)s.") % {"pounds": f"{listing.cost_pence / 100:.2f}"})
    found += _when(known, criteria)
    if criteria.speaks:
        found.append(_("%(language)s is spoken there.") % {"language": language_name(criteria.speaks)})
    elif speaks_theirs(known, criteria.rather_speaks):
        found.append(_("%(language)s is spoken there.") % {"language": language_name(criteria.rather_speaks)})
    if criteria.only_for:
        found.append(_for_whom(criteria.only_for))
    if (criteria.step_free_only or criteria.needs_step_free) and "stepfree/yes" in known.offers:
        found.append(_("It says that it is step-free or can be reached in a wheelchair."))
    if criteria.for_carers_only:
        found.append(_("It is for people who look after somebody, or speaks of them."))
    if criteria.accompaniment_only:
        found.append(_("Somebody may come along the first time."))
    if criteria.taking_people_only:
        found.append(_("It has said that it takes people now."))
    if criteria.trusted_only:
        found.append(_("Somebody has checked it in the last year."))
    return found


def _when(known: Known, criteria: SearchCriteria) -> list[str]:
    part = criteria.part_of_day
    days = [
        d for d in Day if d in criteria.days and (f"at/{d}/{part}" if part else f"day/{d}") in known.offers
    ]
    if days and part:
        return [_("It is on %(day)s %(part)s.") % {"day": days[0].label, "part": PartOfDay(part).label}]
    if days:
        return [_("It is on %(day)s.") % {"day": days[0].label}]
    return [_("It is on %(part)s.") % {"part": PartOfDay(part).label}] if part and not criteria.days else []


def might_not_fit(listing: Listing, known: Known, criteria: SearchCriteria) -> list[str]:
    """What somebody should know before they choose it. Nothing is hidden for it."""
    said = [
        _age_doubt(listing, criteria.age),
        _gender_doubt(listing, criteria.gender),
        _area_doubt(known, criteria),
        _language_doubt(known, criteria.rather_speaks),
        _access_doubt(known, needed=criteria.needs_step_free),
    ]
    if listing.accompaniment == Accompaniment.ALONE:
        said.append(_("People come on their own: nobody can come along."))
    if listing.status == ListingStatus.TEMPORARILY_CLOSED:
        said.append(_("It is closed for a while."))
    if known.capacity.state in (CapacityState.FULL, CapacityState.WAITING_LIST):
        said.append(f"{known.capacity.words}.")
    return [words for words in said if words]


def speaks_theirs(known: Known, language: str) -> bool:
    """Whether a language other than English that somebody would rather speak is spoken there."""
    return not _is_english(language) and _is_spoken(language, known)


def _is_spoken(language: str, known: Known) -> bool:
    return any(f"speaks/{word}" in known.offers for word in written_as(language))


def _helps_with(need_id: str) -> str:
    return _("It helps with: %(need)s.") % {"need": _(need(need_id).label)}


def _for_whom(gender: ForGender) -> str:
    return _("For %(whom)s only.") % {"whom": ForGender(gender).label}


def _age_doubt(listing: Listing, age: int | None) -> str:
    if age is None:
        return ""
    if listing.minimum_age is not None and age < listing.minimum_age:
        return _("For people aged %(from)s and over; this person is %(age)s.") % {
            "from": listing.minimum_age,
            "age": age,
        }
    if listing.maximum_age is not None and age > listing.maximum_age:
        return _("For people aged up to %(to)s; this person is %(age)s.") % {
            "to": listing.maximum_age,
            "age": age,
        }
    return ""


def _gender_doubt(listing: Listing, gender: ForGender) -> str:
    return (
        "" if not gender or listing.for_gender in ("", gender) else _for_whom(ForGender(listing.for_gender))
    )


def _area_doubt(known: Known, criteria: SearchCriteria) -> str:
    """That it serves other places, when it says which in a way that can be looked up."""
    if criteria.near is None or not known.areas:
        return ""
    codes = {code.upper() for code in criteria.lives_in}
    for area in known.areas:
        is_told = bool(area.extent) or any(_is_outward(code) for code in area.codes)
        if (
            not is_told
            or codes & set(area.codes)
            or (
                area.extent
                and contains(area.extent, latitude=criteria.near.latitude, longitude=criteria.near.longitude)
            )
        ):
            return ""
    names = ", ".join(dict.fromkeys(area.name or ", ".join(area.codes) for area in known.areas))
    return _("It serves people of %(areas)s; this place may be outside.") % {"areas": names}


def _is_outward(code: str) -> bool:
    return (
        2 <= len(code) <= 4 and code[:1].isalpha() and code[-3:].isalnum() and any(c.isdigit() for c in code)
    )


def _is_english(language: str) -> bool:
    return not language or language_code(language) == "en"


def _language_doubt(known: Known, language: str) -> str:
    if _is_english(language) or _is_spoken(language, known):
        return ""
    return _("It does not say that %(language)s is spoken there.") % {"language": language_name(language)}


def _access_doubt(known: Known, *, needed: bool) -> str:
    if not needed or "stepfree/yes" in known.offers:
        return ""
    if "stepfree/no" in known.offers:
        return _("It is not step-free, or not all of it.")
    return _("It does not say whether it is step-free.")
