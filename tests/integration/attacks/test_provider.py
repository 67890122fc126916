"""Signing in through a provider that runs on loopback, and everybody who would misuse it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from tests.factories.sign_in_provider import Claims, Provider, new_key, running_provider
from tests.factories.world import email_of
from tests.integration.attacks.test_second_proof import code_for, give, send, set_up
from tests.integration.attacks.test_signing_in import enter, undone
from tests.integration.routes.planted import CSRF, Planted, fresh_client

from fingerpost.kernel import clock
from fingerpost.web.config import provider_sign_in, provider_tokens
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy.api import suspend

BEGIN, LINK, UNLINK = "/accounts/provider/", "/accounts/provider/link/", "/accounts/provider/unlink/"
BACK, LOGIN, MANAGE = "/accounts/provider/back/", "/accounts/login/", "/accounts/second/"
CODE = "/accounts/second/authenticate/"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setattr(settings, "FINGERPOST_OIDC", running.settings())
    provider_tokens._kept.clear()
    yield running
    running.alter, running.says_of_itself, running.publishes_key = None, {}, True


def leave(client: Client, path: str = BEGIN) -> str:
    """Press the button: where the browser is sent."""
    if settings.CSRF_COOKIE_NAME not in client.cookies:
        client.get(LOGIN)
    address: str = send(client, path)["Location"]
    return address


def come_back(client: Client, address: str) -> Any:
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def through(provider: Provider, client: Client, subject: str, path: str = BEGIN) -> Any:
    return come_back(client, provider.sign_in(leave(client, path), subject))


def signed_in(who: str) -> Client:
    client = fresh_client()
    assert enter(client, who).status_code == 302
    return client


def linked(provider: Provider, who: str, subject: str) -> Client:
    client = signed_in(who)
    assert through(provider, client, subject, LINK)["Location"] == MANAGE
    assert "It was linked on" in client.get(MANAGE).content.decode()
    return client


def opens(client: Client) -> bool:
    return client.get("/today/").status_code == 200


def is_kept_out(client: Client, response: Any, words: str) -> None:
    assert response["Location"] == LOGIN
    page = client.get(LOGIN).content.decode()
    assert words in page
    assert not opens(client)


def test_linked_account_is_opened(planted: Planted, provider: Provider) -> None:
    with undone(planted):
        linked(provider, "worker", "w-1")
        client = fresh_client()
        asked = parse_qs(urlsplit(leave(client)).query)
        assert asked["code_challenge_method"] == ["S256"] and asked["nonce"] != asked["state"]
        response = through(provider, client, "w-1")
        assert response["Location"] == "/" and opens(client)
        assert "this one" in client.get("/accounts/devices/").content.decode()
        assert "/userinfo" not in provider.asked


def test_nobody_is_taken_in_by_an_address_alone(planted: Planted, provider: Provider) -> None:
    """Confirmed or not, linked by its holder elsewhere or not: the same address opens nothing."""
    with undone(planted):
        for subject, confirmed in (("thief-1", True), ("thief-2", False)):
            provider.knows(subject, email=email_of("worker"), email_verified=confirmed)
            client = fresh_client()
            is_kept_out(client, through(provider, client, subject), "is not linked to an account here")


def test_one_there_opens_one_here(planted: Planted, provider: Provider) -> None:
    with undone(planted):
        linked(provider, "worker", "one")
        other = signed_in("lead")
        assert through(provider, other, "one", LINK)["Location"] == MANAGE
        page = other.get(MANAGE).content.decode()
        assert "This cannot be linked" in page and "It was linked on" not in page
        client = fresh_client()
        through(provider, client, "one")
        assert email_of("worker").split("@")[0] and opens(client)
        # Nor does a second account there open one that is linked.
        again = signed_in("worker")
        through(provider, again, "another", LINK)
        assert "This cannot be linked" in again.get(MANAGE).content.decode()


def test_linking_asks_for_somebody_who_has_just_signed_in(
    planted: Planted, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    with undone(planted):
        nobody = fresh_client()
        nobody.get(LOGIN)
        assert send(nobody, LINK)["Location"].startswith(LOGIN)
        later = signed_in("worker")
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + 3600)
        for path in (LINK, UNLINK):
            assert send(later, path)["Location"].startswith("/accounts/reauthenticate/")
        monkeypatch.undo()


def test_begun_as_one_account_is_not_finished_as_another(planted: Planted, provider: Provider) -> None:
    with undone(planted):
        client = signed_in("worker")
        address = provider.sign_in(leave(client, LINK), "mine")
        send(client, "/accounts/logout/")
        client.cookies[settings.CSRF_COOKIE_NAME] = CSRF
        enter(client, "lead")
        come_back(client, address)
        assert "It was linked on" not in client.get(MANAGE).content.decode()


def test_answer_begun_elsewhere_is_refused(planted: Planted, provider: Provider) -> None:
    """Login CSRF: the thief's own answer, or his link of it, put into the browser of somebody else."""
    with undone(planted):
        linked(provider, "lead", "thief")
        address = provider.sign_in(leave(fresh_client()), "thief")
        victim = fresh_client()
        is_kept_out(victim, come_back(victim, address), "was not begun here")
        leave(victim)
        is_kept_out(victim, come_back(victim, address), "was not begun here")
        holder = signed_in("worker")
        leave(holder, LINK)
        come_back(holder, address)
        assert "It was linked on" not in holder.get(MANAGE).content.decode()


def test_answer_is_good_once_and_not_for_long(
    planted: Planted, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    with undone(planted):
        linked(provider, "worker", "w-2")
        client = fresh_client()
        address = provider.sign_in(leave(client), "w-2")
        code = parse_qs(urlsplit(address).query)["code"]
        come_back(client, address)
        assert opens(client)
        send(client, "/accounts/logout/")
        is_kept_out(client, come_back(client, address), "was not begun here")
        # The used code with a state that is fresh.
        state = parse_qs(urlsplit(leave(client)).query)["state"]
        replayed = come_back(client, f"{BACK}?{urlencode({'code': code[0], 'state': state[0]})}")
        is_kept_out(client, replayed, "did not work this time")
        address = provider.sign_in(leave(client), "w-2")
        now = time.time()
        monkeypatch.setattr(provider_sign_in.time, "time", lambda: now + 601)
        late = come_back(client, address)
        monkeypatch.undo()
        assert late["Location"] == LOGIN


def test_code_of_somebody_elses_browser_is_worth_nothing(planted: Planted, provider: Provider) -> None:
    """A stolen code with the thief's own state: the provider asks for the verifier, and the nonce differs."""
    with undone(planted):
        linked(provider, "worker", "w-3")
        stolen = parse_qs(urlsplit(provider.sign_in(leave(fresh_client()), "w-3")).query)["code"][0]
        thief = fresh_client()
        state = parse_qs(urlsplit(leave(thief)).query)["state"][0]
        answer = come_back(thief, f"{BACK}?{urlencode({'code': stolen, 'state': state})}")
        is_kept_out(thief, answer, "did not work this time")


Lie = Callable[[Provider, Claims], str]
FOREIGN = new_key()
LIES: dict[str, Lie] = {
    "of another sign-in": lambda p, c: p.signed(c, nonce="another"),
    "of no sign-in": lambda p, c: p.signed(c, nonce=None),
    "of another issuer": lambda p, c: p.signed(c, iss="https://evil.example"),
    "for another application": lambda p, c: p.signed(c, aud="another"),
    "for two, by another": lambda p, c: p.signed(c, aud=["fingerpost", "another"], azp="another"),
    "for two, by nobody": lambda p, c: p.signed(c, aud=["fingerpost", "another"], azp=None),
    "expired": lambda p, c: p.signed(c, exp=int(time.time()) - 120),
    "never expiring": lambda p, c: p.signed(c, exp=None),
    "not yet made": lambda p, c: p.signed(c, iat=int(time.time()) + 3600),
    "made long ago": lambda p, c: p.signed(c, iat=int(time.time()) - 3600),
    "of nobody": lambda p, c: p.signed(c, sub=None),
    "of nobody, empty": lambda p, c: p.signed(c, sub=""),
    "not signed": lambda p, c: jwt.encode(c, None, algorithm="none", headers={"kid": p.kid}),
    "signed with the client's secret": lambda p, c: jwt.encode(
        c, p.settings()["client_secret"], algorithm="HS256", headers={"kid": p.kid}
    ),
    "signed with another key": lambda p, c: jwt.encode(c, FOREIGN, algorithm="RS256", headers={"kid": p.kid}),
    "signed with a key that it brings": lambda p, c: jwt.encode(
        c,
        FOREIGN,
        algorithm="RS256",
        headers={"jwk": jwt.algorithms.RSAAlgorithm.to_jwk(FOREIGN.public_key(), as_dict=True), "kid": "own"},
    ),
    "cut off": lambda p, c: p.signed(c)[:-9],
    "no token": lambda p, c: "",
}


def test_token_that_is_not_for_this_sign_in_is_refused(planted: Planted, provider: Provider) -> None:
    with undone(planted):
        linked(provider, "worker", "w-4")
        for name, lie in LIES.items():
            provider.alter = lambda claims, lie=lie: lie(provider, claims)
            provider_tokens._kept.clear()
            client = fresh_client()
            response = through(provider, client, "w-4")
            assert "did not work this time" in client.get(response["Location"]).content.decode(), name
            assert response["Location"] == LOGIN and not opens(client), name
        # The same token, told truly, opens the account: it was the lies that were refused.
        provider.alter = provider.signed
        through(provider, client, "w-4")
        assert opens(client)


def test_mixed_up_issuers_are_refused(planted: Planted, provider: Provider) -> None:
    with undone(planted):
        linked(provider, "worker", "w-5")
        client = fresh_client()
        address = provider.sign_in(leave(client), "w-5")
        answer = come_back(client, f"{address}&iss=https%3A%2F%2Fevil.example")
        is_kept_out(client, answer, "did not work this time")
        provider.says_of_itself = {"authorization_response_iss_parameter_supported": True}
        provider_tokens._kept.clear()
        is_kept_out(client, through(provider, client, "w-5"), "did not work this time")
        for said in (
            {"issuer": "https://evil.example"},
            {"authorization_endpoint": "https://evil.example/authorize"},
            {"authorization_endpoint": f"{provider.address}@evil.example/authorize"},
        ):
            provider.says_of_itself = said
            provider_tokens._kept.clear()
            is_kept_out(client, send(client, BEGIN), "did not work this time")
        for said in ({"token_endpoint": "http://169.254.169.254/"}, {"jwks_uri": "file:///etc/passwd"}):
            provider.says_of_itself = said
            provider_tokens._kept.clear()
            is_kept_out(client, through(provider, client, "w-5"), "did not work this time")


def test_new_key_of_the_provider_is_found_and_a_withdrawn_one_refused(
    planted: Planted, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    with undone(planted):
        linked(provider, "worker", "w-6")
        provider.publishes_key = False
        provider.alter = provider.signed
        client = fresh_client()
        is_kept_out(client, through(provider, client, "w-6"), "did not work this time")
        provider.publishes_key = True
        monkeypatch.setattr(provider_tokens, "_KEYS_ASKED_AGAIN_AFTER", -1)
        through(provider, client, "w-6")
        assert opens(client)
        send(client, "/accounts/logout/")
        provider.publishes_key = False
        monkeypatch.setattr(provider_tokens, "_KEPT_FOR", -1)
        monkeypatch.setattr(provider_tokens._document, "__kwdefaults__", {"at_most": -1})
        is_kept_out(client, through(provider, client, "w-6"), "did not work this time")


def test_our_second_proof_is_asked_unless_the_settings_say_otherwise(
    planted: Planted, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FINGERPOST_MFA_REQUIRED", True)
    with undone(planted):
        holder, secret, _codes = set_up("worker")
        assert through(provider, holder, "w-7", LINK)["Location"] == MANAGE
        provider.knows("w-7", amr=["pwd", "mfa"])
        client = fresh_client()
        assert through(provider, client, "w-7")["Location"].startswith(CODE)
        assert not opens(client)
        give(client, CODE, code_for(secret))
        assert opens(client)

        monkeypatch.setattr(settings, "FINGERPOST_OIDC", provider.settings(second_proof=[("amr", "mfa")]))
        trusted = fresh_client()
        through(provider, trusted, "w-7")
        assert opens(trusted)
        provider.knows("w-7", amr=["pwd"])
        weaker = fresh_client()
        assert through(provider, weaker, "w-7")["Location"].startswith(CODE)
        assert not opens(weaker)
        # Once unlinked, what the provider proved is worth nothing more.
        send(holder, UNLINK)
        assert not opens(trusted) and opens(holder)


def test_rules_of_the_settings_hold(
    planted: Planted, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    with undone(planted):
        linked(provider, "worker", "w-8")
        asked = provider.settings(email_domains=["fells.example"], claims=[("groups", "fingerpost")])
        monkeypatch.setattr(settings, "FINGERPOST_OIDC", asked)
        good: dict[str, Any] = {"email": "a@Fells.example", "email_verified": True, "groups": ["fingerpost"]}
        for change in (
            {"email_verified": False},
            {"email_verified": "true"},
            {"email_verified": None},
            {"email": "a@evil.example"},
            {"email": "a@fells.example@evil.example"},
            {"email": "a@notfells.example"},
            {"groups": ["fingerpost-guests"]},
            {"groups": None},
        ):
            provider.knows("w-8", **{**good, **change})
            client = fresh_client()
            is_kept_out(client, through(provider, client, "w-8"), "did not work this time")
        provider.knows("w-8", **good)
        client = fresh_client()
        through(provider, client, "w-8")
        assert opens(client)


def test_suspended_and_ended_accounts_stay_out(planted: Planted, provider: Provider) -> None:
    with undone(planted):
        inside = linked(provider, "worker", "w-9")
        administrator = planted.actors["administrator"]
        with scope(administrator):
            suspend(user_id=planted.actors["worker"].account, by=administrator, at=clock.now())
        assert not opens(inside)
        client = fresh_client()
        is_kept_out(client, through(provider, client, "w-9"), "closed or suspended")
        ended = fresh_client()
        is_kept_out(ended, through(provider, ended, "w-unknown"), "is not linked")


def test_unlinking_and_the_last_way_in(planted: Planted, provider: Provider) -> None:
    with undone(planted):
        linked(provider, "worker", "w-10")
        with without_password(planted, "worker"):
            only = fresh_client()
            through(provider, only, "w-10")
            send(only, UNLINK)
            page = only.get(MANAGE).content.decode()
            assert "the only way into your account" in page and "It was linked on" in page
        # Having come in through the provider is no proof with which a link is taken away: ours is asked.
        session = fresh_client()
        through(provider, session, "w-10")
        assert send(session, UNLINK)["Location"].startswith("/accounts/reauthenticate/")
        holder = signed_in("worker")
        send(holder, UNLINK)
        client = fresh_client()
        is_kept_out(client, through(provider, client, "w-10"), "is not linked")
        # It is free again, for whoever proves to hold it.
        linked(provider, "lead", "w-10")


@contextmanager
def without_password(planted: Planted, who: str) -> Iterator[None]:
    """As whoever accepted an invitation through the provider, and never chose one."""
    account = planted.actors[who].account

    def put(password: str) -> None:
        with scope(_own(account)), connection.cursor() as cursor:
            cursor.execute("UPDATE tenancy_user SET password = %s WHERE id = %s", [password, account])

    with scope(_own(account)), connection.cursor() as cursor:
        cursor.execute("SELECT password FROM tenancy_user WHERE id = %s", [account])
        [kept] = cursor.fetchone()
    put("!none")
    yield
    put(kept)


def _own(account: Any) -> Actor:
    return Actor(kind="user", id=f"user:{account}", label="own", user_id=account)


def test_administrators_see_who_is_linked_and_colleagues_do_not(planted: Planted, provider: Provider) -> None:
    with undone(planted):
        linked(provider, "worker", "w-11")
        worker = planted.actors["worker"]
        count = "SELECT count(*) FROM tenancy_linkedsignin WHERE user_id = %s"
        for who, seen in (("administrator", 1), ("worker", 1), ("lead", 0), ("gp", 0), ("zorn_worker", 0)):
            if who not in planted.actors:
                continue
            with scope(planted.actors[who]), connection.cursor() as cursor:
                cursor.execute(count, [worker.account])
                assert cursor.fetchone() == (seen,), who


def test_no_link_is_made_changed_or_brought_back_by_sql(planted: Planted, provider: Provider) -> None:
    with undone(planted):
        linked(provider, "worker", "w-12")
        worker, thief = planted.actors["worker"], planted.actors["lead"]
        _refused(
            thief,
            "INSERT INTO tenancy_linkedsignin (id, user_id, issuer, subject, linked_at)"
            " VALUES (gen_random_uuid(), %s, 'i', 's', now())",
            worker.account,
        )
        _refused(thief, "UPDATE tenancy_linkedsignin SET subject = 'mine' WHERE user_id = %s", worker.account)
        _refused(worker, "DELETE FROM tenancy_linkedsignin WHERE user_id = %s", worker.account)
        with scope(worker), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE tenancy_linkedsignin SET ended_at = now() WHERE user_id = %s", [worker.account]
            )
            assert cursor.rowcount == 1
        for actor, signing_in in ((worker, False), (thief, True)):
            _refused(
                actor,
                "UPDATE tenancy_linkedsignin SET ended_at = NULL WHERE user_id = %s",
                worker.account,
                signing_in=signing_in,
            )


def _refused(actor: Actor, statement: str, account: Any, *, signing_in: bool = False) -> None:
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        scope(actor, signing_in=signing_in),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [account])


def _form_action(page: Any) -> str:
    """Where forms may lead; directives stand in no order."""
    parts = (part.strip().partition(" ") for part in page["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}["form-action"]


def test_off_unless_set_and_pages_ask_nothing(planted: Planted, provider: Provider) -> None:
    with undone(planted):
        provider.asked.clear()
        client = fresh_client()
        page = client.get(LOGIN)
        assert "Sign in with Fells Trust" in page.content.decode()
        assert _form_action(page) == f"'self' {provider.address}"
        assert provider.address not in client.get("/help/")["Content-Security-Policy"]
        assert provider.asked == []
        settings.FINGERPOST_OIDC = None
        page = client.get(LOGIN)
        assert "Fells Trust" not in page.content.decode()
        assert _form_action(page) == "'self'"
        assert send(client, BEGIN).status_code == 404
        assert client.get(BACK).status_code == 404


def test_next_page_is_ours(planted: Planted, provider: Provider) -> None:
    with undone(planted):
        linked(provider, "worker", "w-13")
        for wanted, leads in (
            ("/today/", "/today/"),
            ("https://evil.example/", "/"),
            ("//evil.example", "/"),
        ):
            client = fresh_client()
            client.get(LOGIN)
            address = send(client, BEGIN, next=wanted)["Location"]
            assert come_back(client, provider.sign_in(address, "w-13"))["Location"] == leads
