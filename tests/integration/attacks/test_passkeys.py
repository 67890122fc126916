"""Passkeys, handled by somebody who has a browser of their own making."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import F
from django.test import Client
from tests.factories.passkey import Passkey
from tests.factories.world import email_of
from tests.integration.attacks.test_second_proof import (
    AGAIN,
    CODE,
    SET_UP,
    give,
    opens,
    required,
    send,
    set_up,
)
from tests.integration.attacks.test_signing_in import LOGIN, account, enter, undone
from tests.integration.routes.planted import CSRF, Planted, fresh_client

from fingerpost.web.foundation.scope import scope

__all__ = ["required"]  # a fixture: the second proof is required here as well

ADD, BEGIN, MANAGE = "/accounts/second/passkey/", "/accounts/passkey/", "/accounts/second/"
ORIGIN, DOMAIN = "https://fingerpost.example.org", "fingerpost.example.org"


@pytest.fixture(autouse=True)
def address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FINGERPOST_BASE_URL", ORIGIN)


def passkey(**more: Any) -> Passkey:
    return Passkey(**({"origin": ORIGIN, "domain": DOMAIN} | more))


def options_in(response: Any) -> dict[str, Any]:
    found = re.search(r"data-options='([^']*)'", response.content.decode())
    assert found, response.content.decode()
    options: dict[str, Any] = json.loads(html.unescape(found[1]))["publicKey"]
    return options


def add(client: Client, key: Passkey, *, name: str = "") -> Any:
    return send(client, ADD, credential=key.make(options_in(client.get(ADD))), name=name)


def holder(who: str) -> tuple[Client, Passkey]:
    """Somebody signed in for the first time who sets up a passkey and nothing else."""
    client, key = fresh_client(), passkey()
    enter(client, who)
    assert add(client, key, name="My telephone")["Location"] == "/accounts/second/codes/"
    return client, key


def begin(client: Client) -> dict[str, Any]:
    answer = client.get(BEGIN, HTTP_ACCEPT="application/json")
    assert answer.status_code == 200
    options: dict[str, Any] = answer.json()["request_options"]["publicKey"]
    return options


def sign_in(key: Passkey, client: Client | None = None, **more: str) -> tuple[Client, Any]:
    client = client or fresh_client()
    answer = client.post(BEGIN, {"credential": key.use(begin(client)), "csrfmiddlewaretoken": CSRF, **more})
    return client, answer


def test_passkey_alone_signs_in_and_is_both_proofs(planted: Planted) -> None:
    with undone(planted):
        first, key = holder("worker")
        assert opens(first)
        client, answer = sign_in(key)
        assert answer["Location"] == "/" and opens(client)


def test_passkey_is_the_second_step_after_a_password(planted: Planted) -> None:
    with undone(planted):
        _, key = holder("worker")
        client = fresh_client()
        assert enter(client, "worker")["Location"] == CODE
        assert not opens(client)
        options = options_in(client.get(CODE))
        assert [one["type"] for one in options["allowCredentials"]] == ["public-key"]
        send(client, CODE, credential=key.use(options))
        assert opens(client)


def test_what_begins_signing_in_is_alike_for_everybody(planted: Planted) -> None:
    with undone(planted):
        _, _ = holder("worker")
        said = []
        for _ in range(2):
            options = begin(fresh_client())
            assert options.pop("challenge")
            said.append(options)
        assert said[0] == said[1]
        assert said[0]["allowCredentials"] == [] and said[0]["userVerification"] == "required"


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://evil.fingerpost.example.org"},
        {"origin": "http://fingerpost.example.org"},
        {"origin": "https://fingerpost.example.org:8443"},
        {"domain": "evil.example"},
        {"domain": "example.org"},
        {"verified": False},
    ],
    ids=str,
)
def test_answer_from_another_address_or_without_its_holder_is_refused(
    planted: Planted, wrong: dict[str, Any]
) -> None:
    with undone(planted):
        first, key = holder("worker")
        for name, value in wrong.items():
            setattr(key, name, value)
        client, _ = sign_in(key)
        assert not opens(client)
        step = fresh_client()
        enter(step, "worker")
        send(step, CODE, credential=key.use(options_in(step.get(CODE))))
        assert not opens(step)
        assert add(first, passkey(**wrong)).status_code == 200


def test_answer_counts_once_and_for_the_session_that_asked(planted: Planted) -> None:
    with undone(planted):
        _, key = holder("worker")
        client = fresh_client()
        answer = key.use(begin(client))
        client.post(BEGIN, {"credential": answer, "csrfmiddlewaretoken": CSRF})
        assert opens(client)
        for thief in (client, fresh_client()):
            thief.cookies.pop(settings.SESSION_COOKIE_NAME, None)
            thief.cookies[settings.CSRF_COOKIE_NAME] = CSRF
            begin(thief)
            thief.post(BEGIN, {"credential": answer, "csrfmiddlewaretoken": CSRF})
            assert not opens(thief)


def test_answer_counts_once_within_its_session(planted: Planted) -> None:
    """The challenge is used up, so the same answer proves nothing again."""
    with undone(planted):
        _, key = holder("worker")
        client = fresh_client()
        enter(client, "worker")
        answer = key.use(options_in(client.get(CODE)))
        send(client, CODE, credential=answer)
        assert opens(client)
        send(client, f"{ADD}again/", credential=answer)
        records = client.session["account_authentication_methods"]
        assert not any(record.get("reauthenticated") for record in records)


def test_key_of_another_account_opens_neither(planted: Planted) -> None:
    with undone(planted):
        _, own = holder("worker")
        _, other = holder("lead")
        own.user_handle, other.user_handle = other.user_handle, own.user_handle
        for key in (own, other):
            client, _ = sign_in(key)
            assert not opens(client)
        step = fresh_client()
        enter(step, "worker")
        send(step, CODE, credential=other.use(options_in(step.get(CODE))))
        assert not opens(step)


def test_credential_named_like_that_of_another_account_opens_only_ones_own(planted: Planted) -> None:
    with undone(planted):
        _, victim = holder("worker")
        client, thief = fresh_client(), passkey(credential_id=victim.credential_id)
        enter(client, "lead")
        add(client, thief)
        thief.user_handle = victim.user_handle
        again, _ = sign_in(thief)
        assert not opens(again)


def test_removed_passkey_opens_nothing_nor_does_what_it_had_opened(planted: Planted) -> None:
    with undone(planted):
        owner, _, _ = set_up("worker")
        lost = passkey()
        assert add(owner, lost, name="Lost")["Location"] == MANAGE
        thief, _ = sign_in(lost)
        assert opens(thief) and opens(owner)
        [remove] = re.findall(
            r'href="(/accounts/second/passkey/\d+/remove/)"', owner.get(MANAGE).content.decode()
        )
        assert send(owner, remove)["Location"] == MANAGE
        assert opens(owner)
        assert thief.get("/today/")["Location"].startswith(AGAIN)
        for path in (SET_UP, ADD, MANAGE):
            assert thief.get(path).status_code == 302, path
        again, _ = sign_in(lost)
        assert not opens(again)


def test_passkeys_are_changed_by_their_account_only(planted: Planted) -> None:
    with undone(planted):
        owner, _ = holder("worker")
        page = owner.get(MANAGE).content.decode()
        assert "My telephone" in page
        [remove] = re.findall(r'href="(/accounts/second/passkey/\d+/remove/)"', page)
        rename = remove.replace("remove", "name")
        thief, _, _ = set_up("lead")
        for path in (remove, rename):
            assert thief.get(path).status_code == 404
            assert send(thief, path, name="Mine").status_code == 404
        assert send(owner, rename, name="Grey <key>").status_code == 302
        assert "Grey &lt;key&gt;" in owner.get(MANAGE).content.decode()
        assert send(owner, rename, name="x" * 61).status_code == 200
        with scope(planted.actors["lead"]):
            assert not Authenticator.objects.filter(user_id=planted.actors["worker"].user_id).exists()


def test_session_from_before_the_passkey_adds_nothing_of_its_own(planted: Planted) -> None:
    """A password alone, given earlier: it must not put an app or a passkey of its own beside the owner's."""
    with undone(planted):
        early = fresh_client()
        enter(early, "worker")
        options = options_in(early.get(ADD))
        _, key = holder("worker")
        again = f"{ADD}again/"
        for path in ("/today/", SET_UP, ADD, MANAGE):
            assert early.get(path)["Location"].startswith(again), path
        assert send(early, ADD, credential=passkey().make(options), name="x")["Location"].startswith(again)
        send(early, f"{again}?next=/today/", credential=key.use(options_in(early.get(again))))
        assert opens(early)


def test_adding_needs_a_recent_proof(planted: Planted) -> None:
    with undone(planted):
        client, _, _ = set_up("worker")
        options = options_in(client.get(ADD))
        session = client.session
        for record in session["account_authentication_methods"]:
            record["at"] -= 3600
        session.save()
        with scope(planted.actors["worker"]):
            Authenticator.objects.update(created_at=F("created_at") - timedelta(hours=2))
        assert "/reauthenticate/" in client.get(ADD)["Location"]
        assert "/reauthenticate/" in send(client, ADD, credential=passkey().make(options))["Location"]


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_passkey_leads_to_no_other_site(planted: Planted, wanted: str) -> None:
    with undone(planted):
        _, key = holder("worker")
        client, answer = sign_in(key, next=wanted)
        assert opens(client) and answer["Location"] == "/"


def test_session_from_before_does_not_become_the_signed_in_one(planted: Planted) -> None:
    with undone(planted):
        _, key = holder("worker")
        client = fresh_client()
        begin(client)
        planted_key = client.cookies[settings.SESSION_COOKIE_NAME].value
        sign_in(key, client)
        assert opens(client)
        thief = fresh_client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = planted_key
        assert not opens(thief)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{",
        "[]",
        "5",
        "null",
        '"x"',
        "{}",
        '{"response": 5}',
        '{"id": "a", "rawId": "a", "type": "x", "response": {}}',
        '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","authenticatorData":"AA",'
        '"signature":"AA","userHandle":"AA"}}',
        '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"_____w"}}',
        "[" * 3000,
        '{"a":' * 3000,
        '{"x": "' + "x" * 30_000 + '"}',
    ],
    ids=range(14),
)
def test_answer_made_up_by_hand_is_a_refusal_and_no_fault(planted: Planted, answer: str) -> None:
    with undone(planted):
        first, _ = holder("worker")
        client = fresh_client()
        begin(client)
        assert client.post(BEGIN, {"credential": answer, "csrfmiddlewaretoken": CSRF})["Location"] == LOGIN
        enter(client, "worker")
        client.get(CODE)
        assert send(client, CODE, credential=answer).status_code == 200
        assert not opens(client)
        first.get(ADD)
        assert send(first, ADD, credential=answer, name="x").status_code == 200


@pytest.mark.parametrize("handle", [None, "", "AA", "bm9ib2R5", "_w", 5, {}, "MDE5Mzc2YTc="])
def test_name_of_an_account_made_up_by_hand_is_refused_like_a_wrong_key(
    planted: Planted, handle: Any
) -> None:
    with undone(planted):
        _, key = holder("worker")
        key.user_handle = handle
        client, answer = sign_in(key)
        assert answer["Location"] == LOGIN and not opens(client)


def test_unknown_account_and_wrong_key_are_answered_alike(planted: Planted) -> None:
    with undone(planted):
        _, key = holder("worker")
        stranger = passkey(user_handle=key.user_handle)
        nobody = passkey(user_handle="MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA")
        said = set()
        for one in (stranger, nobody):
            client, answer = sign_in(one)
            page = client.get(LOGIN).content.decode()
            said.add((answer.status_code, answer["Location"], "This passkey did not work here" in page))
        assert said == {(302, LOGIN, True)}


def test_beginning_and_answering_without_a_form_token(planted: Planted) -> None:
    with undone(planted):
        _, key = holder("worker")
        client = fresh_client()
        answer = key.use(begin(client))
        assert client.post(BEGIN, {"credential": answer}).status_code == 403
        assert not opens(client)


@pytest.mark.parametrize(
    "elsewhere", ["http://fingerpost.example.org", "https://192.0.2.7", "http://127.0.0.1:8000"]
)
def test_no_passkey_is_offered_where_browsers_make_none(
    planted: Planted, monkeypatch: pytest.MonkeyPatch, elsewhere: str
) -> None:
    with undone(planted):
        client, _, _ = set_up("worker")
        monkeypatch.setattr(settings, "FINGERPOST_BASE_URL", elsewhere)
        assert client.get(ADD).status_code == 404
        assert fresh_client().get(BEGIN, HTTP_ACCEPT="application/json").status_code == 404
        page = client.get(MANAGE).content.decode()
        assert "Passkeys cannot be used at this address" in page and ADD not in page
        assert "passkey" not in fresh_client().get(LOGIN).content.decode()


def test_passkey_of_a_closed_account_opens_nothing(planted: Planted) -> None:
    with undone(planted):
        first, key = holder("worker")

        with scope(planted.world.job()):
            user = account(user_id=planted.actors["worker"].user_id)  # type: ignore[arg-type]
            user.is_active = False
            user.save(update_fields=["is_active"])
        client, answer = sign_in(key)
        assert answer["Location"] == "/accounts/inactive/" and not opens(client) and not opens(first)


def test_page_without_scripts_says_so_and_offers_the_code(planted: Planted) -> None:
    with undone(planted):
        holder("worker")
        client = fresh_client()
        enter(client, "worker")
        page = client.get(CODE).content.decode()
        assert "A passkey needs JavaScript" in page and 'name="code"' in page
        assert email_of("worker") not in page
        assert give(client, CODE, "000000").status_code == 200
