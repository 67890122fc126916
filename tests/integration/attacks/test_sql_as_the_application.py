"""Somebody who can run SQL as the application role, inside the scope of one link worker: how far do they get?

What they can do by design is written in docs/decisions/0015-sql-as-the-application.md. This is what they cannot.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from tests.integration.routes.planted import NUMBERS, OF_THE_CASE, Planted, fresh_client, words_of

from fingerpost.kernel.ids import new_id


@contextmanager
def as_(planted: Planted, who: str) -> Iterator[Any]:
    """A cursor in the scope of somebody planted; everything is undone afterwards."""
    world = planted.elsewhere if who.startswith("away_") else planted.world
    with transaction.atomic():
        with world.as_(planted.actors[who]), connection.cursor() as cursor:
            yield cursor
        transaction.set_rollback(True)


def refused(cursor: Any, statement: str, given: list[object] | None = None) -> bool:
    try:
        with transaction.atomic():
            cursor.execute(statement, given)
    except DatabaseError:
        return True
    return False


def rows(cursor: Any, statement: str, given: list[object] | None = None) -> list[tuple[Any, ...]]:
    cursor.execute(statement, given)
    found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


TABLES = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v', 'm', 'p') AND has_table_privilege(c.oid, 'SELECT')"
)


def test_every_table_read_whole_as_text_shows_one_organisations_people(planted: Planted) -> None:
    """Also history, the outbox, the queue of jobs, sessions, attempts to sign in, and every view there is."""
    foreign = words_of("Brack") | words_of("Zorn") | {NUMBERS["Brack"], NUMBERS["Zorn"]}
    found = set()
    with as_(planted, "worker") as cursor:
        for (table,) in rows(cursor, TABLES):
            for (text,) in rows(cursor, f'SELECT t::text FROM "{table}" t'):
                found |= {(table, word) for word in foreign if word in text.lower()}
    assert found == set()


def test_practice_reads_nothing_of_the_work_in_any_table(planted: Planted) -> None:
    found = set()
    with as_(planted, "gp") as cursor:
        for (table,) in rows(cursor, TABLES):
            for (text,) in rows(cursor, f'SELECT t::text FROM "{table}" t'):
                found |= {(table, word) for word in words_of("Quill", OF_THE_CASE) if word in text.lower()}
    assert found == set()


@pytest.mark.parametrize("who", ["manager", "administrator", "ended"])
def test_role_that_sees_nobody_reads_no_word_in_any_table(planted: Planted, who: str) -> None:
    found = set()
    with as_(planted, who) as cursor:
        for (table,) in rows(cursor, TABLES):
            for (text,) in rows(cursor, f'SELECT t::text FROM "{table}" t'):
                found |= {(table, word) for word in words_of("Quill") if word in text.lower()}
    # What a desk pointed to is a place, not a person; whoever counts may count it.
    assert {(table, word) for table, word in found if word != "quillplace"} == set()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TEMPORARY TABLE people_involvement (person_id uuid)",
        "CREATE TYPE pg_temp.uuid AS ENUM ('x')",
        "CREATE DOMAIN pg_temp.uuid AS text",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION fp_system() RETURNS uuid LANGUAGE sql AS 'SELECT null::uuid'",
        "CREATE OR REPLACE FUNCTION public.fp_sees_people() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "CREATE VIEW everyone AS SELECT * FROM people_person",
        "CREATE RULE r AS ON INSERT TO people_person DO INSTEAD NOTHING",
        "CREATE TRIGGER t BEFORE INSERT ON people_person FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE POLICY mine ON people_person USING (true)",
        "ALTER TABLE people_person OWNER TO fingerpost_app",
        "ALTER TABLE people_person DISABLE TRIGGER ALL",
        "ALTER FUNCTION people_known(text, text, date, text, text) SECURITY INVOKER",
        "SET SESSION AUTHORIZATION fingerpost_owner",
        "SET session_replication_role = replica",
        "SET row_security = off; SELECT * FROM people_person",
        "SET track_activities = on",
        "GRANT fingerpost_owner TO fingerpost_app",
        "CREATE EXTENSION dblink",
        "CREATE EXTENSION hstore",
        "COPY people_person TO PROGRAM 'cat'",
        "COPY people_person TO '/tmp/people'",
        "COPY people_person FROM PROGRAM 'true'",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT pg_ls_dir('.')",
        "SELECT lo_import('/etc/hostname')",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT * FROM pg_authid",
        "SELECT * FROM pg_statistic",
        "SELECT * FROM pg_hba_file_rules",
        "SELECT pg_reload_conf()",
        "REFRESH MATERIALIZED VIEW people_person",
        "DELETE FROM foundation_submission",
        "UPDATE audit_access SET person_ids = '{}'",
    ],
)
def test_server_refuses(planted: Planted, statement: str) -> None:
    with as_(planted, "worker") as cursor:
        assert refused(cursor, statement)


def test_statistics_and_activity_show_no_values(planted: Planted) -> None:
    with as_(planted, "worker") as cursor:
        walled = "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
        assert rows(cursor, f"SELECT tablename FROM pg_stats WHERE tablename IN ({walled})") == []
        [(tracked,)] = rows(cursor, "SHOW track_activities")
        assert tracked == "off"
        others = rows(cursor, "SELECT query FROM pg_stat_activity WHERE query ILIKE '%people_%'")
        assert others == []


def test_definer_functions_are_few_and_have_a_fixed_path(planted: Planted) -> None:
    """Each crosses a wall on purpose. A new one is added here by somebody who has thought about it."""
    with as_(planted, "worker") as cursor:
        found = dict(
            rows(
                cursor,
                "SELECT p.proname, coalesce(array_to_string(p.proconfig, ';'), '') FROM pg_proc p"
                " WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace"
                " AND p.prorettype <> 'trigger'::regtype",
            )
        )
        triggers = rows(
            cursor,
            "SELECT DISTINCT array_to_string(p.proconfig, ';') FROM pg_proc p"
            " WHERE p.prosecdef AND p.prorettype = 'trigger'::regtype",
        )
    assert set(found) == {
        "audit_add_seal",
        "audit_has_seal",
        "audit_newest_seal",
        "audit_newest_sealed_at",
        "audit_record_access",
        "audit_unsealed_digests",
        "audit_waiting_tables",
        "casework_still_assigned",
        "casework_still_visiting",
        "fp_count_link_use",
        "fp_link_journey",
        "fp_link_organisation",
        "fp_link_subject",
        "messaging_overdue",
        "people_close_emergency",
        "people_contact_rules",
        "people_covers_any",
        "people_emergencies",
        "people_emergency_account",
        "people_end_of_others",
        "people_identifier_taken",
        "people_is_address_of",
        "people_is_governance_lead",
        "people_lift_seal",
        "people_open_in_emergency",
        "people_open_now",
        "people_review_emergency",
        "people_sealed_away",
        "people_sealed_persons",
        "people_seals_here",
        "people_seals_on",
        "people_works_with",
        "referrals_work_goes_on",
        "people_named",
        "people_is_involved",
        "people_is_sealed_by",
        "people_is_sealed_here",
        "people_works_beside",
        "people_works_beside_seals",
        "people_may_involve",
        "people_is_new",
        "people_join",
        "people_known",
        "tenancy_administers",
        "tenancy_are_here",
        "tenancy_depending",
        "tenancy_inherited",
        "tenancy_take_back_new",
        "tenancy_invites",
        "tenancy_invites_address",
        "people_who_saw",
        "tenancy_reset_second_proof",
    }
    paths = set(found.values()) | {path for (path,) in triggers}
    assert {path.removesuffix(";TimeZone=UTC") for path in paths} == {"search_path=public, pg_temp"}


def test_functions_of_policies_cannot_be_led_astray_by_a_search_path(planted: Planted) -> None:
    with as_(planted, "worker") as cursor:
        cursor.execute("SET LOCAL search_path = pg_temp, information_schema")
        [(system,)] = rows(cursor, "SELECT public.fp_system()")
        assert system == planted.world.system_id
        names = {row[0] for row in rows(cursor, "SELECT given_name FROM public.people_person")}
        assert names == {"Quillgiven"}


def test_session_table_holds_nothing_that_signs_anybody_in(planted: Planted) -> None:
    keys = {
        client.cookies["sessionid"].value for who, client in planted.clients.items() if who in planted.actors
    }
    with as_(planted, "worker") as cursor:
        kept = {key for (key,) in rows(cursor, "SELECT session_key FROM django_session")}
    assert len(kept) >= len(keys) > 10
    assert not keys & kept
    thief = fresh_client()
    for key in kept:
        thief.cookies["sessionid"] = key
        assert thief.get("/today/").status_code == 302


def test_names_and_dates_that_were_guessed_give_no_id(planted: Planted) -> None:
    with as_(planted, "worker") as cursor:
        known = "SELECT person_id, certain FROM people_known('', '', '1950-06-02', %s, %s)"
        assert rows(cursor, known, ["Brackgiven", "Brackfamily-A"]) == [(None, False)]
        assert rows(cursor, known, ["Zorngiven", "Zornfamily-A"]) == []


def test_id_of_somebody_does_not_open_them(planted: Planted) -> None:
    """Nobody lets themselves in: an involvement needs one that is there, a new record, or number and birth date."""
    with as_(planted, "worker") as cursor:
        for stem in ("Brack", "Zorn"):
            assert refused(
                cursor,
                "INSERT INTO people_involvement (id, system_id, person_id, organisation_id, kind, starts_at,"
                " ended_reason) VALUES (%s, %s, %s, %s, 'scheme', now(), '')",
                [
                    new_id(),
                    planted.world.system_id,
                    planted.ids[f"{stem}_person_id"],
                    planted.world.scheme.id,
                ],
            )
            assert refused(
                cursor,
                "INSERT INTO people_identifier (id, system_id, person_id, kind, value)"
                " VALUES (%s, %s, %s, 'nhs_number', '9990000085')",
                [new_id(), planted.world.system_id, planted.ids[f"{stem}_person_id"]],
            )


def test_joining_needs_the_number_and_the_birth_date_and_ones_own_organisation(planted: Planted) -> None:
    join = "SELECT people_join(%s, 'nhs_number', %s, %s, %s, 'referrer', now())"
    own, other = planted.world.practice.id, planted.world.other_practice.id
    with as_(planted, "gp") as cursor:
        assert rows(cursor, join, [new_id(), NUMBERS["Brack"], "1951-06-02", own]) == [(None,)]
        assert rows(cursor, join, [new_id(), NUMBERS["Zorn"], "1950-06-02", own]) == [(None,)]
        assert refused(cursor, join, [new_id(), NUMBERS["Brack"], "1950-06-02", other])
        [(joined,)] = rows(cursor, join, [new_id(), NUMBERS["Brack"], "1950-06-02", own])
        assert joined == planted.ids["Brack_person_id"]


def test_look_cannot_be_filed_with_somebody_else(planted: Planted) -> None:
    file = "SELECT audit_record_access(%s, 'view', %s, 'page', ARRAY[%s]::uuid[], '', '', '')"
    with as_(planted, "worker") as cursor:
        given = [new_id(), planted.world.other_scheme.id, planted.ids["person_id"]]
        assert refused(cursor, file, given)
        assert not refused(cursor, file, [new_id(), planted.world.scheme.id, planted.ids["person_id"]])


@pytest.mark.parametrize(
    "change",
    [
        "expires_at = '2099-01-01'",
        "subject_id = gen_random_uuid()",
        "purpose = 'questionnaire'",
        "revoked_at = NULL",
    ],
)
def test_link_can_only_end(planted: Planted, change: str) -> None:
    with as_(planted, "worker") as cursor:
        statement = f"UPDATE foundation_signedlink SET {change} WHERE id = %s"
        assert refused(cursor, statement, [planted.ids["link_id"]])


def test_holder_of_a_link_cannot_make_another(planted: Planted) -> None:
    with as_(planted, "ended") as cursor:
        made = new_id()
        cursor.execute("SELECT set_config('fingerpost.link_id', %s, true)", [str(made)])
        assert refused(
            cursor,
            "INSERT INTO foundation_signedlink (id, system_id, organisation_id, purpose, subject_id, holder_label,"
            " issued_at, expires_at, revoked_reason) VALUES (%s, %s, %s, 'connection', %s, '', now(), now() +"
            " interval '1 day', '')",
            [made, planted.world.system_id, planted.world.scheme.id, planted.ids["connection_id"]],
        )


def test_row_cannot_be_moved_into_or_out_of_a_system(planted: Planted) -> None:
    away = planted.elsewhere.system_id
    with as_(planted, "worker") as cursor:
        tables = rows(
            cursor,
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'system_id'"
            " WHERE c.relrowsecurity AND has_column_privilege(c.oid, a.attnum, 'UPDATE')",
        )
        moved = [
            table
            for (table,) in tables
            if not refused(cursor, f'UPDATE "{table}" SET system_id = %s', [away]) and cursor.rowcount
        ]
    assert len(tables) > 15
    assert moved == []
