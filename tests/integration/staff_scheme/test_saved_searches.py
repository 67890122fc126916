"""Saved searches: kept, opened, shared, renamed and taken away; behind their wall; and never a person in them."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from tests.factories.listings import a_town, land
from tests.factories.published import know_postcodes
from tests.factories.world import a_case

from fingerpost.kernel.errors import Faults, InvalidValue, NotAllowed, NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor

if TYPE_CHECKING:
    from tests.factories.browsing import Browser
    from tests.factories.world import World

pytestmark = pytest.mark.django_db

LUNCH = directory.SavedQuestions(
    words="lunch club", near="QX1", filters={"only": ("free", "step_free"), "days": ("we",)}
)


def save(
    world: World,
    name: str = "Free lunches",
    *,
    who: str = "worker",
    asked: directory.SavedQuestions = LUNCH,
    is_shared: bool = False,
) -> UUID:
    with world.as_(who) as by:
        return directory.save_search(name=name, asked=asked, is_shared=is_shared, by=by, at=world.at).id


def names(world: World, who: str) -> tuple[list[str], list[str]]:
    """One's own, and those of colleagues."""
    with world.as_(who) as actor:
        saved = directory.saved_searches(actor)
        return [one.name for one in saved.own], [one.name for one in saved.shared]


def by_sql(statement: str, *given: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, given or None)


def faults_of(caught: pytest.ExceptionInfo[Faults]) -> str:
    return " ".join(str(one.message) for one in caught.value.faults)


class TestKeeping:
    def test_what_is_on_the_screen_is_kept_and_opened_again(
        self, world: World, browser: Callable[[str], Browser]
    ) -> None:
        land(world, a_town())
        know_postcodes(world, {"QX1 2AB": (54.5, 1.4), "QX1 2AD": (54.5, 1.42)})
        worker = browser("worker")
        page = worker.get("/directory/?words=lunch&near=qx1+2ab&only=there&days=we").content.decode()
        assert "Save this search" in page and "1 saved search" not in page
        asked = {"words": "lunch", "near": "qx1 2ab", "only": "there", "days": "we"}
        answer = worker.post("/directory/searches/", {**asked, "name": "Lunch in town", "share": "on"})
        assert answer.status_code == 302
        assert "2ab" not in answer["Location"].lower()
        page = unescape(worker.get(answer["Location"]).content.decode())
        assert "Saved as “Lunch in town”" in page and "1 saved search" in page
        assert "Wednesday Lunch Club" in page and "miles away" in page
        assert 'name="near" value="QX1"' in page.replace('id="near" ', "") or 'value="QX1"' in page

    def test_whole_postcode_is_kept_nowhere(self, world: World, browser: Callable[[str], Browser]) -> None:
        given = {"words": "choir near QX1 2AB", "near": "QX1 2AB", "name": "For qx12ab"}
        assert browser("worker").post("/directory/searches/", given).status_code == 302
        with world.as_("worker"), connection.cursor() as cursor:
            for table in ("directory_savedsearch", "directory_savedsearchhistoryevent"):
                cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
                rows = " ".join(row[0] for row in cursor.fetchall())
                assert "QX1" in rows and "2AB" not in rows.upper()

    def test_search_made_for_a_person_leaves_the_person_out(
        self, world: World, browser: Callable[[str], Browser]
    ) -> None:
        land(world, a_town())
        case, worker = a_case(world), browser("worker")
        find = reverse("staff:find", args=[case.id])
        worker.post(find, {"words": "lunch", "needs": "company"})
        page = worker.get(find).content.decode()
        assert "Save this search" in page
        given = {"words": "lunch", "needs": "company", "near": "QX1 2AB", "case": str(case.id)}
        answer = worker.post("/directory/searches/", {**given, "name": "Company at lunch"})
        assert answer["Location"] == find
        with world.as_("worker"), connection.cursor() as cursor:
            cursor.execute("SELECT to_jsonb(t)::text FROM directory_savedsearch t")
            row = cursor.fetchone()[0]
        for part in (str(case.id), str(case.person_id), str(case.journey_id), "Okafor", "2AB"):
            assert part not in row

    def test_saved_search_is_asked_again_for_a_person(
        self, world: World, browser: Callable[[str], Browser]
    ) -> None:
        land(world, a_town())
        saved = save(world, asked=directory.SavedQuestions(words="walks", near="QX9"))
        case, worker = a_case(world), browser("worker")
        find = reverse("staff:find", args=[case.id])
        assert "Free lunches" in worker.get(find).content.decode()
        assert worker.post(find, {"saved": str(saved)})["Location"] == find
        page = worker.get(find).content.decode()
        assert "Hill Walks" in page and "Wednesday Lunch Club" not in page
        # From where they live, and not from the place of the search.
        assert "QX1 2AB" in page and "QX9" not in page

    def test_strange_saved_search_is_no_fault(self, world: World, browser: Callable[[str], Browser]) -> None:
        case, worker = a_case(world), browser("worker")
        wanted = {"": 302, "x": 302, "0" * 36: 302, "\N{SUPERSCRIPT TWO}" * 32: 302, str(new_id()): 404}
        for strange, status in wanted.items():
            answer = worker.post(reverse("staff:find", args=[case.id]), {"saved": strange})
            assert answer.status_code == status, strange

    def test_every_filter_of_the_page_can_be_kept(self, world: World) -> None:
        from django.http import QueryDict

        from fingerpost.web.staff.scheme.finding_forms import DirectoryForm

        with world.as_("worker"):
            form = DirectoryForm()
            query = QueryDict(mutable=True)
            for name in directory.SAVED_QUESTIONS:
                choices = [value for value, _label in form.fields[name].choices if value]  # type: ignore[attr-defined]
                query.setlist(name, choices if name in ("needs", "only", "days") else choices[-1:])
                for value in choices:
                    directory.SavedQuestions(filters={name: (value,)})
            asked = DirectoryForm(query).to_save()
        assert set(asked.filters) == set(directory.SAVED_QUESTIONS)
        assert all(asked.filters.values())
        save(world, asked=asked)


class TestRefusals:
    def test_everything_that_is_wrong_is_said_at_once(
        self, world: World, browser: Callable[[str], Browser]
    ) -> None:
        page = browser("worker").post("/directory/searches/", {"name": "For ann@example.org", "words": ""})
        words = unescape(page.content.decode())
        assert page.status_code == 200
        assert "There is nothing to save yet." in words
        assert "must not hold a person's number or e-mail address" in words

    def test_number_or_address_of_a_person_is_refused(self, world: World) -> None:
        for words in ("999 000 0018", "choir for 9990000018", "x@example.org"):
            with pytest.raises(Faults) as caught:
                save(world, asked=directory.SavedQuestions(words=words))
            assert "must not hold a person's number" in faults_of(caught)

    def test_name_is_needed_once_and_not_too_long(self, world: World) -> None:
        save(world, "Lunch")
        for name, said in (
            ("  ", "Give the search a name"),
            ("LUNCH", "with this name"),
            ("x" * 81, "too long"),
        ):
            with pytest.raises(Faults) as caught:
                save(world, name)
            assert said in faults_of(caught)
        save(world, "Lunch", who="second_worker")

    def test_fifty_are_as_many_as_can_be_kept(self, world: World, browser: Callable[[str], Browser]) -> None:
        first = save(world, "Search 0")
        for number in range(1, directory.MOST_SAVED):
            save(world, f"Search {number}")
        page = browser("worker").post("/directory/searches/", {"name": "One more", "words": "choir"})
        words = unescape(page.content.decode())
        assert "You have 50 saved searches" in words and "Take one away that you no longer use" in words
        assert 'name="words" value="choir"' in words
        with world.as_("worker") as by:
            directory.remove_saved_search(search_id=first, by=by, at=world.at)
        save(world, "One more")

    @pytest.mark.parametrize(
        "given",
        [
            {"filters": {"case": ("1",)}},
            {"filters": {"needs": ("company", "made_up")}},
            {"filters": {"speaks": ("019ed4a3-1111-7000-8000-000000000000",)}},
            {"filters": {"only": ("free", "x" * 100)}},
            {"near": "QX1 2AB"},
        ],
    )
    def test_nothing_but_known_questions_is_kept(self, given: dict[str, object]) -> None:
        with pytest.raises(InvalidValue):
            directory.SavedQuestions(**given)  # type: ignore[arg-type]

    def test_nobody_without_an_account_keeps_any(self, world: World) -> None:
        for actor in (world.job(), Actor.public(system_id=world.system_id)):
            with world.as_(actor) as by, pytest.raises(NotAllowed):
                directory.save_search(name="x", asked=LUNCH, is_shared=False, by=by, at=world.at)
            with world.as_(actor):
                assert len(directory.saved_searches(actor)) == 0


class TestSharing:
    def test_own_are_seen_by_nobody_else_and_shared_by_colleagues_alone(self, world: World) -> None:
        save(world, "Mine")
        save(world, "Ours", is_shared=True)
        assert names(world, "worker") == (["Mine", "Ours"], [])
        assert names(world, "second_worker") == ([], ["Ours"])
        assert names(world, "lead") == ([], ["Ours"])
        assert names(world, "other_worker") == ([], [])
        assert names(world, "gp") == ([], [])

    def test_colleague_opens_it_and_cannot_change_it(
        self, world: World, browser: Callable[[str], Browser]
    ) -> None:
        ours = save(world, "Ours", is_shared=True)
        colleague = browser("second_worker")
        page = colleague.get("/directory/").content.decode()
        assert "Ours" in page and "from Worker" in page and f"/directory/searches/{ours}/" not in page
        assert colleague.get(f"/directory/searches/{ours}/").status_code == 302
        assert colleague.post(f"/directory/searches/{ours}/remove/").status_code == 404
        with world.as_("second_worker") as by:
            for act in (
                lambda: directory.remove_saved_search(search_id=ours, by=by, at=world.at),
                lambda: directory.change_saved_search(
                    search_id=ours, name="Theirs", is_shared=False, by=by, at=world.at
                ),
            ):
                with pytest.raises(NotFound):
                    act()
        assert names(world, "worker") == (["Ours"], [])

    def test_owner_renames_keeps_to_themselves_and_takes_away(
        self, world: World, browser: Callable[[str], Browser]
    ) -> None:
        ours, worker = save(world, "Ours", is_shared=True), browser("worker")
        path = f"/directory/searches/{ours}/"
        page = unescape(worker.get(path).content.decode())
        assert "lunch club" in page and "cost nothing" in page and "Wednesday" in page
        assert worker.post(path, {"name": ""}).status_code == 200
        assert worker.post(path, {"name": "Lunches"}).status_code == 302
        assert names(world, "worker") == (["Lunches"], []) and names(world, "lead") == ([], [])
        assert worker.post(f"{path}remove/").status_code == 302
        assert names(world, "worker") == ([], [])
        assert worker.get(path).status_code == 404
        save(world, "Lunches")

    def test_what_was_typed_is_gone_with_it_also_from_its_history(self, world: World) -> None:
        saved = save(world, "Amina's lunches", asked=directory.SavedQuestions(words="for Amina"))
        with world.as_("worker") as by:
            directory.remove_saved_search(search_id=saved, by=by, at=world.at)
            with connection.cursor() as cursor:
                for table in ("directory_savedsearch", "directory_savedsearchhistoryevent"):
                    cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
                    rows = [row[0] for row in cursor.fetchall()]
                    assert rows and "Amina" not in " ".join(rows)


class TestWall:
    """The same by SQL, as the application's role."""

    def test_database_shows_ones_own_and_what_is_shared(self, world: World) -> None:
        save(world, "Mine")
        save(world, "Ours", is_shared=True)
        seen = {}
        for who in ("worker", "second_worker", "other_worker", "gp"):
            with world.as_(who), connection.cursor() as cursor:
                cursor.execute("SELECT name FROM directory_savedsearch ORDER BY name")
                seen[who] = [row[0] for row in cursor.fetchall()]
        assert seen == {"worker": ["Mine", "Ours"], "second_worker": ["Ours"], "other_worker": [], "gp": []}

    def test_colleague_changes_nothing_by_sql(self, world: World) -> None:
        save(world, "Ours", is_shared=True)
        statements = (
            "UPDATE directory_savedsearch SET name = 'x'",
            "UPDATE directory_savedsearch SET owner_id = (SELECT fp_user())",
            "DELETE FROM directory_savedsearch",
            "INSERT INTO directory_savedsearch SELECT (jsonb_populate_record(t, jsonb_build_object('id',"
            " gen_random_uuid(), 'name', 'planted'))).* FROM directory_savedsearch t",
        )
        for statement in statements:
            with world.as_("second_worker"), pytest.raises(DatabaseError) as caught:
                by_sql(statement)
            assert getattr(caught.value.__cause__, "sqlstate", "") == "42501", statement

    def test_no_whole_postcode_fits_the_column(self, world: World) -> None:
        save(world)
        for near in ("QX1 2AB", "x", "9"):
            with world.as_("worker"), pytest.raises(DatabaseError):
                by_sql("UPDATE directory_savedsearch SET near = %s", near)
