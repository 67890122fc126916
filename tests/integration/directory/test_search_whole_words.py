"""The beginning of a word is looked up as the words that begin so: the list of them misses none, and finds the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.listings import SOURCE, a_listing, found, importer, land, names
from tests.factories.world import World, build_world

from fingerpost.kernel.ids import new_id
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.models import Listing, SearchFacts, SearchLexeme
from fingerpost.web.directory.selectors.search import _SQUARES, MOST_SQUARES, _squares
from fingerpost.web.geography.api import Point, box_around, distance_km

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = build_world()
    land(world)
    return world


def _in_facts() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT unnest(tsvector_to_array(words)) FROM directory_searchfacts")
        return {word for (word,) in cursor.fetchall() if "/" not in word}


def _kept() -> set[str]:
    return set(SearchLexeme.objects.values_list("lexeme", flat=True))


def test_every_word_that_can_be_found_stands_in_the_list(world: World) -> None:
    with world.as_("worker"):
        assert len(_in_facts()) > 20
        assert _in_facts() == _kept()


def test_list_follows_what_is_written(world: World) -> None:
    with world.as_(importer(world)):
        one = Listing.objects.get(name="Hill Walks")
        one.description = "Bring your alpenstock."
        one.save()
        assert "alpenstock" in _kept()
        assert _in_facts() <= _kept()
    assert names(found(world, words="alpen")) == ["Hill Walks"]


def test_trust_alone_reads_no_words_again(world: World) -> None:
    with world.as_(importer(world)):
        SearchLexeme.objects.all().delete()
        SearchFacts.objects.update(worth=0.5)
        assert _kept() == set()


def test_every_beginning_finds_what_it_found_as_a_beginning(world: World) -> None:
    """Against the text index itself, asked for the beginning."""
    with world.as_("worker"):
        words = sorted(_in_facts())
    beginnings = {word[:length] for word in words if word.isalpha() for length in (3, 4, 5)}
    assert len(beginnings) > 40
    for beginning in sorted(beginnings):
        with world.as_("worker"), connection.cursor() as cursor:
            cursor.execute(
                "SELECT name FROM directory_searchfacts WHERE words @@ to_tsquery('fingerpost_english', %s)",
                [f"{beginning}:*"],
            )
            wanted = {name for (name,) in cursor.fetchall()}
            cursor.execute(
                "SELECT name FROM directory_searchfacts WHERE words @@ directory_spelt_out("
                "to_tsquery('fingerpost_english', %s), %s)",
                [f"{beginning}:*", world.system_id],
            )
            assert {name for (name,) in cursor.fetchall()} == wanted, beginning


def test_beginning_of_very_many_words_is_asked_as_it_is(world: World) -> None:
    numbered = [a_listing(f"n{n}", f"Zebra{n} Club") for n in range(45)]
    land(
        world,
        directory.DirectoryRecords(listings=numbered),
        source=replace(SOURCE, name="numbered", label="Numbered"),
    )
    assert found(world, words="zebra").total == 45
    assert _spelt_out(world, "zebra12:*") == "'zebra12'"
    assert _spelt_out(world, "zebra:*") == "'zebra':*"


@pytest.mark.parametrize("typed", ["o'", "\\", "''", "\\'", "a\\b", "né"])
def test_signs_in_words_are_only_signs(world: World, typed: str) -> None:
    with world.as_(importer(world)):
        SearchLexeme.objects.create(lexeme=f"zz{typed}end")
    with world.as_("worker"), connection.cursor() as cursor:
        cursor.execute("SELECT directory_spelt_out('''zz'':*'::tsquery, %s)::text", [world.system_id])
        (spelt_out,) = cursor.fetchone()
        cursor.execute("SELECT array_to_tsvector(ARRAY[%s]) @@ %s::tsquery", [f"zz{typed}end", spelt_out])
        assert cursor.fetchone() == (True,)


def test_words_of_another_system_are_not_asked(world: World) -> None:
    with world.as_("worker"), connection.cursor() as cursor:
        cursor.execute("SELECT directory_spelt_out('''lunch'':*'::tsquery, %s)::text", [new_id()])
        assert cursor.fetchone() == ("'lunch':*",)


def _spelt_out(world: World, typed: str) -> str:
    with world.as_("worker"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT directory_spelt_out(to_tsquery('fingerpost_english', %s), %s)::text",
            [typed, world.system_id],
        )
        (found,) = cursor.fetchone()
    return str(found)


def _between(least: float, most: float) -> st.SearchStrategy[float]:
    return st.floats(least, most, allow_nan=False, allow_infinity=False)


@given(
    _between(49, 61),
    _between(-9, 3),
    _between(0.1, 32.2),
    _between(-1, 1),
    _between(-1, 1),
)
def test_squares_hold_every_place_within_the_circle(
    latitude: float, longitude: float, km: float, up: float, across: float
) -> None:
    centre = Point(latitude, longitude)
    place = Point(latitude + up * km / 100, longitude + across * km / 50)
    squares = _squares(box_around(centre, km))
    assert 0 < len(squares) <= MOST_SQUARES
    if distance_km(centre, place) > km:
        return
    kind = squares[0].partition("/")[0]
    rows, columns = next(sizes for name, *sizes in _SQUARES if name == kind)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT directory_square(%s, %s, %s, %s, %s)",
            [kind, place.latitude, place.longitude, rows, columns],
        )
        assert cursor.fetchone()[0] in squares


def test_circle_round_a_whole_country_has_no_squares() -> None:
    assert _squares(box_around(Point(54, -2), 500)) == []
