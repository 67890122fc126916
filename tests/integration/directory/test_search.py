from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.factories.listings import found, land, listing_called, names
from tests.factories.world import World, build_world
from tests.plugins.database import FreshDatabase

from fingerpost.kernel.errors import Faults, InvalidValue, NoScopeError, NotAllowed
from fingerpost.localstack.postgres import OWNER
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.selectors import search
from fingerpost.web.directory.selectors.matching import understand
from fingerpost.web.directory.selectors.search import statement_of, statement_of_many
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.geography.api import Point

pytestmark = pytest.mark.django_db

SYSTEM = UUID("0190a5a0-0000-7000-8000-000000000001")
HALL = Point(54.5, 1.4)


@pytest.fixture
def world() -> World:
    world = build_world()
    land(world)
    return world


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("lunch", "Wednesday Lunch Club"),
        ("LUNCHES", "Wednesday Lunch Club"),
        ("lun", "Wednesday Lunch Club"),
        ("botolph's", "Wednesday Lunch Club"),
        ("farwold", "Hill Walks"),
        ("scared of him", "Larkrise Refuge"),
        ("crochey", "Crochet Circle"),
        ("corchet", "Crochet Circle"),
        ("wensday lunch", "Wednesday Lunch Club"),
        ('"hot lunch"', "Wednesday Lunch Club"),
    ],
)
def test_search_finds_what_people_mean(world: World, words: str, first: str) -> None:
    assert names(found(world, words=words))[:1] == [first]


def test_search_by_lay_words_finds_needs_and_says_why(world: World) -> None:
    results = found(world, words="lonely")
    assert set(names(results)) == {"Wednesday Lunch Club", "Phone Friends"}
    assert {hit.why for hit in results.hits} == {("It helps with: Company and friendship.",)}


def test_search_takes_unwanted_words_out_and_falls_back_to_some_words(world: World) -> None:
    assert names(found(world, words="lonely -lunch")) == ["Phone Friends"]
    some = found(world, words="lunch crochet")
    assert some.only_some_words and set(names(some)) == {"Wednesday Lunch Club", "Crochet Circle"}
    assert found(world, words="zzqqxx").total == 0


def test_search_corrects_only_what_no_listing_says(world: World) -> None:
    assert found(world, words="corchet").corrections == {"corchet": "crochet"}
    assert found(world, words="lunch").corrections == {}


def test_search_near_measures_and_says_what_it_cannot(world: World) -> None:
    hits = {hit.listing.name: hit for hit in found(world, near=HALL).hits}
    assert hits["Wednesday Lunch Club"].distance_km == 0
    assert hits["Hill Walks"].distance_km == pytest.approx(33.36, abs=0.01)
    assert hits["Hill Walks"].distance_words == "21 miles away"
    assert hits["Wednesday Lunch Club"].place == "Bell Hall, Allerwold"
    assert hits["Phone Friends"].distance_words == "no travel needed"
    assert hits["Crochet Circle"].distance_words == "no location known"


def test_search_within_a_distance_hides_only_what_is_known_to_be_farther(world: World) -> None:
    assert set(names(found(world, near=HALL, max_km=10))) == {
        "Wednesday Lunch Club",
        "Phone Friends",
        "Larkrise Refuge",
        "Crochet Circle",
    }


@pytest.mark.parametrize("near", [HALL, Point(54.5001, 1.4001), Point(0, 0), None])
def test_search_tells_nothing_of_where_a_refuge_is(world: World, near: Point | None) -> None:
    for max_km in (None, 0.01, 500):
        (hit,) = found(world, words="refuge", near=near, max_km=max_km).hits
        assert (hit.distance_km, hit.place, hit.distance_words) == (
            None,
            "",
            "the address is kept confidential",
        )
        assert "Secretown" not in repr(hit)
    assert found(world, words="secretown").total == 0


def test_search_never_hides_by_age_but_says_it_and_puts_it_later(world: World) -> None:
    results = found(world, words="lonely", age=58)
    assert names(results) == ["Phone Friends", "Wednesday Lunch Club"]
    assert results.hits[1].might_not_fit == ("For people aged 60 and over; this person is 58.",)
    assert found(world, words="lunch", age=60).hits[0].might_not_fit == ()


def test_search_filters(world: World) -> None:
    assert names(found(world, free_only=True)) == ["Hill Walks"]
    assert "Phone Friends" not in names(found(world, online_ok=False))
    assert names(found(world, needs=("safety_at_home",))) == ["Larkrise Refuge"]
    assert found(world, needs=("safety_at_home",), words="lunch").total == 0


def test_search_for_who_takes_people_forgets_old_answers(world: World) -> None:
    lunch = listing_called(world, "Wednesday Lunch Club")
    with world.as_("worker") as worker:
        directory.set_capacity(
            listing_id=lunch.id, state=directory.CapacityState.TAKING, by=worker, at=world.at
        )
    results = found(world, taking_people_only=True)
    assert [hit.capacity.words for hit in results.hits] == ["Taking people"]
    world.at += timedelta(days=91)
    assert found(world, taking_people_only=True).total == 0
    assert found(world, words="lunch").hits[0].capacity.words == "Not known whether there is room"


def test_search_pages_hold_every_listing_once_in_the_same_order(world: World) -> None:
    whole = names(found(world))
    pages = [names(found(world, page=page, per_page=2)) for page in (1, 2, 3)]
    assert [name for page in pages for name in page] == whole
    beyond = found(world, page=9, per_page=2)
    assert (beyond.total, beyond.hits, beyond.pages) == (5, (), 3)


@pytest.mark.parametrize("criteria", [{"page": 0}, {"per_page": 1000}, {"max_km": -1}, {"needs": ("noise",)}])
def test_criteria_that_cannot_be_are_refused(criteria: dict[str, object]) -> None:
    with pytest.raises((InvalidValue, Faults)):
        directory.SearchCriteria(**criteria)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words", ["'", "a & b | !", ":*", "\\", "%s", "lunch'); --", "((", "x" * 400, "\x00", "«»"]
)
def test_search_takes_any_text_for_words(world: World, words: str) -> None:
    found(world, words=words)


def test_search_needs_the_permission_and_a_scope(world: World) -> None:
    nobody = replace(world.worker, permissions=frozenset())
    with world.as_(nobody) as actor, pytest.raises(NotAllowed):
        directory.search(actor, directory.SearchCriteria(words="lunch"))
    with world.as_(Actor.public(system_id=world.system_id)) as public:
        directory.search(public, directory.SearchCriteria(words="lunch"))
    with pytest.raises(NoScopeError):
        directory.search(world.worker, directory.SearchCriteria(words="lunch"))


def test_search_asks_the_database_a_fixed_number_of_times(
    world: World, django_assert_max_num_queries: object
) -> None:
    with world.as_("worker") as worker:
        criteria = directory.SearchCriteria(words="lonely walks", near=HALL)
        with django_assert_max_num_queries(13):  # type: ignore[operator]  # the fixture has no type
            directory.search(worker, criteria, at=world.at)


_MANY = """
INSERT INTO directory_source (id, system_id, name, label, kind, rank, field_ranks, column_mapping,
        may_shrink_percent)
    VALUES ('{system}', '{system}', 'many', 'Many', 'typed', 30, '{{}}', '{{}}', 20);
SELECT set_config('fingerpost.actor_id', 'test', false), set_config('fingerpost.actor_label', 'test', false);
ALTER TABLE directory_listing DISABLE TRIGGER USER;
INSERT INTO directory_listing (id, system_id, source_id, source_key, source_row, fingerprint, name, alternate_name,
    description, email, url, status, status_by_person, how_to_join, what_to_expect, required_documents, eligibility,
    for_gender, cost, wait_time, schedule_note, interpretation, languages, access, ways, needs, search_words,
    accreditations, licences, alert, assured_by, related_words, closed_by, closed_reason,
    accompaniment, transport, additional_urls, programme)
SELECT gen_random_uuid(), '{system}', '{system}', n::text, '{{}}', '', 'Group ' || n || ' kind' || n % 500, '',
    'A club for thing' || n || ' and item' || n % 997, '', '', 'active', false, '', '', '', '', '', '', '', '', '',
    '{{}}', '', '{{}}', '{{}}', '', '', '', '', '', '', '', '', '', '', '{{}}', '' FROM generate_series(1, 20000) AS n;
SELECT directory_refresh_facts(array_agg(id)) FROM directory_listing;
ANALYZE;
"""


def _index_names(node: dict[str, Any]) -> set[str]:
    found = {node["Index Name"]} if "Index Name" in node else set()
    return found.union(*(_index_names(child) for child in node.get("Plans", [])))


@pytest.mark.parametrize("words", ["thing4711", "item12 thing1009", "club -item5 thing77"])
def test_search_by_words_uses_the_index_among_many_listings(
    world: World, database_of_many: FreshDatabase, words: str
) -> None:
    plan = _plan(
        world, database_of_many, statement_of, directory.SearchCriteria(words=words, near=HALL, max_km=20)
    )
    assert "directory_facts_words" in _index_names(plan)


@pytest.mark.parametrize(
    ("asked", "read_through"),
    [
        ({"words": "club"}, "directory_facts_order"),
        ({"words": '"kind7"'}, "directory_facts_title"),
        ({"words": "club", "near": HALL}, "directory_facts_box"),
    ],
)
def test_the_best_of_very_many_are_read_through_indexes(
    world: World, database_of_many: FreshDatabase, asked: dict[str, Any], read_through: str
) -> None:
    plan = _plan(world, database_of_many, statement_of_many, directory.SearchCriteria(**asked))
    assert read_through in _index_names(plan)
    assert not _is_read_whole(plan)


def _plan(
    world: World, many: FreshDatabase, statement_for: Callable[..., Any], criteria: directory.SearchCriteria
) -> dict[str, Any]:
    with world.as_("worker"):
        wanted = understand(criteria.words, system_id=SYSTEM)
        statement, values = statement_for(criteria, wanted, wanted.every_term(), world.at)
    with psycopg.connect(many.url()) as connection:
        row = connection.execute(
            f"EXPLAIN (FORMAT JSON) {statement}", {**values, "system": SYSTEM}
        ).fetchone()
    assert row is not None
    return row[0][0]["Plan"]


def _is_read_whole(node: dict[str, Any]) -> bool:
    whole = node["Node Type"] == "Seq Scan" and node["Relation Name"] == "directory_searchfacts"
    return whole or any(_is_read_whole(child) for child in node.get("Plans", []))


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"words": "lonely"},
        {"words": "lunch club walks"},
        {"near": HALL},
        {"near": HALL, "max_km": 30, "words": "club"},
        {"near": HALL, "max_km": 40},
        {"age": 58, "gender": directory.ForGender.MEN, "near": HALL},
        {"needs": ("company",)},
    ],
)
def test_very_many_are_ranked_like_few(
    world: World, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]
) -> None:
    few = found(world, **asked)
    assert few.total > 0 and not few.is_more
    monkeypatch.setattr(search, "MOST_COUNTED", 0)
    many = found(world, **asked)
    assert [hit.listing.name for hit in many.hits] == [hit.listing.name for hit in few.hits]
    assert many.is_more


@pytest.fixture(scope="module")
def database_of_many(make_database: Callable[[], FreshDatabase]) -> FreshDatabase:
    """20,000 listings in a database of their own, counted by the planner."""
    database = make_database()
    database.cluster.ask(_MANY.format(system=SYSTEM), database=database.name, role=OWNER)
    return database
