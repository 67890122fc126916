"""A session that the provider has opened, and somebody who sits down at it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from tests.factories.sign_in_provider import Provider
from tests.factories.world import PASSWORD, email_of
from tests.integration.attacks.test_provider import (
    LINK,
    LOGIN,
    MANAGE,
    UNLINK,
    come_back,
    leave,
    linked,
    opens,
    provider,
    running,
    through,
    without_password,
)
from tests.integration.attacks.test_second_proof import send
from tests.integration.attacks.test_sign_ins import told
from tests.integration.attacks.test_signing_in import undone
from tests.integration.routes.planted import Planted, fresh_client

from fingerpost.web.config import provider_tokens

__all__ = ["provider", "running", "told"]  # fixtures

AGAIN, APP = "/accounts/provider/again/", "/accounts/second/app/"
CHANGE, RESET = "/accounts/password/change/", "/accounts/password/reset/"


@contextmanager
def opened_by_provider_alone(planted: Planted, provider: Provider, subject: str) -> Iterator[Client]:
    with undone(planted):
        linked(provider, "worker", subject)
        with without_password(planted, "worker"):
            client = fresh_client()
            through(provider, client, subject)
            assert opens(client)
            yield client


def test_sign_in_through_the_provider_is_no_proof_for_a_link(planted: Planted, provider: Provider) -> None:
    """The issuer was changed, so that nothing is linked now, and a session is open that the provider made."""
    with undone(planted):
        linked(provider, "worker", "p-1")
        session = fresh_client()
        through(provider, session, "p-1")
        for path in (LINK, UNLINK, "/accounts/second/app/"):
            assert send(session, path)["Location"].startswith("/accounts/reauthenticate/"), path
        # With something of ours it goes on, in a browser that holds forms against where they lead.
        again = session.get("/accounts/reauthenticate/")
        assert provider.address in again["Content-Security-Policy"]
        send(session, "/accounts/reauthenticate/", password=PASSWORD)
        assert send(session, UNLINK)["Location"] == MANAGE
        assert urlsplit(leave(session, LINK)).netloc == urlsplit(provider.address).netloc


def test_nothing_is_linked_by_an_account_that_has_nothing_of_ours(
    planted: Planted, provider: Provider
) -> None:
    with opened_by_provider_alone(planted, provider, "p-2") as client:
        _anew(provider)
        assert proves(client, provider, "p-2")
        # Proved anew at the provider, and yet no link to another account there can be begun.
        assert send(client, LINK)["Location"] == MANAGE
        assert "Choose a password first" in client.get(MANAGE).content.decode()
        asked = parse_qs(urlsplit(provider.sign_in(leave(fresh_client()), "thief")).query)
        come_back(client, f"/accounts/provider/back/?code={asked['code'][0]}&state={asked['state'][0]}")
        again = fresh_client()
        assert through(provider, again, "thief")["Location"] == LOGIN


def _anew(provider: Provider, **changes: Any) -> None:
    """The provider says when it asked: now, or what is given."""
    provider_tokens._kept.clear()  # its second key is published from now on
    provider.alter = lambda claims: provider.signed(claims, **{"auth_time": int(time.time()), **changes})


def proves(client: Client, provider: Provider, subject: str) -> bool:
    return bool(through(provider, client, subject, AGAIN)["Location"] == MANAGE)


def test_proved_anew_at_the_provider(planted: Planted, provider: Provider) -> None:
    with opened_by_provider_alone(planted, provider, "p-3") as client:
        assert client.get(APP)["Location"].startswith(AGAIN)
        page = client.get(client.get(APP)["Location"])
        assert "Sign in once more" in page.content.decode()
        assert f"form-action 'self' {provider.address}" in page["Content-Security-Policy"]
        address = send(client, AGAIN, next=APP)["Location"]
        asked = parse_qs(urlsplit(address).query)
        assert asked["prompt"] == ["login"] and asked["max_age"] == ["0"]
        _anew(provider)
        assert come_back(client, provider.sign_in(address, "p-3"))["Location"] == APP
        assert client.get(APP).status_code == 200


STALE = {
    "a session kept there for an hour": {"auth_time": int(time.time()) - 3600},
    "not said when": {"auth_time": None},
    "said in words": {"auth_time": "now"},
    "true": {"auth_time": True},
    "in an hour": {"auth_time": int(time.time()) + 3600},
}


@pytest.mark.parametrize("changes", STALE.values(), ids=STALE.keys())
def test_kept_session_there_proves_nothing(
    planted: Planted, provider: Provider, changes: dict[str, Any]
) -> None:
    with opened_by_provider_alone(planted, provider, "p-4") as client:
        _anew(provider, **changes)
        assert not proves(client, provider, "p-4")
        assert "did not say that you have just signed in" in client.get(AGAIN).content.decode()
        assert client.get(APP)["Location"].startswith(AGAIN)
        _anew(provider)
        assert proves(client, provider, "p-4")


def test_another_account_there_proves_nothing(planted: Planted, provider: Provider) -> None:
    with opened_by_provider_alone(planted, provider, "p-5") as client:
        _anew(provider)
        assert not proves(client, provider, "somebody-else")
        assert "another account than the one that is linked" in client.get(AGAIN).content.decode()
        assert client.get(APP)["Location"].startswith(AGAIN)


def test_proof_at_the_provider_ends_with_its_time_and_with_the_link(
    planted: Planted, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened_by_provider_alone(planted, provider, "p-6") as client:
        _anew(provider)
        assert proves(client, provider, "p-6") and client.get(APP).status_code == 200
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + 3600)
        assert client.get(APP)["Location"].startswith(AGAIN)
        monkeypatch.undo()
        # At another issuer nothing is linked: nothing is proved, and the package's "no way to prove" opens nothing.
        monkeypatch.setattr(settings, "FINGERPOST_OIDC", provider.settings(issuer="https://new.example"))
        assert client.get(APP)["Location"].startswith(LOGIN)


def test_whoever_has_a_password_proves_it_here(planted: Planted, provider: Provider) -> None:
    with undone(planted):
        client = linked(provider, "worker", "p-7")
        for answer in (client.get(AGAIN), send(client, AGAIN)):
            assert answer["Location"] == "/accounts/reauthenticate/"
        assert send(fresh_client(), AGAIN).status_code in (302, 403)


def test_first_password_is_chosen_by_a_link_to_the_address(
    planted: Planted, provider: Provider, told: Any
) -> None:
    with opened_by_provider_alone(planted, provider, "p-8") as client:
        assert client.get(CHANGE)["Location"] == RESET
        assert "You have no password here" in client.get(MANAGE).content.decode()
        told()
        send(client, RESET, email=email_of("worker"))
        [message] = told()
        assert message.to == [email_of("worker")] and "/accounts/password/reset/key/" in message.body


def test_account_is_told_when_it_is_linked_and_unlinked(
    planted: Planted, provider: Provider, told: Any
) -> None:
    with undone(planted):
        client = linked(provider, "worker", "p-9")
        subjects = {message.subject for message in told()}
        assert "A new way to sign in was added to your account" in subjects
        send(client, UNLINK)
        [message] = told()
        assert message.to == [email_of("worker")] and "unlinked from Fells Trust" in message.body
        # A press that changes nothing tells nothing; nor does a link that is refused.
        send(client, UNLINK)
        assert told() == []
        linked(provider, "lead", "p-9")
        told()
        through(provider, client, "p-9", LINK)
        assert told() == [] and mail.outbox == []
