"""Traces are sealed, and whoever touches one afterwards, even as the owner of the database, is told of in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from tests.factories.world import NOW, World, a_referral, build_world
from tests.plugins.database import FreshDatabase

from fingerpost.localstack.postgres import OWNER
from fingerpost.web.audit import api as audit
from fingerpost.web.audit.sealing import HEARTBEAT, seal_waiting
from fingerpost.web.audit.verifying import Verification

KEY = settings.FINGERPOST_SEAL_KEY


@pytest.fixture
def sealed(own_database: FreshDatabase) -> FreshDatabase:
    """A database with a referral and a look at the person, all sealed."""
    world = build_world()
    _look(world, a_referral(world).person_id)
    assert seal_waiting(at=world.at) > 10
    assert seal_waiting(at=world.at) == 0
    return own_database


def _look(world: World, person_id: UUID) -> None:
    with world.as_("gp") as gp:
        audit.record_view(actor=gp, person_id=person_id, label="Amina Okafor", page="person", reason="a call")


def _verify(*, key: str = KEY, remembered: bool = True, at: datetime = NOW, **more: Any) -> Verification:
    kept = audit.kept_outside("maintenance") if remembered else None
    return audit.verify(using="maintenance", key=key, kept=kept, at=at, **more)


def _as_owner(database: FreshDatabase, *statements: str) -> None:
    """What somebody does who owns the tables and switches off whatever stands in the way."""
    with psycopg.connect(database.url(OWNER)) as owner:
        for statement in statements:
            owner.execute(statement)


def test_untouched_traces_verify(sealed: FreshDatabase) -> None:
    found = _verify()
    assert found.faults == found.gaps == []
    assert found.rows > 10
    assert found.waiting == 0


_PERSON_HISTORY = "people_personhistoryevent"
_UNGUARD = f"ALTER TABLE {_PERSON_HISTORY} DISABLE TRIGGER USER"
_REGUARD = f"ALTER TABLE {_PERSON_HISTORY} ENABLE TRIGGER USER"
TAMPERING = {
    "a look is removed": (["DELETE FROM audit_access"], "audit_access, seal", "1 row missing"),
    "a look is edited": (
        ["UPDATE audit_access SET actor_label = 'Somebody Else'"],
        "audit_access, seal",
        "1 row changed after sealing",
    ),
    "a change is removed": (
        [_UNGUARD, f"DELETE FROM {_PERSON_HISTORY}", _REGUARD],
        f"{_PERSON_HISTORY}, seal",
        "1 row missing",
    ),
    "a change is edited": (
        [_UNGUARD, f"UPDATE {_PERSON_HISTORY} SET family_name = 'Smith'", _REGUARD],
        f"{_PERSON_HISTORY}, seal",
        "1 row changed",
    ),
    "a back-dated look is slipped in past the trigger": (
        [
            "ALTER TABLE audit_access DISABLE TRIGGER USER",
            "INSERT INTO audit_access SELECT gen_random_uuid(), system_id, at - interval '3 days', kind, actor_id,"
            " actor_label, organisation_id, page, person_ids, person_label, query_hash, reason FROM audit_access",
            "ALTER TABLE audit_access ENABLE TRIGGER USER",
        ],
        "audit_access: 1 row added outside the seals",
        "dated 2026-02-28",
    ),
    "the trigger is left switched off": (
        ["ALTER TABLE audit_access DISABLE TRIGGER USER"],
        "audit_access is not watched",
        "switched off",
    ),
    "a seal is removed": (["DELETE FROM audit_seal WHERE number = 2"], "Seal 2 is missing", "removed"),
    "a seal is edited": (
        ["UPDATE audit_seal SET sealed_at = sealed_at - interval '1 day' WHERE number = 2"],
        "Seal 2 was edited",
        "without the key",
    ),
    "the last seals are removed with all they cover": (
        [
            "DELETE FROM audit_access WHERE id::text IN (SELECT unnest(row_ids) FROM audit_seal)",
            "DELETE FROM audit_seal WHERE \"table\" = 'audit_access'",
            "DELETE FROM audit_seal WHERE number > (SELECT max(number) - 1 FROM audit_seal)",
        ],
        "which this machine remembers as made",
        "removed or made again",
    ),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_by_the_owner_is_told(sealed: FreshDatabase, how: str) -> None:
    statements, where, what = TAMPERING[how]
    _as_owner(sealed, *statements)
    told = "\n".join(_verify().faults)
    assert where in told
    assert what in told


def test_another_key_is_told_as_such(sealed: FreshDatabase) -> None:
    [told] = _verify(key="another key").faults
    assert "FINGERPOST_SEAL_KEY is not the one" in told


def test_witness_outside_the_database_is_not_overwritten(sealed: FreshDatabase) -> None:
    _as_owner(sealed, "DELETE FROM audit_seal", "DELETE FROM audit_access", "TRUNCATE audit_unsealed")
    world = build_world(mark=" 2")
    assert seal_waiting(at=world.at) > 0
    assert any("remembers as made" in fault for fault in _verify().faults)


def test_late_commit_is_sealed_when_it_commits(sealed: FreshDatabase) -> None:
    world = build_world(mark=" 2")
    seal_waiting(at=world.at)
    with psycopg.connect(sealed.url()) as late:
        late.execute(
            "SELECT set_config('fingerpost.system_id', %s, true), set_config('fingerpost.actor_id', 'system:x', true),"
            " set_config('fingerpost.actor_label', 'x', true)",
            [str(world.system_id)],
        )
        late.execute(
            "SELECT audit_record_access(gen_random_uuid(), 'list', NULL, 'a page', '{}', '', '', '')"
        )
        _look(world, a_referral(world).person_id)
        between = seal_waiting(at=world.at)
        assert between > 0
        assert _verify().faults == []
        late.commit()
    assert _verify().waiting == 1
    assert seal_waiting(at=world.at) == 1
    assert _verify().faults == []


def test_a_column_that_comes_later_is_no_alarm(sealed: FreshDatabase) -> None:
    _as_owner(sealed, f"ALTER TABLE {_PERSON_HISTORY} ADD COLUMN later text NOT NULL DEFAULT 'x'")
    assert _verify().faults == []


def test_long_backlog_is_sealed_in_bounded_steps(
    sealed: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fingerpost.web.audit.sealing.ROWS_IN_A_SEAL", 10)
    monkeypatch.setattr("fingerpost.web.audit.sealing.SEALS_AT_ONCE", 3)
    _as_owner(
        sealed,
        "INSERT INTO audit_access SELECT gen_random_uuid(), system_id, at, kind, actor_id, actor_label,"
        " organisation_id, page, person_ids, person_label, query_hash, reason"
        " FROM audit_access, generate_series(1, 45)",
    )
    at = build_world.__kwdefaults__["at"]
    assert [seal_waiting(at=at) for _ in range(3)] == [30, 15, 0]
    assert _verify().faults == []


FORBIDDEN = [
    "SELECT * FROM audit_seal",
    "DELETE FROM audit_seal",
    "UPDATE audit_seal SET mark = ''",
    "INSERT INTO audit_unsealed VALUES (gen_random_uuid(), 'audit_access', 'x')",
    "DELETE FROM audit_unsealed",
    "TRUNCATE audit_seal",
    "ALTER TABLE audit_access DISABLE TRIGGER USER",
    "SELECT audit_add_seal(gen_random_uuid(), 1, now(), 'audit_access', '{}', '{}', '', '', 'x')",
    "SELECT audit_add_seal(gen_random_uuid(), (SELECT number + 1 FROM audit_newest_seal()), now(), 'audit_access',"
    " '{}', '{x}', sha256(''), (SELECT mark FROM audit_newest_seal()), 'x')",
]


def test_application_role_can_do_nothing_to_seals(sealed: FreshDatabase) -> None:
    for statement in FORBIDDEN:
        refused = r"permission denied|must be owner|a seal "
        with pytest.raises(DatabaseError, match=refused), transaction.atomic():
            connection.cursor().execute(statement)


def test_seal_made_without_the_key_by_the_application_role_is_called_false(sealed: FreshDatabase) -> None:
    build_world(mark=" 2")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_add_seal(gen_random_uuid(), n.number + 1, now(), w.table_name, '{}', ARRAY[d.row_id],"
            " d.digest, n.mark, repeat('0', 64)) FROM audit_newest_seal() n,"
            " (SELECT audit_waiting_tables() AS table_name LIMIT 1) w, audit_unsealed_digests(w.table_name, 1) d"
        )
    assert any("made without the key" in fault for fault in _verify().faults)


def _minutes(number: float) -> datetime:
    return NOW + timedelta(minutes=number)


def _run_each_minute(first: int, last: int) -> None:
    for minute in range(first, last):
        assert seal_waiting(at=_minutes(minute)) == 0


def test_quiet_hours_are_sealed_too_and_seldom(sealed: FreshDatabase) -> None:
    before = _verify().seals
    _run_each_minute(0, 121)
    found = _verify(at=_minutes(121))
    assert found.faults == found.gaps == []
    assert found.seals == before + timedelta(hours=2) // HEARTBEAT


def test_stopped_job_shows_as_a_time_without_seals(sealed: FreshDatabase) -> None:
    _run_each_minute(0, 31)
    _run_each_minute(95, 120)
    found = _verify(at=_minutes(120))
    assert found.faults == []
    [told] = found.gaps
    assert "Nothing was sealed between 2026-03-03 10:30 UTC and 2026-03-03 11:35 UTC" in told
    assert _verify(at=_minutes(120), gaps_since=_minutes(95)).gaps == []
    assert _verify(at=_minutes(120), gaps_since=_minutes(94)).gaps == found.gaps


def test_job_that_stands_still_now_is_told(sealed: FreshDatabase) -> None:
    _run_each_minute(0, 31)
    assert _verify(at=_minutes(45)).gaps == []
    [told] = _verify(at=_minutes(60)).gaps
    assert "since 2026-03-03 10:30 UTC: is the worker running?" in told


def test_seal_over_nothing_that_was_removed_or_made_up_is_told(sealed: FreshDatabase) -> None:
    _run_each_minute(0, 31)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_add_seal(gen_random_uuid(), n.number + 1, %s, '', '{}', '{}', '', n.mark, repeat('0', 64))"
            " FROM audit_newest_seal() n",
            [_minutes(40)],
        )
    assert any("made without the key" in fault for fault in _verify().faults)
    _as_owner(sealed, "DELETE FROM audit_seal WHERE number = (SELECT max(number) - 2 FROM audit_seal)")
    assert any("is missing" in fault for fault in _verify().faults)


def test_database_that_no_worker_has_seen_is_told(own_database: FreshDatabase) -> None:
    assert "Nothing has ever been sealed" in _verify().gaps[0]


def test_seals_from_before_there_were_ones_over_nothing_are_no_alarm(sealed: FreshDatabase) -> None:
    """A chain of rows alone had quiet nights in it."""
    later = build_world(mark=" 2", at=NOW + timedelta(hours=9)).at
    assert seal_waiting(at=later) > 0
    assert _verify(at=later).gaps == []
