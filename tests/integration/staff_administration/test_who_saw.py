"""The information governance lead's page: who looked at a person, and nothing of what they saw."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from tests.factories.world import World, a_case, build_world
from tests.integration.routes.planted import CSRF, sign_in

from fingerpost.kernel import clock
from fingerpost.web.audit import api as audit

pytestmark = pytest.mark.django_db

AMINA = {
    "given_name": "amina",
    "family_name": "OKAFOR",
    "birth_date-day": "2",
    "birth_date-month": "6",
    "birth_date-year": "1958",
    "reason": "She asked us",
}
ASK = (
    "SELECT * FROM people_who_saw(gen_random_uuid(), '', '', '1958-06-02', 'Amina', 'Okafor', %s,"
    " 'search', 'p', '', %s)"
)


@pytest.fixture
def world() -> World:
    world = build_world()
    case = a_case(world)
    with world.as_("worker") as worker:
        audit.record_view(actor=worker, person_id=case.person_id, label="Amina Okafor", page="person")
    with world.as_("gp") as gp:
        audit.record_list(actor=gp, person_ids=[case.person_id], page="my referrals")
    return world


def _ask(world: World, **given: str) -> HttpResponse:
    with clock.fixed(world.at):
        return sign_in(world.governance, world.at).post(
            "/who-saw/", {**AMINA, "csrfmiddlewaretoken": CSRF, **given}
        )


def _log(world: World) -> list[tuple[str, str, int]]:
    """As somebody of the same organisation who works with people: the lead reads the log by the page alone."""
    with world.as_("lead"), connection.cursor() as cursor:
        cursor.execute("SELECT kind, reason, cardinality(person_ids) FROM audit_access WHERE reason <> ''")
        return cursor.fetchall()


def test_looks_in_every_organisation_are_told_with_who_and_where(world: World) -> None:
    text = _ask(world).content.decode()
    for words in ("Worker", "Link Up", "opened their page", "Gp", "Elm Street Surgery", "saw them on a list"):
        assert words in text
    assert "07700 900123" not in text
    assert "Alone since" not in text


def test_question_itself_enters_the_log_with_its_reason(world: World) -> None:
    _ask(world)
    assert _log(world) == [("search", "She asked us", 1)]
    _ask(world, given_name="Nobody")
    assert ("search", "She asked us", 0) in _log(world)


def test_list_narrows_to_an_organisation_and_to_days(world: World) -> None:
    text = _ask(world, who="elm street").content.decode()
    assert "Elm Street Surgery" in text
    assert "opened their page" not in text
    days = {"since-day": "4", "since-month": "3", "since-year": "2026"}
    assert "opened their page" not in _ask(world, **days).content.decode()


def test_file_is_logged_as_an_export_and_no_cell_is_a_formula(world: World) -> None:
    with world.as_("worker") as worker:
        [person] = {row.person_ids[0] for row in audit.Access.objects.all()}
        audit.record_view(actor=worker, person_id=person, label="", page="person", reason="=1+1")
    rows = list(csv.reader(io.StringIO(_ask(world, **{"as": "file"}).content.decode())))
    assert rows[0][:3] == ["When", "Who", "Organisation"]
    assert any(row[5] == "'=1+1" for row in rows[1:])
    assert ("export", "She asked us", 1) in _log(world)


def test_persons_own_copy_names_organisations_and_no_staff(world: World) -> None:
    text = _ask(world, **{"as": "copy"}).content.decode().partition("<main")[2]
    assert "Somebody at Link Up opened your page" in text
    assert "Worker" not in text
    assert "Made on Tuesday 3 March 2026" in text


def test_nobody_gets_a_copy_or_a_file_that_says_nothing(world: World) -> None:
    for wanted in ("copy", "file"):
        text = _ask(world, given_name="Nobody", **{"as": wanted}).content.decode()
        assert "Nothing matches" in text and "Who looked at your record" not in text


def test_without_reason_or_name_nothing_is_asked(world: World) -> None:
    text = _ask(world, reason="", family_name="").content.decode()
    assert "Say why you ask" in text
    assert "both their first and last name" in text
    assert _log(world) == []


@pytest.mark.parametrize("who", ["worker", "lead", "manager", "administrator", "gp"])
def test_database_answers_nobody_else(world: World, who: str) -> None:
    refused = pytest.raises(DatabaseError, match="only an information governance lead")
    with world.as_(who) as actor, connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(ASK, [actor.organisation_id, "curious"])


def test_database_wants_a_reason_and_stays_within_the_system(world: World) -> None:
    elsewhere = build_world(mark=" 2")
    with world.as_("governance") as lead, connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="says why"), transaction.atomic():
            cursor.execute(ASK, [lead.organisation_id, " "])
        cursor.execute(ASK, [lead.organisation_id, "why"])
        assert cursor.fetchall() != []
        cursor.execute("SELECT count(*) FROM people_person")
        assert cursor.fetchone() == (0,)
    with elsewhere.as_("governance") as lead, connection.cursor() as cursor:
        cursor.execute(ASK, [lead.organisation_id, "why"])
        assert cursor.fetchall() == []
