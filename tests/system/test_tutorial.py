"""The tutorial says what the walk shows: every picture is taken by it, under the same words, and is small."""

from __future__ import annotations

import re

import pytest

from tests.system.story.people import ACCOUNTS, SINGERS, Referred
from tests.system.story.pictures import FOLDER, MOST_BYTES, PICTURES

TUTORIAL = FOLDER.parent / "first-referral.md"


def shown() -> dict[str, str]:
    """Name and caption of every picture in the tutorial."""
    found = re.findall(r"!\[([^\]]+)\]\(images/([a-z-]+)\.png\)", TUTORIAL.read_text(encoding="utf-8"))
    return {name: caption for caption, name in found}


def test_tutorial_shows_the_walks_pictures_in_order_under_the_walks_words() -> None:
    assert list(shown().items()) == list(PICTURES.items())


def test_folder_holds_these_pictures_and_no_others() -> None:
    files = {file.stem: file.stat().st_size for file in FOLDER.glob("*.png")}
    assert set(files) == set(PICTURES)
    assert {name: size for name, size in files.items() if size > MOST_BYTES} == {}


@pytest.mark.parametrize("role", sorted(ACCOUNTS.keys() - {"governance"}))  # not in the walk
def test_tutorial_names_the_account_that_the_walk_signs_in_with(role: str) -> None:
    first_name = ACCOUNTS[role].split(".")[0].title()
    assert first_name in TUTORIAL.read_text(encoding="utf-8")


def test_tutorial_tells_of_the_walks_person_and_group() -> None:
    text = TUTORIAL.read_text(encoding="utf-8")
    person = Referred()
    for words in (person.name, person.called, person.phone, person.postcode, SINGERS):
        assert words in text
