"""Spreadsheets by an agreed mapping: every row is a record or a reject, and nothing is guessed."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from fingerpost.kernel.errors import Faults, SourceFault
from fingerpost.web.directory.enums import FaultKind, ListingStatus
from fingerpost.web.directory.records import DirectoryRecords
from fingerpost.web.directory.sheet_targets import TARGETS, guessed
from fingerpost.web.directory.sheets import read_sheet, read_tables

COLUMNS = {
    "title": "listing.name",
    "charity": "provider.name",
    "number": "provider.identifier",
    "about": "listing.description",
    "street": "location.address",
    "street 2": "location.address",
    "post code": "location.postcode",
    "tel": "phone.number",
    "removed": "listing.ended_on",
    "kinds": "term.codes",
    "price": "listing.cost_pence",
}


def read(text: str, columns: dict[str, str] | None = None) -> DirectoryRecords:
    chosen = COLUMNS if columns is None else columns
    heading = text.split("\n", 1)[0].split(",")
    used = {column: target for column, target in chosen.items() if column in heading}
    return read_sheet({"list.csv": text.encode()}, {"columns": {"list.csv": used}})


def test_one_row_becomes_a_listing_its_charity_its_place_its_number_and_its_terms() -> None:
    found = read(
        "title,charity,number,street,street 2,post code,tel,kinds,price\n"
        'Knit and natter,Warm Hands,1129832,The Hall,1 High Street,TS1 1AA,01632 960001,"craft; company",£2.50\n'
    )
    (listing,), (provider,), (place,) = found.listings, found.providers, found.locations
    assert (listing.name, listing.provider_key, listing.cost_pence) == ("Knit and natter", provider.key, 250)
    assert (place.address, place.postcode) == ("The Hall\n1 High Street", "TS1 1AA")
    assert [(link.listing_key, link.location_key) for link in found.at_locations] == [
        (listing.key, place.key)
    ]
    assert [(one.scheme, one.value) for one in found.identifiers] == [("GB-CHC", "1129832")]
    assert [(one.number, one.listing_key) for one in found.phones] == [("01632 960001", listing.key)]
    assert [term.name for term in found.terms] == ["craft", "company"]
    assert len(found.attributes) == 2


def test_what_has_ended_lands_as_ended_and_is_named() -> None:
    found = read("title,removed\nOld club,2012-03-01\nNew club,\n")
    assert [one.status for one in found.listings] == [ListingStatus.DEFUNCT, ListingStatus.NOT_STATED]
    assert [(f.kind, f.line) for f in found.faults if f.kind is FaultKind.ENDED] == [(FaultKind.ENDED, 2)]


def test_two_listings_of_one_charity_share_it_and_keys_are_the_same_next_time() -> None:
    text = "title,charity\nMen's shed,Warm Hands\nWalks,WARM  hands\n"
    first, second = read(text), read(text)
    assert len(first.providers) == 1
    assert {one.provider_key for one in first.listings} == {first.providers[0].key}
    assert [one.key for one in first.listings] == [one.key for one in second.listings]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",Warm Hands", "no name"),
        ("x" * 301 + ",", "longer than 300"),
        ("Walks,Warm Hands,surplus", "more cells"),
        ("Twice,Warm Hands", "line 2 says the same"),
    ],
)
def test_a_row_that_cannot_land_is_a_reject_with_its_reason(row: str, reason: str) -> None:
    found = read(f"title,charity\nTwice,Warm Hands\n{row}\n")
    assert len(found.rejects) == 1
    assert reason in found.rejects[0].reason
    assert found.rows_read["list.csv"] == len(found.listings) + len(found.rejects)


def test_a_cell_that_does_not_fit_is_named_and_the_row_lands_without_it() -> None:
    found = read("title,removed,tel,price\nWalks,never,call us,about a fiver\n")
    (listing,) = found.listings
    assert listing.cost_pence is None
    assert not found.phones
    named = {(f.kind, f.column) for f in found.faults}
    assert {
        (FaultKind.VALUE_MALFORMED, "removed"),
        (FaultKind.PHONE_NUMBER_MALFORMED, "tel"),
        (FaultKind.VALUE_MALFORMED, "price"),
    } <= named


def test_a_mapping_that_does_not_fit_says_everything_at_once() -> None:
    columns = {"list.csv": {"titel": "listing.name", "about": "listing.moon", "tel": "listing.description"}}
    columns["list.csv"]["more"] = "listing.description"
    with pytest.raises(Faults) as refused:
        read_sheet({"list.csv": b"title,about,tel,more\na,b,c,d\n"}, {"columns": columns})
    said = refused.value.in_words()
    for words in ("titel", "listing.moon", "all said to be"):
        assert words in said


def test_a_sheet_without_any_name_is_refused() -> None:
    with pytest.raises(Faults, match="columns do not fit"):
        read_sheet({"a.csv": b"x,y\n1,2\n"}, {"columns": {"a.csv": {"x": "listing.description"}}})


def test_files_that_point_to_one_another_are_joined_by_their_ids() -> None:
    files = {
        "services.csv": b"id,title,org,place\n9,Advice,1,5\n10,Court,1,77\n",
        "orgs.csv": b"id,title\n1,Law Centre\n",
        "places.csv": b"id,title,org\n5,Library,1\n",
    }
    columns = {
        "services.csv": {
            "id": "listing.key",
            "title": "listing.name",
            "org": "provider.key",
            "place": "location.key",
        },
        "orgs.csv": {"id": "provider.key", "title": "provider.name"},
        "places.csv": {"id": "location.key", "title": "location.name", "org": "provider.key"},
    }
    found = read_sheet(files, {"columns": columns})
    assert [one.provider_key for one in found.listings] == ["1", "1"]
    assert [one.provider_key for one in found.locations] == ["1"]
    assert [(one.listing_key, one.location_key) for one in found.at_locations] == [("9", "5")]
    assert [f.line for f in found.faults if f.kind is FaultKind.PLACE_ABSENT] == [3]


def test_a_workbook_is_read_sheet_by_sheet_and_a_formula_is_refused() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["title", "tel"])
    sheet.append(["Walks", "01632 960001"])
    out = io.BytesIO()
    book.save(out)
    (table,) = read_tables({"list.xlsx": out.getvalue()})
    assert table.columns == ("title", "tel")
    assert table.rows[0].get("tel") == "01632 960001"
    sheet.append(["Bowls", '=HYPERLINK("https://evil.example")'])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Faults) as refused:
        read_tables({"list.xlsx": out.getvalue()})
    assert isinstance(refused.value.faults[0], SourceFault)
    assert "formula" in refused.value.in_words()


def test_headings_are_guessed_and_no_field_is_guessed_twice() -> None:
    guess = guessed(
        ["Title", "charity_number", "activities", "postcode", "Address line 1", "name", "flavour"]
    )
    assert guess == {
        "Title": "listing.name",
        "charity_number": "provider.identifier",
        "activities": "listing.description",
        "postcode": "location.postcode",
        "Address line 1": "location.address",
    }
    assert set(guess.values()) <= set(TARGETS)


@pytest.mark.parametrize(
    ("text", "pence"), [("£3", 300), ("3.50", 350), ("50p", 50), ("free", 0), ("£0.00", 0), ("NIL", 0)]
)
def test_prices_as_people_write_them(text: str, pence: int) -> None:
    assert read(f"title,price\nWalks,{text}\n").listings[0].cost_pence == pence


@pytest.mark.parametrize("text", ["2.5", "£1.20p", "five", "-1", "1e3", "£999999"])
def test_prices_that_could_mean_two_things_are_not_read(text: str) -> None:
    assert read(f"title,price\nWalks,{text}\n").listings[0].cost_pence is None
