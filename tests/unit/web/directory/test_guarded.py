"""Words that keep an address back: found as whole words, in whatever letters, and in nothing else."""

from __future__ import annotations

import pytest

from fingerpost.web.directory import api as directory
from fingerpost.web.directory.guarded import guarded_words, keep_back, words_in
from fingerpost.web.directory.lay_words import plain_words
from fingerpost.web.directory.records import Fault, Reject


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Haven Refuge", ("refuge",)),
        ("HAVEN REFUGES for women", ("refuges",)),
        ("Anytown Women’s Aid", ("womens aid",)),
        ("a safe-house run by nuns", ("safe house",)),
        ("Women's Shelter", ("womens shelter",)),
        ("for families fleeing domestic abuse", ("fleeing domestic",)),
        ("Our location is confidential.", ("location is confidential",)),
        ("Cymorth i Fenywod", ("cymorth i fenywod",)),
        ("Wildlife refuge", ("refuge",)),  # one press makes it public
        ("Refuge Temple Church", ("refuge",)),
        ("A house that is safe", ()),
        ("Bus shelter, first aid for women", ()),
        ("Refugee support, refugees welcome", ()),
        ("the safest house", ()),
        ("", ()),
    ],
)
def test_words_are_found_whole(text: str, expected: tuple[str, ...]) -> None:
    assert words_in(text) == expected


def test_words_of_two_texts_do_not_join() -> None:
    assert words_in("This is safe", "house of cards") == ()


def test_each_phrase_can_be_found_and_has_its_reason() -> None:
    for one in guarded_words():
        assert one.why
        for phrase in one.phrases:
            assert " ".join(plain_words(phrase)) == phrase
            assert words_in(f"an {phrase} here")


def _records(**changes: object) -> directory.DirectoryRecords:
    values: dict[str, object] = {
        "listings": [directory.ListingRecord(key="s", name="Haven", provider_key="p")],
        "providers": [directory.ProviderRecord(key="p", name="Friends")],
        "locations": [
            directory.LocationRecord(
                key="l", name="5 Hidden Street", address="5 Hidden Street", town="Secretown"
            )
        ],
        "at_locations": [directory.ListingAtLocationRecord(key="x", listing_key="s", location_key="l")],
    }
    return directory.DirectoryRecords(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"listings": [directory.ListingRecord(key="s", name="Haven", description="A refuge for women")]},
        {"locations": [directory.LocationRecord(key="l", name="Safe house")]},
        {"locations": [directory.LocationRecord(key="l", name="Larkrise", description="The refuge")]},
        {"providers": [directory.ProviderRecord(key="p", name="Town Women's Aid")]},
        {
            "terms": [directory.TermRecord(key="t", name="Domestic violence shelters and refuges")],
            "attributes": [directory.AttributeRecord(key="a", term_key="t", listing_key="s")],
        },
        {
            "terms": [directory.TermRecord(key="t", name="Refuge")],
            "attributes": [directory.AttributeRecord(key="a", term_key="t", location_key="l")],
        },
        {
            "providers": [directory.ProviderRecord(key="p", name="Refuge")],
            "at_locations": [],
            "locations": [directory.LocationRecord(key="l", name="Office", provider_key="p")],
        },
    ],
)
def test_a_word_anywhere_beside_a_place_keeps_it_back(changes: dict[str, object]) -> None:
    records, kept = keep_back(_records(**changes), {}, by_words=True)
    assert list(kept) == ["l"] and kept["l"].reasons
    assert records.locations[0].is_confidential
    assert not records.locations[0].description and "Hidden" not in records.locations[0].name


def test_what_a_steward_said_counts_more_than_words() -> None:
    refuge = _records(providers=[directory.ProviderRecord(key="p", name="Refuge")])
    assert keep_back(refuge, {"l": True}, by_words=True) == (refuge, {})
    records, kept = keep_back(_records(), {"l": False}, by_words=False)
    assert records.locations[0].is_confidential and kept["l"].reasons == ()
    assert keep_back(refuge, {}, by_words=False) == (refuge, {})


def test_faults_and_rejects_do_not_repeat_the_address() -> None:
    refuge = _records(providers=[directory.ProviderRecord(key="p", name="Refuge")])
    kind = directory.FaultKind.COORDINATES_MALFORMED
    refuge.faults += [
        Fault(kind=kind, file="locations.csv", column="latitude", value="54.1234x", about=(what, "l"))
        for what in ("location", "listing")
    ]
    refuge.rejects += [
        Reject(
            file="a.csv",
            line=2,
            column="",
            value="6 Hidden Street",
            reason="twice",
            key="b",
            row={"location_id": "l"},
        ),
        Reject(
            file="a.csv", line=3, column="", value="7 Open Street", reason="twice", row={"location_id": "m"}
        ),
    ]
    records, _kept = keep_back(refuge, {}, by_words=True)
    assert [fault.value for fault in records.faults] == ["", "54.1234x"]
    assert [(one.value, dict(one.row)) for one in records.rejects] == [
        ("", {}),
        ("7 Open Street", {"location_id": "m"}),
    ]
