"""Which tables hold something about a person, and what is to be seen of one of them there."""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from django.db.backends.utils import CursorWrapper
from tests.factories import connecting
from tests.factories.stage import ACCEPTS, CAME, TAKES, Stage

from fingerpost.web.casework import api as casework
from fingerpost.web.connections import api as connections
from fingerpost.web.people import api as people
from fingerpost.web.people.models import Identifier


def tables() -> dict[str, str]:
    """Each table with rows about a person, and how to find theirs."""
    found = {"people_person": "id = %(person)s", "pathway_pathwayevent": "journey_id = %(journey)s"}
    for model in apps.get_models():
        name = model._meta.db_table
        if "historyevent" not in name and any(f.column == "person_id" for f in model._meta.concrete_fields):
            found[name] = "person_id = %(person)s"
    return found


def seen_tables(case: casework.Case) -> set[str]:
    with connection.cursor() as cursor:
        return {name for name, which in tables().items() if _count(cursor, name, which, case)}


def _count(cursor: CursorWrapper, table: str, which: str, case: casework.Case) -> int:
    cursor.execute(
        f"SELECT count(*) FROM {table} WHERE {which}", {"person": case.person_id, "journey": case.journey_id}
    )
    return int(cursor.fetchone()[0])


def lived(stage: Stage) -> casework.Case:
    """A person about whom every table of the work has a row."""
    world, made = stage.world, stage.occasion().case
    with world.as_("worker") as by:
        case = casework.case(by, case_id=made.id)
        casework.log_contact(case=case, details=stage.talk(), by=by, at=world.at)
        plan = casework.agree_plan(
            case=case, what_matters="Walking", strengths="", version=0, by=by, at=world.at
        )
        casework.set_goal(plan=plan, words="Walk to the shop", by=by, at=world.at)
        Identifier(person=case.person, kind="nhs_number", value="9990000018").save(force_insert=True)
        people.set_condition(
            person=case.person,
            condition=people.NewCondition(kind="post", reason="Her sister opens it."),
            by=by,
            at=world.at,
        )
    asked = connecting.connect(world, case, stage.listing(), fields={"name"}, message="")
    for reply in (TAKES, ACCEPTS, CAME):
        with connecting.as_provider(world, asked) as (holder, held):
            connections.record_reply(connection=held, reply=reply, by=holder, at=world.at)
    return case
