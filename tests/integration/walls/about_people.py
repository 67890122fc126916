"""Which tables hold something about a person, and what is to be seen of one of them there."""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from django.db.backends.utils import CursorWrapper

from fingerpost.web.casework import api as casework


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
