"""The second proof at sign-in, handled by somebody who has the password and not the telephone."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.db import connection
from django.test import Client
from tests.factories.world import PASSWORD, email_of
from tests.integration.attacks.test_signing_in import LOGIN, enter, undone
from tests.integration.routes.planted import CSRF, Planted, fresh_client

from fingerpost.web.foundation.scope import scope

SET_UP, CODE, AGAIN = "/accounts/second/app/", "/accounts/second/authenticate/", "/accounts/second/again/"
CODES, REMOVE = "/accounts/second/codes/", "/accounts/second/app/remove/"


@pytest.fixture(autouse=True)
def required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FINGERPOST_MFA_REQUIRED", True)


def code_for(secret: str, *, steps: int = 0) -> str:
    counter = int(time.time()) // 30 + steps
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def give(client: Client, path: str, code: str) -> Any:
    return send(client, path, code=code)


def send(client: Client, path: str, **given: str) -> Any:
    """A post as the browser makes it: the form token changes at sign-in."""
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    return client.post(path, {**given, "csrfmiddlewaretoken": token})


def set_up(who: str) -> tuple[Client, str, list[str]]:
    """Sign in for the first time and set up the app: the client, its secret, the recovery codes."""
    client = fresh_client()
    enter(client, who)
    page = client.get(SET_UP).content.decode()
    [secret] = re.findall(r"<code[^>]*>([A-Z2-7]{32})</code>", page)
    done = give(client, SET_UP, code_for(secret, steps=-1))
    assert done["Location"] == CODES
    codes = re.findall(r"<code>(\d{8})</code>", client.get(CODES).content.decode())
    assert len(codes) == 10
    return client, secret, codes


def set_up_earlier(planted: Planted, who: str, by: str) -> None:
    """As if the app had been set up so much earlier (or later, with a minus)."""
    with scope(planted.actors[who]), connection.cursor() as cursor:
        cursor.execute("UPDATE mfa_authenticator SET created_at = created_at - %s::interval", [by])
        assert cursor.rowcount == 2


def opens(client: Client, path: str = "/today/") -> bool:
    return client.get(path).status_code == 200


def test_account_without_a_second_proof_can_only_set_one_up(planted: Planted) -> None:
    with undone(planted):
        client = fresh_client()
        enter(client, "worker")
        for path in ("/today/", "/find-person/", f"/cases/{planted.ids['case_id']}/", "/accounts/second/"):
            assert client.get(path)["Location"].startswith(SET_UP)
        refused = send(client, f"/cases/{planted.ids['case_id']}/contact/", note="x")
        assert refused["Location"].startswith(SET_UP)
        assert client.get(SET_UP).status_code == 200
        assert give(client, SET_UP, "000000").status_code == 200
        assert not opens(client)


def test_set_up_shows_recovery_codes_once_and_lets_in(planted: Planted) -> None:
    with undone(planted):
        client, _, codes = set_up("worker")
        assert opens(client)
        again = client.get(CODES).content.decode()
        assert not any(code in again for code in codes)


def test_right_password_alone_opens_nothing(planted: Planted) -> None:
    with undone(planted):
        set_up("worker")
        thief = fresh_client()
        assert enter(thief, "worker")["Location"] == CODE
        for path in ("/today/", "/accounts/second/", SET_UP, REMOVE, CODES, "/accounts/password/change/"):
            assert thief.get(path)["Location"].startswith(LOGIN)
        assert give(thief, CODE, "000000").status_code == 200
        assert not opens(thief)


def test_right_code_lets_in_and_counts_once(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tolerance of the clock keeps a code right for longer than the accounts package remembers it."""
    with undone(planted):
        _, secret, _ = set_up("worker")
        code = code_for(secret)
        client, watcher = fresh_client(), fresh_client()
        enter(client, "worker")
        enter(watcher, "worker")
        give(client, CODE, code)
        assert opens(client)
        give(watcher, CODE, code)
        assert not opens(watcher)
        connection.cursor().execute(
            "UPDATE foundation_cacheentry SET expires_at = expires_at - interval '31 seconds'"
        )
        give(watcher, CODE, f" {code[:3]} {code[3:]}")
        assert not opens(watcher)


def test_code_of_setting_up_does_not_sign_in(planted: Planted) -> None:
    with undone(planted):
        _, secret, _ = set_up("worker")
        watcher = fresh_client()
        enter(watcher, "worker")
        give(watcher, CODE, code_for(secret, steps=-1))
        assert not opens(watcher)


def test_recovery_code_lets_in_once(planted: Planted) -> None:
    with undone(planted):
        _, _, codes = set_up("worker")
        for wanted in (True, False):
            client = fresh_client()
            enter(client, "worker")
            give(client, CODE, codes[3])
            assert opens(client) is wanted


def test_codes_cannot_be_tried_one_after_another(planted: Planted) -> None:
    """Ten wrong ones in five minutes, from whatever browser, and the right one is refused as well."""
    with undone(planted):
        _, secret, codes = set_up("worker")
        for _ in range(10):
            client = fresh_client()
            enter(client, "worker")
            give(client, CODE, "123456")
        client = fresh_client()
        enter(client, "worker")
        answer = give(client, CODE, code_for(secret))
        assert "Too many tries" in answer.content.decode()
        give(client, CODE, codes[0])
        assert not opens(client)


def test_session_from_before_the_set_up_is_asked_for_a_code(planted: Planted) -> None:
    with undone(planted):
        early = fresh_client()
        enter(early, "worker")
        _, secret, _ = set_up("worker")
        assert early.get("/today/")["Location"].startswith(AGAIN)
        for path in (SET_UP, REMOVE, CODES, "/accounts/password/change/"):
            assert early.get(path).status_code == 302, path
        give(early, f"{AGAIN}?next=/today/", code_for(secret))
        assert opens(early)


def test_leads_to_no_other_site(planted: Planted) -> None:
    with undone(planted):
        _, secret, _ = set_up("worker")
        early = fresh_client()
        enter(early, "worker")
        answer = give(early, f"{CODE}?next=https://evil.example/", code_for(secret))
        assert "evil.example" not in answer["Location"]


def test_telephone_is_taken_away_only_after_proof_and_another_must_follow(planted: Planted) -> None:
    with undone(planted):
        client, _, _ = set_up("worker")
        session = client.session
        for record in session["account_authentication_methods"]:
            record["at"] -= 3600
        session.save()
        set_up_earlier(planted, "worker", "2 hours")
        assert "/reauthenticate/" in client.get(REMOVE)["Location"]
        asked = send(client, REMOVE)
        assert "/reauthenticate/" in asked["Location"]
        assert opens(client)
        send(client, "/accounts/reauthenticate/", password=PASSWORD)
        send(client, REMOVE)
        assert client.get("/today/")["Location"].startswith(SET_UP)


def test_secrets_are_read_by_nobody_else_and_not_in_clear(planted: Planted) -> None:
    with undone(planted):
        _, secret, codes = set_up("worker")
        with scope(planted.actors["worker"]), connection.cursor() as cursor:
            cursor.execute("SELECT type, data::text FROM mfa_authenticator")
            own = dict(cursor.fetchall())
        assert set(own) == {"totp", "recovery_codes"}
        assert secret not in own["totp"] and not any(code in own["recovery_codes"] for code in codes)
        for who in ("lead", "other_worker", "administrator", "away_worker"):
            with scope(planted.actors[who]), connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM mfa_authenticator")
                assert cursor.fetchone() == (0,)


def test_question_for_a_code_tells_nothing_before_the_password_is_right(planted: Planted) -> None:
    """An account with a second proof, one without, and none at all: a wrong password is answered alike."""
    with undone(planted):
        set_up("worker")
        answers = set()
        for login in (email_of("worker"), email_of("lead"), "nobody@staff.example"):
            response = fresh_client().post(
                LOGIN, {"login": login, "password": "wrong", "csrfmiddlewaretoken": CSRF}
            )
            answers.add((response.status_code, response.get("Location")))
        assert answers == {(200, None)}


def test_link_of_a_provider_needs_no_second_proof(planted: Planted) -> None:
    with undone(planted):
        client = fresh_client()
        enter(client, "worker")
        assert client.get(f"/p/{planted.ids['token']}/").status_code == 200
