"""The provider says that somebody has signed out there; and everybody else who would say so."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import jwt
import pytest
from django.conf import settings
from django.test import Client
from tests.factories.sign_in_provider import Claims, Provider
from tests.integration.attacks.test_provider import (
    CODE,
    FOREIGN,
    LINK,
    linked,
    opens,
    provider,
    running,
    through,
)
from tests.integration.attacks.test_second_proof import code_for, give, set_up
from tests.integration.attacks.test_signing_in import undone
from tests.integration.routes.planted import Planted, fresh_client

from fingerpost.web.config import provider_tokens

__all__ = ["provider", "running"]  # fixtures

OUT = "/accounts/provider/logout/"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


def through_session(provider: Provider, subject: str, session: str | None) -> Client:
    """Signed in through the provider, in a session there that it calls so."""
    provider.alter = lambda claims: provider.signed(claims, sid=session)
    provider_tokens._kept.clear()
    client = fresh_client()
    through(provider, client, subject)
    assert opens(client)
    return client


def said(provider: Provider, subject: str | None = None, **changes: Any) -> Claims:
    """What a logout token says; None takes a claim away."""
    now = int(time.time())
    told: Claims = {
        "iss": provider.address,
        "aud": "fingerpost",
        "iat": now,
        "exp": now + 120,
        "jti": uuid4().hex,
        "events": {EVENT: {}},
        "sub": subject,
    }
    return {name: value for name, value in {**told, **changes}.items() if value is not None}


def token(provider: Provider, claims: Claims, *, kind: str | None = "logout+jwt") -> str:
    headers = {"kid": provider.kid, "typ": kind}
    return jwt.encode(claims, provider.key, algorithm="RS256", headers=headers)


def tell(given: str) -> Any:
    """By a machine: no cookie, no token of a form."""
    return Client(enforce_csrf_checks=True).post(OUT, {"logout_token": given})


def test_sessions_of_that_account_made_by_the_provider_end_and_no_others(
    planted: Planted, provider: Provider
) -> None:
    with undone(planted):
        by_password = linked(provider, "worker", "o-1")
        linked(provider, "lead", "o-2")
        first, second = (through_session(provider, "o-1", name) for name in ("s-1", "s-2"))
        colleague = through_session(provider, "o-2", "s-3")
        answer = tell(token(provider, said(provider, "o-1")))
        assert answer.status_code == 200 and answer["Cache-Control"].startswith(
            "max-age=0, no-cache, no-store"
        )
        assert "ended=1" in first.get("/today/")["Location"]
        assert not opens(first) and not opens(second)
        assert opens(by_password) and opens(colleague)
        # Signing in again is possible at once.
        assert opens(through_session(provider, "o-1", "s-4"))


def test_one_session_there_ends_what_it_opened(planted: Planted, provider: Provider) -> None:
    with undone(planted):
        linked(provider, "worker", "o-3")
        desk, phone = (through_session(provider, "o-3", name) for name in ("desk", "phone"))
        unnamed = through_session(provider, "o-3", None)
        assert tell(token(provider, said(provider, sid="desk"))).status_code == 200
        assert not opens(desk) and opens(phone) and opens(unnamed)
        # A session of another account of that name is not the one that is meant.
        assert tell(token(provider, said(provider, "somebody", sid="phone"))).status_code == 200
        assert opens(phone)
        assert tell(token(provider, said(provider, "o-3", sid="phone"))).status_code == 200
        assert not opens(phone) and opens(unnamed)


def test_answer_does_not_tell_whether_there_was_anything(planted: Planted, provider: Provider) -> None:
    with undone(planted):
        through_ready(provider)
        nobody = tell(token(provider, said(provider, "never-seen")))
        assert nobody.status_code == 200 and nobody.content == b""


def through_ready(provider: Provider) -> None:
    """Its second key is published, without anybody signing in."""
    provider.alter = provider.signed
    provider_tokens._kept.clear()


Lie = Callable[[Provider, Claims], str]
LIES: dict[str, Lie] = {
    "of another issuer": lambda p, c: token(p, c | {"iss": "https://evil.example"}),
    "for another application": lambda p, c: token(p, c | {"aud": "another"}),
    "made long ago": lambda p, c: token(p, c | {"iat": int(time.time()) - 3600}),
    "not yet made": lambda p, c: token(p, c | {"iat": int(time.time()) + 3600}),
    "without a time": lambda p, c: token(p, _without(c, "iat")),
    "expired": lambda p, c: token(p, c | {"exp": int(time.time()) - 120}),
    "never expiring": lambda p, c: token(p, _without(c, "exp")),
    "without an id": lambda p, c: token(p, _without(c, "jti")),
    "with an empty id": lambda p, c: token(p, c | {"jti": ""}),
    "without an event": lambda p, c: token(p, _without(c, "events")),
    "of another event": lambda p, c: token(p, c | {"events": {"http://schemas.example/other": {}}}),
    "of an event in a list": lambda p, c: token(p, c | {"events": [EVENT]}),
    "of an event that is a text": lambda p, c: token(p, c | {"events": {EVENT: "yes"}}),
    "with a nonce": lambda p, c: token(p, c | {"nonce": "n"}),
    "with an empty nonce": lambda p, c: token(p, c | {"nonce": None}),
    "of nobody and nothing": lambda p, c: token(p, _without(c, "sub")),
    "of an empty subject": lambda p, c: token(p, c | {"sub": ""}),
    "of a subject in a list": lambda p, c: token(p, c | {"sub": ["o-5"]}),
    "of a subject and a session without end": lambda p, c: token(p, c | {"sid": "s" * 256}),
    "of another kind": lambda p, c: token(p, c, kind="at+jwt"),
    "not signed": lambda p, c: jwt.encode(c, None, algorithm="none", headers={"kid": p.kid}),
    "signed with the client's secret": lambda p, c: jwt.encode(
        c, p.settings()["client_secret"], algorithm="HS256", headers={"kid": p.kid}
    ),
    "signed with another key": lambda p, c: jwt.encode(c, FOREIGN, algorithm="RS256", headers={"kid": p.kid}),
    "cut off": lambda p, c: token(p, c)[:-9],
    "no token": lambda p, c: "",
}


def _without(claims: Claims, name: str) -> Claims:
    return {key: value for key, value in claims.items() if key != name}


def test_token_that_says_something_else_ends_nothing(planted: Planted, provider: Provider) -> None:
    with undone(planted):
        linked(provider, "worker", "o-5")
        client = through_session(provider, "o-5", "s")
        told, faults = [], []
        for name, lie in LIES.items():
            told.append(said(provider, "o-5"))
            refused = tell(lie(provider, told[-1]))
            if (refused.status_code, refused.json().get("error")) != (400, "invalid_request"):
                faults.append(f"{name}: {refused.status_code}")
            if not opens(client):
                faults.append(f"{name} has ended the session")
                client = through_session(provider, "o-5", "s")
        assert not faults
        # The same, told truly, ends it: it was the lie that was refused, and none has used anything up.
        for number, claims in enumerate(told):
            assert tell(token(provider, claims)).status_code == 200, list(LIES)[number]
        assert not opens(client)


def test_each_token_is_good_once(planted: Planted, provider: Provider) -> None:
    """Kept by somebody who saw it, it would sign a colleague out again and again."""
    with undone(planted):
        linked(provider, "worker", "o-6")
        through_session(provider, "o-6", "s")
        given = token(provider, said(provider, "o-6"))
        assert tell(given).status_code == 200
        again = through_session(provider, "o-6", "s")
        assert tell(given).status_code == 400
        assert opens(again)


def test_token_of_a_sign_in_ends_nothing_and_that_of_an_end_opens_nothing(
    planted: Planted, provider: Provider
) -> None:
    with undone(planted):
        linked(provider, "worker", "o-7")
        kept: list[str] = []

        def keep(claims: Claims) -> str:
            kept.append(provider.signed(claims))
            return kept[-1]

        provider.alter = keep
        provider_tokens._kept.clear()
        client = fresh_client()
        through(provider, client, "o-7")
        assert opens(client)
        assert tell(kept[-1]).status_code == 400 and opens(client)
        provider.alter = lambda claims: token(provider, said(provider, "o-7"))
        thief = fresh_client()
        through(provider, thief, "o-7")
        assert not opens(thief)


def test_who_is_on_the_way_is_let_in_no_more(
    planted: Planted, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed in there, here asked for the second proof; meanwhile it has ended there."""
    monkeypatch.setattr(settings, "FINGERPOST_MFA_REQUIRED", True)
    with undone(planted):
        holder, secret, _codes = set_up("worker")
        through(provider, holder, "o-8", LINK)
        through_ready(provider)
        client = fresh_client()
        assert through(provider, client, "o-8")["Location"].startswith(CODE)
        assert tell(token(provider, said(provider, "o-8"))).status_code == 200
        give(client, CODE, code_for(secret))
        assert not opens(client) and opens(holder)


def test_only_by_a_machine_that_posts_and_only_where_one_is_set_up(
    planted: Planted, provider: Provider
) -> None:
    with undone(planted):
        linked(provider, "worker", "o-9")
        client = through_session(provider, "o-9", "s")
        given = token(provider, said(provider, "o-9"))
        assert Client().get(OUT, {"logout_token": given}).status_code == 405
        assert tell("").status_code == 400
        settings.FINGERPOST_OIDC = None
        assert tell(given).status_code == 404
        settings.FINGERPOST_OIDC = provider.settings()
        assert opens(client)
