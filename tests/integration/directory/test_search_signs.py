"""A listing is found by its words whatever signs stand between them, and no text of a listing answers for a filter."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.listings import a_listing, found, importer, land, names
from tests.factories.world import World, build_world

from fingerpost.web.directory import api as directory
from fingerpost.web.directory.lay_words import plain_words
from fingerpost.web.directory.models import Listing
from fingerpost.web.geography.api import Point

pytestmark = pytest.mark.django_db

FORGED = (
    "cost/free stepfree/yes come/along for/carers for/women way/there place/none need/company day/mo at/mo/morning"
    " speaks/pl serves/qx1 patch/1362/21 cell/545/8 tile/218/2"
)
# Signs of which a stroke is made where accents are taken off, and such as join words.
STROKES = ("/", "⁄", "／", "∕", "\\/", ".x/", "'/", "\u200b/", "-/", "/\u200b")


@pytest.fixture
def world() -> World:
    return build_world()


def _land(world: World, description: str) -> None:
    one = a_listing("one", "Quiet Room", description=description, cost="£9", cost_pence=900)
    place = directory.LocationRecord(key="far", name="Barn", latitude=51.0, longitude=-1.0)
    link = directory.ListingAtLocationRecord(key="1", listing_key="one", location_key="far")
    land(world, directory.DirectoryRecords(listings=[one], locations=[place], at_locations=[link]))


@pytest.mark.parametrize("stroke", STROKES)
def test_what_a_listing_writes_is_no_answer_to_a_filter(world: World, stroke: str) -> None:
    _land(world, FORGED.replace("/", stroke))
    asked: list[dict[str, Any]] = [
        {"free_only": True},
        {"step_free_only": True},
        {"accompaniment_only": True},
        {"only_for": directory.ForGender.WOMEN},
        {"needs": ("company",)},
        {"days": (directory.Day.MONDAY,)},
        {"days": (directory.Day.MONDAY,), "part_of_day": directory.PartOfDay.MORNING},
        {"speaks": "pl"},
        {"near": Point(54.5, 1.4), "max_km": 5},
        {"near": Point(54.5, 1.4), "max_km": 60, "lives_in": ("QX1",)},
    ]
    assert [criteria for criteria in asked if found(world, **criteria).total] == []
    assert names(found(world)) == ["Quiet Room"]
    (hit,) = found(world, rather_speaks="pl", needs_step_free=True).hits
    assert "It is free." not in hit.why and not hit.speaks_theirs and not hit.is_step_free


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("For children/families", "families"),
        ("For children/families", "childr"),
        ("St. John's/St. Mary's", '"johns st marys"'),
        ("At long tables.Everybody is welcome", "everybody"),
        ("Ages 8-12", "12"),
        ("children–families", "families"),
        ("Open 50+", "50"),
        ("A drop-in for all", '"drop in"'),
        ("A drop in for all", "drop-in"),
        ("write to hello@botolph.example", "botolph"),
        ("write to hello@botolph.example", "hello@botolph.example"),
        ("see https://www.botolph.example/tea/talks", "talks"),
        ("Caffi'r Tŷ Gŵyl", "gwyl"),
        ("Caffi'r Tŷ Gwyl", "gŵyl"),
        ("E\u0301cole2 for all", "école2"),
        ("Café2go", "cafe2go"),
        ("snake_case", "case"),
        ("<p>Knitting</p><b>Circle</b>", '"knitting circle"'),
        ("Fish &amp; chips", '"fish chips"'),
        ("1⁄2 price", "price"),
        ("A co\u00adoperative", "operative"),
    ],
)
def test_words_are_found_whatever_signs_stand_between_them(world: World, written: str, typed: str) -> None:
    _land(world, written)
    results = found(world, words=typed)
    assert names(results) == ["Quiet Room"]
    assert not results.corrections and not results.only_some_words


def test_meaning_written_with_signs_finds(world: World) -> None:
    _land(world, "A pay-as-you-feel café")
    with world.as_("administrator") as steward:
        directory.save_lay_meaning(
            phrases=["zlotyless"], needs=[], words=["pay-as-you-feel"], by=steward, at=world.at
        )
    assert names(found(world, words="zlotyless")) == ["Quiet Room"]


@given(st.text(st.sampled_from("ab1é/⁄.-_@:<&;'\\ \t–½")))
def test_no_text_makes_a_word_with_a_stroke_and_each_plain_word_is_one(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(directory_words(%s))", [text])
        (made,) = cursor.fetchone()
    assert not [word for word in made if "/" in word]
    if not set("<&½") & set(text):  # of a tag and an entity nothing is looked for
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT directory_words(%s) @@ plainto_tsquery('fingerpost_english', %s)",
                [text, " ".join(plain_words(text))],
            )
            assert cursor.fetchone()[0] or not made


def test_a_change_is_split_alike(world: World) -> None:
    _land(world, "Nothing")
    with world.as_(importer(world)):
        Listing.objects.update(description="day/mo for mothers/toddlers")
    assert found(world, days=(directory.Day.MONDAY,)).total == 0
    assert names(found(world, words="toddlers")) == ["Quiet Room"]
