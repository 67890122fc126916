"""Every table has a wall, and every table about a person a forced policy; the database agrees with the models."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from fingerpost.web.foundation.personal_data import PersonalData
from fingerpost.web.foundation.walls_sync import declared_walls, tables_of_models, wall_of

OURS = [m for m in apps.get_models() if m.__module__.startswith("fingerpost.")]
RECORDS = [m for m in OURS if not hasattr(m, "pgh_tracked_model")]


def test_walls_every_model_declares_one() -> None:
    assert len(dict(declared_walls())) >= len(RECORDS)


@pytest.mark.parametrize("model", RECORDS, ids=lambda m: m._meta.label)
def test_model_says_what_it_holds_and_how_long(model: type[models.Model]) -> None:
    data = getattr(model, "data", None)
    assert isinstance(data, PersonalData), f"{model._meta.label} does not declare `data`"
    assert data.kinds and data.retention


@pytest.mark.parametrize("model", RECORDS, ids=lambda m: m._meta.label)
def test_model_about_a_person_stands_behind_a_row_condition(model: type[models.Model]) -> None:
    wall = wall_of(model)
    assert wall is not None
    if model.data.about_a_person:  # type: ignore[attr-defined]
        assert not wall.is_open, f"{model._meta.label} is about people but every row may be read"
        assert "DELETE" not in wall.grants, f"{model._meta.label}: a record about a person is never deleted"


@pytest.mark.django_db
def test_database_forces_what_models_declare() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public' AND relkind = 'r'"
        )
        forced = dict(cursor.fetchall())
    declared = dict(declared_walls())
    assert {t: forced[t] for t in declared} == {t: not w.is_open for t, w in declared.items()}


@pytest.mark.django_db
def test_database_grants_are_no_more_than_declared() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, array_agg(privilege_type::text) FROM information_schema.role_table_grants"
            " WHERE grantee IN (%s, 'PUBLIC') AND table_schema = 'public' GROUP BY 1",
            [settings.FINGERPOST_APP_ROLE],
        )
        granted = {table: set(rights) for table, rights in cursor.fetchall()}
    declared = {
        table: set(wall.grants) - ({"UPDATE"} if wall.changes else set())
        for table, wall in declared_walls()
        if wall.grants
    }
    assert granted == {**declared, "django_migrations": {"SELECT"}}


@pytest.mark.django_db
def test_columns_that_may_change_are_those_declared() -> None:
    declared = {
        table: set(wall.changes)
        for table, wall in declared_walls()
        if wall.changes and "UPDATE" in wall.grants
    }
    assert declared
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, array_agg(column_name::text) FROM information_schema.role_column_grants"
            " WHERE grantee IN (%s, 'PUBLIC') AND privilege_type = 'UPDATE' AND table_name = ANY(%s) GROUP BY 1",
            [settings.FINGERPOST_APP_ROLE, list(declared)],
        )
        assert {table: set(columns) for table, columns in cursor.fetchall()} == declared


@pytest.mark.django_db
def test_role_of_the_web_process_is_weak() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user::text, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
            " WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (settings.FINGERPOST_APP_ROLE, False, False, False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_trigger_functions_run_as_owner_with_a_fixed_search_path() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE proname LIKE 'pgtrigger_%%' AND prorettype = 'trigger'::regtype"
            " AND (NOT prosecdef OR proconfig IS NULL)"
        )
        assert cursor.fetchall() == []


def test_history_is_kept_of_every_record_that_can_change() -> None:
    tracked = {m.pgh_tracked_model for m in apps.get_models() if hasattr(m, "pgh_tracked_model")}
    changing = {m for m in RECORDS if m.data.about_a_person and "UPDATE" in wall_of(m).grants}  # type: ignore
    allowed = {
        # Facts with a life of their own beside the record: the journey's ids, and the outbox's own delivery log.
        "pathway.Journey",
        "messaging.Message",
    }
    assert {m._meta.label for m in changing - tracked} <= allowed


def test_tables_of_models_includes_the_queue() -> None:
    assert "procrastinate_jobs" in {m._meta.db_table for m in tables_of_models()}
