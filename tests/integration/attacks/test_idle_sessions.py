"""A session somebody walked away from: it ends, what was typed is kept, and for nobody else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from tests.factories.world import PASSWORD, email_of
from tests.integration.attacks.test_signing_in import LOGIN, enter, undone
from tests.integration.routes.planted import Planted, fresh_client

from fingerpost.kernel import clock
from fingerpost.web.foundation.scope import scope

HALF_HOUR = timedelta(minutes=30)
WORDS = "She said that the choir is what she misses."


@pytest.fixture(autouse=True)
def limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FINGERPOST_IDLE_MINUTES", 30)


def send(client: Client, path: str, given: dict[str, Any]) -> Any:
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    return client.post(path, {**given, "csrfmiddlewaretoken": token})


def signed_in(who: str) -> Client:
    client = fresh_client()
    enter(client, who)
    assert client.get("/today/").status_code == 200
    return client


def sign_in_again(client: Client) -> None:
    send(client, LOGIN, {"login": email_of("worker"), "password": PASSWORD})


def hidden_fields(page: str) -> dict[str, str]:
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    found.pop("csrfmiddlewaretoken", None)
    return found


def contact(planted: Planted, client: Client) -> tuple[str, dict[str, str]]:
    """The form that is open on a person's page, filled in."""
    path = f"/cases/{planted.ids['case_id']}/contact/"
    page = client.get(f"/cases/{planted.ids['case_id']}/").content.decode()
    form = page.split(f'action="{path}"')[1].split("</form>")[0]
    given = hidden_fields(form)
    return path, {
        **given,
        "mode": "phone",
        "outcome": "reached",
        "minutes": "20",
        "when": "now",
        "note": WORDS,
    }


def test_session_ends_half_an_hour_after_the_last_page(planted: Planted) -> None:
    with undone(planted):
        client, at = signed_in("worker"), planted.world.at
        with clock.fixed(at + timedelta(minutes=29)):
            assert client.get("/today/").status_code == 200
        with clock.fixed(at + timedelta(minutes=58)):
            assert client.get("/today/").status_code == 200
        with clock.fixed(at + timedelta(minutes=58) + HALF_HOUR):
            answer = client.get("/cases/?page=1")
            assert answer["Location"].startswith(LOGIN) and "cases" in answer["Location"]
            assert client.get("/today/")["Location"].startswith(LOGIN)
        assert client.get("/today/")["Location"].startswith(LOGIN)


def test_button_of_the_warning_keeps_the_session(planted: Planted) -> None:
    with undone(planted):
        client, at = signed_in("worker"), planted.world.at
        with clock.fixed(at + timedelta(minutes=29)):
            assert send(client, "/accounts/stay/", {}).status_code == 204
        with clock.fixed(at + timedelta(minutes=58)):
            assert client.get("/today/").status_code == 200
        with clock.fixed(at + timedelta(minutes=58) + HALF_HOUR):
            assert send(client, "/accounts/stay/", {}).status_code == 302


def test_form_sent_too_late_is_kept_and_saved_after_signing_in_again(planted: Planted) -> None:
    with undone(planted):
        client, at = signed_in("worker"), planted.world.at
        path, given = contact(planted, client)
        with clock.fixed(at + HALF_HOUR):
            answer = send(client, path, given)
            assert answer["Location"].startswith(LOGIN)
            kept = re.search(r"/accounts/resume/[0-9a-f-]+/", answer["Location"].replace("%2F", "/"))
            assert kept
            assert client.get(kept[0])["Location"].startswith(LOGIN)
            sign_in_again(client)
            page = client.get(kept[0]).content.decode()
            assert WORDS in page and f'action="{path}"' in page
            sent = send(client, path, hidden_fields(page))
            assert sent.status_code == 302
            assert WORDS in client.get(f"/cases/{planted.ids['case_id']}/").content.decode()


@pytest.mark.parametrize("asked", ["/today/", "/accounts/stay/"])
def test_form_is_kept_too_when_another_window_was_asked_first(planted: Planted, asked: str) -> None:
    with undone(planted):
        client, at = signed_in("worker"), planted.world.at
        path, given = contact(planted, client)
        with clock.fixed(at + HALF_HOUR):
            ended = send(client, asked, {}) if "stay" in asked else client.get(asked)
            assert ended["Location"].startswith(LOGIN)
            location = send(client, path, given)["Location"].replace("%2F", "/")
            kept = re.search(r"/accounts/resume/[0-9a-f-]+/", location)
            assert kept and "idle=1" in location
            thief = fresh_client()
            enter(thief, "lead")
            assert thief.get(kept[0]).status_code == 404
            sign_in_again(client)
            assert WORDS in client.get(kept[0]).content.decode()


def test_whoever_signed_out_or_was_never_here_leaves_nothing(planted: Planted) -> None:
    with undone(planted):
        client = signed_in("worker")
        path, given = contact(planted, client)
        send(client, "/accounts/logout/", {})
        assert "resume" not in send(client, path, given)["Location"]
        client.cookies["fingerpost_away"] = str(planted.world.worker.user_id)
        assert "resume" not in send(client, path, given)["Location"]


def test_what_was_kept_opens_for_nobody_else_and_not_for_ever(planted: Planted) -> None:
    with undone(planted):
        client, at = signed_in("worker"), planted.world.at
        path, given = contact(planted, client)
        with clock.fixed(at + HALF_HOUR):
            location = send(client, path, given)["Location"].replace("%2F", "/")
            kept = re.search(r"/accounts/resume/[0-9a-f-]+/", location)
            assert kept
            for who in ("lead", "other_worker", "gp"):
                thief = fresh_client()
                enter(thief, who)
                assert thief.get(kept[0]).status_code == 404
        with clock.fixed(at + 2 * HALF_HOUR):
            sign_in_again(client)
            assert client.get(kept[0]).status_code == 404


def test_what_is_kept_cannot_be_read_in_the_database(planted: Planted) -> None:
    with undone(planted):
        client, at = signed_in("worker"), planted.world.at
        path, given = contact(planted, client)
        with clock.fixed(at + HALF_HOUR):
            send(client, path, given)
        with scope(planted.actors["lead"]), connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(key || value, ' ') FROM foundation_cacheentry")
            assert "choir" not in cursor.fetchone()[0]


def test_form_of_another_site_is_not_kept(planted: Planted) -> None:
    with undone(planted):
        client, at = signed_in("worker"), planted.world.at
        with clock.fixed(at + HALF_HOUR):
            answer = client.post(f"/cases/{planted.ids['case_id']}/contact/", {"note": WORDS})
            assert answer.status_code == 403


def test_password_that_was_typed_is_never_kept(planted: Planted) -> None:
    with undone(planted):
        client, at = signed_in("worker"), planted.world.at
        with clock.fixed(at + HALF_HOUR):
            answer = send(client, "/accounts/password/change/", {"oldpassword": "x", "password1": "y"})
            assert answer["Location"].startswith(LOGIN) and "resume" not in answer["Location"]


def test_link_of_a_provider_works_in_the_browser_of_an_idle_session(planted: Planted) -> None:
    with undone(planted):
        client, at = signed_in("worker"), planted.world.at
        with clock.fixed(at + HALF_HOUR):
            assert client.get(f"/p/{planted.ids['token']}/").status_code == 200
