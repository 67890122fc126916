"""Sessions, sign-in and memberships, handled by somebody who means ill."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from tests.factories.world import PASSWORD, email_of
from tests.integration.routes.asking import ask
from tests.integration.routes.planted import CSRF, Planted, fresh_client

from fingerpost.kernel import clock
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy.api import (
    MEMBERSHIP_KEY,
    account,
    current_memberships,
    end_membership,
    lift_suspension,
    suspend,
)

LOGIN = "/accounts/login/"


@contextmanager
def undone(planted: Planted) -> Iterator[None]:
    """What a test does, rows and cookies alike, is as if it had not been."""
    cookies = {who: client.cookies.copy() for who, client in planted.clients.items()}
    try:
        with clock.fixed(planted.world.at), transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        for who, client in planted.clients.items():
            client.cookies = cookies[who]


def enter(client: Client, who: str, **more: str) -> Any:
    given = {"login": email_of(who), "password": PASSWORD, "csrfmiddlewaretoken": CSRF, **more}
    return client.post(LOGIN, given)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "https:/evil.example",
        " //evil.example",
        "/\t/evil.example",
        "//testserver@evil.example/",
        "data:text/html,x",
    ],
)
def test_sign_in_leads_to_no_other_site(planted: Planted, wanted: str) -> None:
    with undone(planted):
        response = enter(fresh_client(), "worker", next=wanted)
        assert response.status_code == 302
        assert response["Location"] in ("/", "/today/")
        again = fresh_client().post(
            "/language/", {"language": "cy", "next": wanted, "csrfmiddlewaretoken": CSRF}
        )
        assert again["Location"] == "/"


def test_page_asked_for_before_is_shown_after(planted: Planted) -> None:
    with undone(planted):
        assert enter(fresh_client(), "worker", next="/cases/?worker=x")["Location"] == "/cases/?worker=x"


def test_session_planted_before_sign_in_does_not_become_the_signed_in_one(planted: Planted) -> None:
    with undone(planted):
        client = fresh_client()
        client.cookies[settings.SESSION_COOKIE_NAME] = "attackersattackersattackersattac"
        assert enter(client, "worker").status_code == 302
        kept = client.cookies[settings.SESSION_COOKIE_NAME].value
        assert kept and kept != "attackersattackersattackersattac"
        thief = fresh_client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = "attackersattackersattackersattac"
        assert thief.get("/today/").status_code == 302


def test_form_token_changes_at_sign_in(planted: Planted) -> None:
    with undone(planted):
        client = fresh_client()
        enter(client, "worker")
        assert client.cookies[settings.CSRF_COOKIE_NAME].value != CSRF


def test_signing_out_ends_the_session_and_needs_a_post(planted: Planted) -> None:
    with undone(planted):
        client = planted.clients["worker"]
        stolen = client.cookies.copy()
        assert client.get("/accounts/logout/").status_code in (200, 302)
        assert client.get("/today/").status_code == 200
        client.post("/accounts/logout/", {"csrfmiddlewaretoken": CSRF})
        client.cookies = stolen
        assert client.get("/today/")["Location"].startswith(LOGIN)


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/logout/", "/today/", "/refer/", "/membership/"]
)
def test_post_without_or_with_a_wrong_form_token_is_refused(planted: Planted, path: str) -> None:
    with undone(planted):
        client = planted.clients["gp"]
        for given in ({}, {"csrfmiddlewaretoken": "d" * 32}, {"csrfmiddlewaretoken": ""}):
            assert client.post(path, given).status_code == 403
        assert (
            client.post(path, {"csrfmiddlewaretoken": CSRF}, HTTP_ORIGIN="https://evil.example").status_code
            == 403
        )


def test_unknown_account_wrong_password_and_closed_account_answer_alike(planted: Planted) -> None:
    with undone(planted):
        bodies = []
        for login in (email_of("worker"), "nobody@staff.example"):
            response = fresh_client().post(
                LOGIN, {"login": login, "password": "wrong " * 3, "csrfmiddlewaretoken": CSRF}
            )
            bodies.append((response.status_code, _plain(response, login)))
        assert bodies[0] == bodies[1]
        assert bodies[0][0] == 200


def test_forgotten_password_answers_alike_for_an_address_without_an_account(planted: Planted) -> None:
    with undone(planted):
        answers = []
        for email in (email_of("worker"), "nobody@staff.example"):
            response = fresh_client().post(
                "/accounts/password/reset/", {"email": email, "csrfmiddlewaretoken": CSRF}
            )
            answers.append((response.status_code, response.get("Location"), _plain(response, email)))
        assert answers[0] == answers[1]


def _plain(response: Any, given: str) -> str:
    return re.sub(r'value="[^"]*"|nonce-[^\']*', "", response.content.decode().replace(given, ""))


def test_membership_of_somebody_else_is_not_taken_up_even_from_the_session(planted: Planted) -> None:
    """The switch refuses it, and a session that names it anyway acts as the account's own."""
    lead = planted.actors["lead"]
    for thief in ("worker", "other_lead", "away_lead", "ended"):
        with undone(planted):
            client = planted.clients[thief]
            client.post("/membership/", {"membership": str(lead.membership_id), "csrfmiddlewaretoken": CSRF})
            session = client.session
            assert session.get(MEMBERSHIP_KEY) != str(lead.membership_id)
            session[MEMBERSHIP_KEY] = str(lead.membership_id)
            session.save()
            assert client.get(f"/cases/{planted.ids['case_id']}/assign/").status_code in (403, 404)


def test_ended_membership_loses_everything_on_the_next_request(planted: Planted) -> None:
    worker = planted.actors["worker"]
    with undone(planted):
        assert planted.clients["worker"].get("/today/").status_code == 200
        with scope(planted.actors["administrator"]) as administrator:
            assert worker.user_id
            [held] = current_memberships(user_id=worker.user_id, at=planted.world.at)
            end_membership(membership=held, by=administrator, at=planted.world.at)
        for path in ("/today/", f"/cases/{planted.ids['case_id']}/", "/find-person/"):
            assert planted.clients["worker"].get(path).status_code == 403


def test_suspended_account_loses_everything_on_the_next_request_and_has_it_back(planted: Planted) -> None:
    worker = planted.actors["worker"]
    paths = ("/today/", f"/cases/{planted.ids['case_id']}/", "/find-person/")
    with undone(planted):
        assert worker.user_id
        assert planted.clients["worker"].get("/today/").status_code == 200
        with scope(planted.actors["administrator"]) as administrator:
            assert suspend(user_id=worker.user_id, by=administrator, at=planted.world.at) == 1
        assert {planted.clients["worker"].get(path).status_code for path in paths} == {403}
        again = fresh_client()
        enter(again, "worker")
        assert {again.get(path).status_code for path in paths} == {403}
        with scope(planted.actors["administrator"]) as administrator:
            lift_suspension(user_id=worker.user_id, by=administrator, at=planted.world.at)
        assert {planted.clients["worker"].get(path).status_code for path in paths} == {200}


def test_closed_account_loses_everything_on_the_next_request(planted: Planted) -> None:
    worker = planted.actors["worker"]
    with undone(planted):
        with scope(planted.world.job()):
            assert worker.user_id
            user = account(user_id=worker.user_id)
            user.is_active = False
            user.save(update_fields=["is_active"])
        assert planted.clients["worker"].get("/today/")["Location"].startswith(LOGIN)
        assert enter(fresh_client(), "worker")["Location"] != "/"


def test_new_password_ends_the_sessions_of_the_old_one(planted: Planted) -> None:
    worker = planted.actors["worker"]
    with undone(planted):
        with scope(planted.world.job()):
            assert worker.user_id
            user = account(user_id=worker.user_id)
            user.set_password("another horse battery staple")
            user.save(update_fields=["password"])
        assert planted.clients["worker"].session[HASH_SESSION_KEY] != user.get_session_auth_hash()
        assert planted.clients["worker"].get("/today/")["Location"].startswith(LOGIN)


def test_membership_opens_nothing_before_it_begins(planted: Planted) -> None:
    early = planted.world.at - timedelta(days=401)
    with undone(planted), clock.fixed(early):
        assert planted.clients["worker"].get("/today/").status_code == 403


def test_many_wrong_passwords_pause_one_account_and_nobody_else(planted: Planted) -> None:
    try:
        with undone(planted):
            for _ in range(11):
                enter(fresh_client(), "gp", password="wrong")
            right = enter(fresh_client(), "gp")
            assert right.status_code in (200, 429)
            assert "Too many tries" in right.content.decode() or right.status_code == 429
            assert enter(fresh_client(), "lead").status_code == 302
    finally:
        cache.clear()  # the count is kept there, and other tests sign in too


def test_methods_cannot_be_confused(planted: Planted) -> None:
    """No header or field turns one method into another, and a HEAD or OPTIONS writes nothing."""
    path = f"/cases/{planted.ids['case_id']}/contact/"
    with undone(planted):
        client = planted.clients["worker"]
        assert client.get(path, HTTP_X_HTTP_METHOD_OVERRIDE="POST").status_code == 405
        assert client.get(path, {"_method": "POST"}).status_code == 405
        for method in ("put", "patch", "delete", "options", "trace"):
            answer = getattr(client, method)(path, HTTP_X_CSRFTOKEN=CSRF)
            assert answer.status_code == 405, method
        assert client.head(f"/cases/{planted.ids['case_id']}/").content == b""
    assert ask(planted, "worker", path, "GET").written <= {"audit_access", "audit_unsealed"}
