from __future__ import annotations

import re
import shutil
from collections import Counter
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from fingerpost.kernel.errors import Faults
from fingerpost.web.demo.town import NEEDS, OCCASIONS_BY_NEED, Sentence, Town, load_town, read_town
from fingerpost.web.demo.town_files import Folder


@pytest.fixture(scope="module")
def town() -> Town:
    return load_town()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The town's files, to be spoiled."""
    with as_file(files("fingerpost.web.demo") / "data") as data:
        shutil.copytree(data, tmp_path / "data")
    return tmp_path / "data"


def spoil(folder: Path, name: str, before: str, after: str) -> str:
    """Every complaint about the town once one thing in one file is changed."""
    text = (folder / name).read_text(encoding="utf-8")
    assert before in text
    (folder / name).write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(Faults) as found:
        read_town(Folder(folder))
    return str(found.value)


def test_town_has_what_the_story_needs(town: Town) -> None:
    kinds = Counter(organisation.kind for organisation in town.organisations)
    assert (kinds["practice"], kinds["scheme"], kinds["network"], kinds["system"]) == (6, 3, 1, 1)
    assert len(town.places) >= 120
    assert len(town.listings) == 80
    assert len({scheme.employer_kind for scheme in town.of_kind("scheme")}) == 3
    story = {member.role for member in town.staff if member.story}
    told = {"administrator", "clinician", "receptionist", "team_lead", "link_worker", "manager"}
    assert story == told | {"governance_lead"}


def test_town_every_need_has_listings_that_take_people(town: Town) -> None:
    open_now = [
        listing for listing in town.listings if listing.status == "active" and listing.capacity == "taking"
    ]
    for need in NEEDS:
        assert any(need in listing.needs for listing in open_now), need


def test_town_listings_are_varied(town: Town) -> None:
    listings = town.listings
    assert {listing.capacity for listing in listings} == {"taking", "waiting", "full", "unknown"}
    assert {listing.status for listing in listings} == {"active", "temporarily closed", "closed"}
    assert {listing.place for listing in listings} == {"venue", "home", "phone", "online", "confidential"}
    assert any(not listing.email_confirmed for listing in listings)
    assert len({listing.provider for listing in listings}) >= 50
    assert len({code for listing in listings for code in listing.languages}) >= 8


def test_town_confidential_listing_gives_no_place_away(town: Town) -> None:
    hidden = [listing for listing in town.listings if listing.place == "confidential"]
    assert hidden
    everything = " ".join(f"{item.description} {item.how_to_join} {item.schedule_note}" for item in hidden)
    streets = {place.street for place in town.places} | {place.settlement for place in town.places}
    assert not [street for street in streets if street in everything]


def test_town_sentences_are_whole_and_enough(town: Town) -> None:
    assert len(town.phrases.referral_reasons) >= 60
    assert len(town.phrases.what_matters) >= 60
    for occasion in town.phrases.__dataclass_fields__:
        for sentence in getattr(town.phrases, occasion):
            assert re.fullmatch(r"\S.*[.!?]", sentence.text), sentence.text
            assert sentence.text[0].isupper() or sentence.text[0].isdigit()
    for occasion in OCCASIONS_BY_NEED:
        assert {sentence.need for sentence in getattr(town.phrases, occasion)} == set(NEEDS)


def test_referral_reasons_do_not_give_the_sex_of_the_person(town: Town) -> None:
    gendered = re.compile(r"\b(he|she|him|his|her|hers|man|woman|mother-to-be|husband|wife)\b", re.IGNORECASE)
    for occasion in (
        "referral_reasons",
        "contact_attempts",
        "contacts_made",
        "person_declines",
        "provider_notes",
    ):
        for sentence in getattr(town.phrases, occasion):
            assert not gendered.search(sentence.text), sentence.text


@pytest.mark.parametrize(("age", "suits"), [(17, False), (18, True), (40, True), (41, False)])
def test_sentence_suits_its_ages_inclusive(age: int, suits: bool) -> None:
    assert Sentence("Words.", from_age=18, to_age=40).suits(age=age) is suits
    assert Sentence("Words.").suits(age=age)


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("postcodes.csv", "QX1 1", "OX1 1", "not one of area QX"),
        ("postcodes.csv", ",54.4", ",51.4", "not at sea"),
        ("postcodes.csv", "X01000001,3", "E01000001,3", "not X and eight digits"),
        ("postcodes.csv", "X01000001,3", "X01000001,9", "quintile is not 1 to 5"),
        ("postcodes.csv", "X01000001,3", "X01000001,three", "deprivation_quintile: should be int"),
        ("providers.csv", "@st-botolphs.example", "@st-botolphs.org.uk", "not at a domain kept for examples"),
        ("providers.csv", "01632 960200", "0113 496 0200", "not one kept for drama"),
        ("staff.csv", ",receptionist,", ",wizard,", "has no known role"),
        ("staff.csv", ",yes", ",perhaps", "story: should be bool"),
        ("venues.csv", "Allerwold,QX", "Thaxwold,QX", "not in its settlement"),
        ("organisations.toml", '"DEMO-P1"', '"A81001"', "could be a real one"),
        ("organisations.toml", 'parent = "marrow-vale-network"', 'parent = "nobody"', "its parent is"),
        ("listings.toml", 'provider = "st-botolphs"', 'provider = "st-nobody"', "its provider is unknown"),
        ("listings.toml", 'venue = "botolphs-hall"', 'venue = "moon"', "its venue is missing, unknown"),
        ("listings.toml", 'opens = "12:00"', 'opens = "15:00"', "do not make a schedule"),
        ("listings.toml", 'byday = ["WE"]', 'byday = ["Wednesday"]', "do not make a schedule"),
        ("listings.toml", '"bereavement"', '"berevement"', "needs are missing or unknown"),
        ("listings.toml", "wait_weeks = 4\n", "", "only a waiting list has weeks"),
        ("listings.toml", "from_age = 50", 'from_age = "50"', "from_age: should be int or NoneType"),
        ("listings.toml", 'id = "phone-friends"', 'id = "wednesday-lunch-club"', "stands there 2 times"),
        ("listings.toml", 'id = "phone-friends"', 'colour = "red"', "colour: has no meaning here"),
        ("listings.toml", 'id = "phone-friends"', 'colour = "red"', "id: is missing"),
        ("listings.toml", "[[listing]]", "[[listing", "listings.toml"),
        ("phrases.toml", 'need = "housing", ', "", "has sentences for no need"),
        ("names.toml", "weight = 26", "weight = 0", "needs a weight"),
    ],
)
def test_town_spoiled_file_is_refused_with_what_is_wrong(
    copy: Path, name: str, before: str, after: str, said: str
) -> None:
    assert said in spoil(copy, name, before, after)


def test_town_two_faults_in_different_files_are_told_together(copy: Path) -> None:
    (copy / "names.toml").unlink()
    told = spoil(copy, "staff.csv", ",yes", ",perhaps")
    assert "names.toml" in told
    assert "staff.csv" in told
