"""Places that may be a secret, told by the words beside them (`data/guarded_words.toml`): kept back on landing. Pure.

No version of the standards can say that an address is confidential. So a place lands as confidential when a
listing at it, its own name or description, a term said of either or its organisation's name holds one of the words,
and stays so until a steward says that its address is public. A steward's word that it is a secret stands too.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from django.utils.translation import gettext as _

from fingerpost.web.directory.lay_words import plain_words
from fingerpost.web.directory.records import DirectoryRecords, Fault, LocationRecord, Reject


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a place is kept back: the word, and in what kind of thing of which name. Never where it is."""

    word: str
    kind: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class KeptBack:
    """A place as its source has it, and why it is kept back. Without reasons: because a steward has said so."""

    place: LocationRecord
    shown_as: str
    reasons: tuple[Reason, ...]


def words_in(*texts: str) -> tuple[str, ...]:
    """The guarded words that these texts hold, each once."""
    said = " | ".join(" ".join(plain_words(text)) for text in texts if text)
    return tuple(dict.fromkeys(_pattern().findall(said)))


def keep_back(
    records: DirectoryRecords, decided: Mapping[str, bool], *, by_words: bool
) -> tuple[DirectoryRecords, dict[str, KeptBack]]:
    """The records with guarded places made confidential, and those places by key.

    `decided` holds what stewards said, by key: true for a public address. `by_words` is false for sources that
    can say themselves that a place is confidential.
    """
    reasons = _reasons(records) if by_words else {}
    names = _listings_at(records)
    kept: dict[str, KeptBack] = {}
    places = []
    for place in records.locations:
        why = tuple(dict.fromkeys(reasons.get(place.key, ())))
        is_guarded = decided.get(place.key, True) is False or (bool(why) and place.key not in decided)
        if place.is_confidential or not is_guarded:
            places.append(place)
            continue
        shown_as = next(iter(names.get(place.key, ())), "") or _("A place whose address is kept back")
        kept[place.key] = KeptBack(place=place, shown_as=shown_as[:300], reasons=why)
        places.append(hidden(place, shown_as[:300]))
    if not kept:
        return records, kept
    return (
        replace(
            records,
            locations=places,
            faults=[_without_value(fault, kept) for fault in records.faults],
            rejects=[_without_row(reject, kept) for reject in records.rejects],
        ),
        kept,
    )


def hidden(place: LocationRecord, shown_as: str) -> LocationRecord:
    """The place as confidential. Its name and description may be its address in words, so they go too."""
    return replace(place, is_confidential=True, name=shown_as, alternate_name="", description="")


def _reasons(records: DirectoryRecords) -> dict[str, list[Reason]]:
    """By key of a place, every word that speaks for keeping it back."""
    terms = {term.key: term.name for term in records.terms}
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    for attribute in records.attributes:
        for kind in ("listing", "location"):
            if key := getattr(attribute, f"{kind}_key"):
                said[kind, key].append(terms.get(attribute.term_key, ""))
    providers = {
        one.key: [
            Reason(word=word, kind="provider", name=one.name)
            for word in words_in(one.name, one.alternate_name)
        ]
        for one in records.providers
    }
    listings = {
        one.key: [
            *(
                Reason(word=word, kind="listing", name=one.name)
                for word in words_in(
                    one.name, one.alternate_name, one.description, one.eligibility, *said["listing", one.key]
                )
            ),
            *providers.get(one.provider_key, ()),
        ]
        for one in records.listings
    }
    found: dict[str, list[Reason]] = defaultdict(list)
    for place in records.locations:
        own = words_in(place.name, place.alternate_name, place.description, *said["location", place.key])
        found[place.key] += [Reason(word=word, kind="location") for word in own]
        found[place.key] += providers.get(place.provider_key, ())
    for link in records.at_locations:
        found[link.location_key] += listings.get(link.listing_key, ())
    return found


def _listings_at(records: DirectoryRecords) -> dict[str, list[str]]:
    """Names to show in place of the place's own: of its listings, else of its organisation."""
    listings = {one.key: one.name for one in records.listings}
    providers = {one.key: one.name for one in records.providers}
    found: dict[str, list[str]] = defaultdict(list)
    for link in records.at_locations:
        found[link.location_key] += [listings[link.listing_key]] if link.listing_key in listings else []
    for place in records.locations:
        found[place.key] += [providers[place.provider_key]] if place.provider_key in providers else []
    return found


def _without_value(fault: Fault, kept: Mapping[str, KeptBack]) -> Fault:
    """Faults are read by everybody: of a place that is kept back they do not repeat what it says."""
    kind, key = fault.about or ("", "")
    return replace(fault, value="") if kind == "location" and key in kept else fault


def _without_row(reject: Reject, kept: Mapping[str, KeptBack]) -> Reject:
    places = {reject.row.get("location_id", ""), reject.key}
    return replace(reject, value="", row={}) if places & set(kept) else reject


@dataclass(frozen=True)
class _Guarded:
    phrases: tuple[str, ...]
    why: str


@cache
def guarded_words() -> tuple[_Guarded, ...]:
    text = (
        files("fingerpost.web.directory").joinpath("data", "guarded_words.toml").read_text(encoding="utf-8")
    )
    return tuple(_Guarded(tuple(one["phrases"]), one["why"]) for one in tomllib.loads(text)["word"])


@cache
def _pattern() -> re.Pattern[str]:
    phrases: Iterable[str] = (phrase for one in guarded_words() for phrase in one.phrases)
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")
