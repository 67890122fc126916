"""A passkey in a real browser, whose authenticator is Chromium's own virtual one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.system.person import KEYBOARD, NO_SCRIPT, Manner, Someone, manners
from tests.system.story.people import ACCOUNTS, PASSWORD, sign_in

Arrive = Callable[..., Someone]
MANAGE, LOGIN = "/accounts/second/", "/accounts/login/"
# What a page of somebody else does with a challenge that it has been handed.
ANSWER_ELSEWHERE = """async (challenge) => {
  const bytes = t => Uint8Array.from(atob(t.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
  const text = b => btoa(String.fromCharCode(...new Uint8Array(b)))
    .replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=+$/, '');
  const got = await navigator.credentials.get(
    {publicKey: {challenge: bytes(challenge), rpId: 'localhost', userVerification: 'required'}});
  const r = got.response;
  return JSON.stringify({id: got.id, rawId: text(got.rawId), type: got.type, clientExtensionResults: {},
    response: {clientDataJSON: text(r.clientDataJSON), authenticatorData: text(r.authenticatorData),
      signature: text(r.signature), userHandle: text(r.userHandle)}});
}"""
SEND_HERE = """answer => {
  const form = document.querySelector('form[data-passkey]');
  form.querySelector('[name=credential]').value = answer;
  form.submit();
}"""


def hold_authenticator(someone: Someone, *, verified: bool = True) -> None:
    """From now on this browser has a telephone's authenticator, whose holder is there and consents."""
    devtools = someone.context.new_cdp_session(someone.page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": verified,
                "automaticPresenceSimulation": True,
            }
        },
    )


def add_passkey(someone: Someone, name: str) -> None:
    someone.go(MANAGE).link("Add a passkey").type("A name for this passkey", name)
    someone.button("Add it").look("Your recovery codes").link("I have kept them")


def remove_passkey(someone: Someone, name: str) -> None:
    someone.go(MANAGE).link(f"Remove {name}").look("Remove this passkey?").button("Remove it")


@pytest.mark.parametrize("manner", manners(KEYBOARD), ids=str)
def test_passkey_is_added_signs_in_and_is_removed(manner: Manner, someone: Arrive) -> None:
    role = "manager" if manner is KEYBOARD else "receptionist"
    holder = sign_in(someone(role, manner=manner), role)
    hold_authenticator(holder)
    add_passkey(holder, "My telephone")
    holder.go(MANAGE).sees("My telephone", "Not used yet.")

    holder.context.clear_cookies()
    holder.go(LOGIN).button("Sign in with a passkey")
    assert urlsplit(holder.page.url).path not in (LOGIN, "/accounts/second/authenticate/")
    holder.go(MANAGE).sees("Last used on")

    holder.context.clear_cookies()
    sign_in(holder, role).look("Now your code").button("Use your passkey")
    holder.go(MANAGE).sees("My telephone")

    remove_passkey(holder, "My telephone")
    holder.context.clear_cookies()
    holder.go(LOGIN).button("Sign in with a passkey").sees("This passkey did not work here")
    holder.go("/today/").look("Sign in")


def test_answer_given_to_another_site_is_refused(someone: Arrive) -> None:
    """A page on another port: to the browser it has the same name, so only we can tell."""
    holder = sign_in(someone("manager"), "manager")
    hold_authenticator(holder)
    add_passkey(holder, "Key")
    try:
        holder.context.clear_cookies()
        holder.go(LOGIN)
        asked: dict[str, Any] = holder.page.request.get(
            "/accounts/passkey/", headers={"Accept": "application/json"}
        ).json()
        elsewhere = "http://localhost:9/"
        holder.context.route(
            elsewhere, lambda route: route.fulfill(body="<h1>Sign in</h1>", content_type="text/html")
        )
        holder.page.goto(elsewhere)
        answer = holder.page.evaluate(ANSWER_ELSEWHERE, asked["request_options"]["publicKey"]["challenge"])
        holder.faults = [
            fault for fault in holder.faults if elsewhere not in fault
        ]  # of their page, not of ours
        holder.go(LOGIN)
        with holder.page.expect_navigation(wait_until="load"):
            holder.page.evaluate(SEND_HERE, answer)
        holder.sees("This passkey did not work here")
    finally:
        holder.go(LOGIN).button("Sign in with a passkey")
        remove_passkey(holder, "Key")


def test_holder_who_does_not_prove_themselves_adds_nothing(someone: Arrive) -> None:
    holder = sign_in(someone("manager"), "manager")
    hold_authenticator(holder, verified=False)
    holder.go("/accounts/second/passkey/")
    holder.hands.press(holder.page.get_by_role("button", name="Add it"))
    holder.sees("Nothing came from a passkey.")
    holder.go(MANAGE).sees_nothing_of("Not used yet.")


def test_page_without_scripts_offers_the_other_way(someone: Arrive) -> None:
    visitor = someone("visitor", manner=NO_SCRIPT).go(LOGIN)
    visitor.sees("A passkey needs JavaScript")
    assert visitor.page.get_by_role("button", name="Sign in with a passkey").count() == 0
    visitor.type("E-mail address", ACCOUNTS["manager"]).type("Password", PASSWORD)
