"""Whoever lost their telephone is helped by an administrator of everything they are, and by nobody else."""

from __future__ import annotations

import pytest
from django.db import connection
from tests.integration.attacks.test_second_proof import (
    AGAIN,
    CODE,
    SET_UP,
    required,
    send,
    set_up,
    set_up_earlier,
)
from tests.integration.attacks.test_signing_in import enter, undone
from tests.integration.attacks.test_sql_as_the_application import as_, rows
from tests.integration.routes.planted import Planted, fresh_client

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy.api import reset_second_proof

__all__ = ["required"]  # a fixture that holds for every test here

RESET = "SELECT tenancy_reset_second_proof(%s)"


def test_reset_lets_the_account_set_up_another_telephone_and_is_traced(planted: Planted) -> None:
    with undone(planted):
        set_up("worker")
        again = fresh_client()
        assert enter(again, "worker")["Location"].startswith(CODE)
        worker, administrator = planted.actors["worker"], planted.actors["administrator"]
        assert worker.user_id
        with scope(administrator), connection.cursor() as cursor:
            assert reset_second_proof(user_id=worker.user_id, by=administrator, at=planted.world.at) == 2
            traced = "SELECT actor_id FROM tenancy_userhistoryevent WHERE pgh_label = %s AND pgh_obj_id = %s"
            found = rows(cursor, traced, ["second_proof_reset", worker.user_id])
        assert found == [(administrator.id,)]
        fresh = fresh_client()
        enter(fresh, "worker")
        assert fresh.get("/today/")["Location"].startswith(SET_UP)


@pytest.mark.parametrize("who", ["worker", "lead", "manager", "gp", "away_worker", "away_administrator"])
def test_nobody_else_resets_by_action_or_by_sql(planted: Planted, who: str) -> None:
    with undone(planted):
        set_up("second_worker")
        victim = planted.actors["second_worker"].user_id
        assert victim
        with as_(planted, who) as cursor:
            assert rows(cursor, RESET, [victim]) == [(0,)]
        with as_(planted, "second_worker") as cursor:
            assert rows(cursor, RESET, [victim]) == [(0,)], "nobody resets themselves"
        if "administrator" not in who:
            with scope(planted.actors[who]) as actor, pytest.raises(NotAllowed):
                reset_second_proof(user_id=victim, by=actor, at=planted.world.at)


def test_administrator_does_not_reset_an_account_of_another_organisation(planted: Planted) -> None:
    with undone(planted):
        set_up("gp")
        with as_(planted, "administrator") as cursor:
            assert rows(cursor, RESET, [planted.actors["gp"].user_id]) == [(0,)]


def test_button_of_the_administrator_closes_the_sessions_that_were_proved_before(planted: Planted) -> None:
    """A lost telephone may have an open session on it: it opens nothing more, also once another was set up."""
    with undone(planted):
        stolen, _, _ = set_up("worker")
        assert stolen.get("/today/").status_code == 200
        administrator, _, _ = set_up("administrator")
        worker = planted.actors["worker"]
        page = f"/organisations/{worker.organisation_id}/members/{worker.user_id}/"
        assert "Lost telephone" in administrator.get(page).content.decode()
        assert send(administrator, f"{page}second-proof/")["Location"] == page
        assert stolen.get("/today/")["Location"].startswith(SET_UP)
        set_up("worker")
        set_up_earlier(planted, "worker", "-10 minutes")
        assert stolen.get("/today/")["Location"].startswith(AGAIN)
