"""Access, changed by SQL as the application role: what an administrator, a colleague and a link cannot do.

Each attempt is one statement that the pages would never send. The walls refuse it, or it touches no row.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests.integration.attacks.test_sql_as_the_application import as_, refused, rows
from tests.integration.routes.planted import Planted

from fingerpost.kernel.ids import new_id
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope

JOIN = (
    "INSERT INTO tenancy_membership (id, system_id, user_id, organisation_id, role, starts_at)"
    " VALUES (%s, %s, %s, %s, %s, now() - interval '2 years')"
)
INVITE = (
    "INSERT INTO tenancy_invitation (id, system_id, email, name, organisation_id, role, inviter_name, invited_at,"
    " sent_at, expires_at) VALUES (%s, %s, 'me@evil.example', 'Me', %s, 'administrator', '', now(), now(),"
    " now() + interval '9 days')"
)


def joins(planted: Planted, cursor: object, *, user: str, where: str, role: str) -> bool:
    world = planted.elsewhere if where.startswith("away_") else planted.world
    organisation = getattr(world, where.removeprefix("away_"))
    given = [new_id(), world.system_id, planted.actors[user].user_id, organisation.id, role]
    return not refused(cursor, JOIN, given)


def test_administrator_gives_roles_in_their_own_organisation_only(planted: Planted) -> None:
    with as_(planted, "administrator") as cursor:
        assert joins(planted, cursor, user="worker", where="scheme", role="team_lead")
        for where in ("practice", "other_scheme", "away_scheme"):
            assert not joins(planted, cursor, user="worker", where=where, role="team_lead"), where


def test_administrator_gives_themselves_nothing(planted: Planted) -> None:
    with as_(planted, "administrator") as cursor:
        for role in ("clinician", "link_worker", "administrator"):
            assert not joins(planted, cursor, user="administrator", where="scheme", role=role)


@pytest.mark.parametrize("who", ["worker", "lead", "manager", "gp", "ended", "suspended"])
def test_nobody_else_gives_a_role_to_anybody(planted: Planted, who: str) -> None:
    with as_(planted, who) as cursor:
        for user in (who, "second_worker"):
            for where in ("scheme", "away_scheme"):
                assert not joins(planted, cursor, user=user, where=where, role="administrator")
        given = [new_id(), planted.world.system_id, planted.world.scheme.id]
        assert refused(cursor, INVITE, given)


def test_role_organisation_and_holder_of_a_membership_never_change(planted: Planted) -> None:
    with as_(planted, "administrator") as cursor:
        for column, value in (
            ("role", "administrator"),
            ("organisation_id", planted.world.practice.id),
            ("user_id", planted.actors["administrator"].user_id),
            ("system_id", planted.elsewhere.system_id),
            ("starts_at", planted.world.at - timedelta(days=999)),
        ):
            assert refused(cursor, f"UPDATE tenancy_membership SET {column} = %s", [value]), column
        assert refused(cursor, "DELETE FROM tenancy_membership")


def test_suspension_is_lifted_by_no_holder_and_no_neighbour(planted: Planted) -> None:
    shut = planted.actors["suspended"].user_id
    lift = "UPDATE tenancy_membership SET suspended_at = NULL WHERE user_id = %s"
    for who in ("suspended", "worker", "lead", "other_administrator"):
        with as_(planted, who) as cursor:
            assert refused(cursor, lift, [shut]), who
    with as_(planted, "away_administrator") as cursor:
        cursor.execute(lift, [shut])
        assert cursor.rowcount == 0
    with as_(planted, "administrator") as cursor:
        cursor.execute(lift, [shut])
        assert cursor.rowcount == 1


def test_account_of_a_colleague_is_changed_by_nobody(planted: Planted) -> None:
    victim = planted.actors["lead"].user_id
    for who in ("administrator", "worker", "other_administrator"):
        with as_(planted, who) as cursor:
            for column, value in (("email", "me@evil.example"), ("password", "x"), ("is_active", False)):
                statement = f"UPDATE tenancy_user SET {column} = %s WHERE id = %s"
                assert refused(cursor, statement, [value, victim]), (who, column)
            assert refused(
                cursor,
                "INSERT INTO tenancy_user (id, email, name, password, is_active)"
                " VALUES (%s, 'a@b.example', '', '', true)",
                [new_id()],
            )


def test_invitations_are_read_and_made_by_whoever_administers(planted: Planted) -> None:
    for who in ("worker", "lead", "other_administrator", "away_administrator", "ended"):
        with as_(planted, who) as cursor:
            assert rows(cursor, "SELECT email FROM tenancy_invitation") == [], who
    with as_(planted, "administrator") as cursor:
        assert rows(cursor, "SELECT email FROM tenancy_invitation") == [("invited@staff.example",)]
        for column in ("email", "role", "organisation_id", "system_id"):
            assert refused(cursor, f"UPDATE tenancy_invitation SET {column} = NULL"), column
        assert refused(cursor, INVITE, [new_id(), planted.world.system_id, planted.world.other_scheme.id])
        assert refused(cursor, INVITE, [new_id(), planted.elsewhere.system_id, planted.elsewhere.scheme.id])


def test_link_of_an_invitation_opens_what_it_says_and_nothing_more(planted: Planted) -> None:
    world = planted.world
    link_id = links.id_of(str(planted.ids["invitation_token"]))
    holder = Actor(
        kind="link", id=f"link:{link_id}", label="holder", link_id=link_id, system_id=world.system_id
    )
    account = (
        "INSERT INTO tenancy_user (id, email, name, password, is_active) VALUES (%s, %s, 'x', 'x', true)"
    )
    with transaction.atomic():
        with world.as_(holder), connection.cursor() as cursor:
            assert refused(cursor, account, [new_id(), "me@evil.example"])
            assert not joins(planted, cursor, user="ended", where="scheme", role="administrator")
            assert not joins(planted, cursor, user="ended", where="practice", role="link_worker")
            assert rows(cursor, "SELECT count(*) FROM tenancy_invitation") == [(1,)]
            assert not refused(cursor, account, [new_id(), "invited@staff.example"])
            cursor.execute("UPDATE tenancy_invitation SET accepted_at = now()")
            assert not joins(planted, cursor, user="ended", where="scheme", role="link_worker")
        transaction.set_rollback(True)


def test_organisation_is_moved_below_their_own_by_nobody(planted: Planted) -> None:
    """Who administers what follows the tree: whoever could move an organisation would administer it."""
    world = planted.world
    move = "UPDATE tenancy_organisation SET parent_id = %s WHERE id = %s"
    for who in ("administrator", "other_administrator", "lead", "worker", "manager"):
        own = planted.actors[who].organisation_id
        for other in {world.practice.id, world.scheme.id, world.other_scheme.id} - {own}:
            if who == "administrator" and other == world.scheme.id:
                continue
            with as_(planted, who) as cursor:
                assert refused(cursor, move, [own, other]), who
    with as_(planted, "away_administrator") as cursor:
        cursor.execute(move, [planted.elsewhere.scheme.id, world.scheme.id])
        assert cursor.rowcount == 0
    cover = (
        "INSERT INTO tenancy_schemecoverage (id, system_id, scheme_id, practice_id, starts_on)"
        " VALUES (%s, %s, %s, %s, '2020-01-01')"
    )
    for who in ("other_administrator", "lead", "gp", "manager"):
        with as_(planted, who) as cursor:
            given = [new_id(), world.system_id, world.scheme.id, world.practice.id]
            assert refused(cursor, cover, given), who


def test_answers_of_a_review_are_never_rewritten(planted: Planted) -> None:
    with as_(planted, "administrator") as cursor:
        assert refused(cursor, "UPDATE tenancy_accessanswer SET answer = 'keep'")
        assert refused(cursor, "DELETE FROM tenancy_accessanswer")


def test_counts_of_open_cases_are_told_to_the_schemes_administrator_only(planted: Planted) -> None:
    for who, seen in (
        ("administrator", True),
        ("lead", False),
        ("other_administrator", False),
        ("gp", False),
    ):
        with as_(planted, who) as cursor:
            found = rows(cursor, "SELECT scheme, cases FROM casework_still_assigned()")
            assert {scheme for scheme, _cases in found} <= {
                planted.world.scheme.id,
                planted.world.other_scheme.id,
            }
            own = [cases for scheme, cases in found if scheme == planted.world.scheme.id]
            assert bool(own) is seen, who


def test_scope_left_open_by_nobody_administers_nothing(planted: Planted) -> None:
    with transaction.atomic():
        with scope(Actor.public(system_id=planted.world.system_id)), connection.cursor() as cursor:
            assert rows(cursor, "SELECT tenancy_administers(%s)", [planted.world.scheme.id]) == [(False,)]
            assert rows(cursor, "SELECT count(*) FROM tenancy_invitation") == [(0,)]
        transaction.set_rollback(True)
