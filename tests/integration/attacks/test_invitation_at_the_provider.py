"""An invitation that is accepted with an account of the provider, and everybody who would take one over that way."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.factories.sign_in_provider import Provider
from tests.factories.world import email_of
from tests.integration.attacks.test_provider import (
    LOGIN,
    come_back,
    leave,
    linked,
    opens,
    provider,
    running,
    through,
)
from tests.integration.attacks.test_second_proof import send
from tests.integration.attacks.test_sign_ins import told
from tests.integration.attacks.test_signing_in import undone
from tests.integration.routes.planted import CSRF, Planted, fresh_client

from fingerpost.kernel import clock
from fingerpost.web.foundation import links
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Role

__all__ = ["provider", "running", "told"]  # fixtures

NEW = "nia.new@staff.example"


def invited(planted: Planted, email: str = NEW) -> str:
    """The path that stands in the e-mail."""
    by = planted.actors["administrator"]
    with scope(by):
        made = tenancy.invite(
            email=email,
            name="Nia New",
            organisation=planted.world.scheme,
            role=Role.LINK_WORKER,
            by=by,
            at=clock.now(),
        )
        link = tenancy.issue_link(invitation=made, by=by, at=clock.now())
    return reverse("account_invitation", args=[links.token_of(link)])


def stranger(path: str) -> Client:
    client = fresh_client()
    client.get(path)
    client.cookies[settings.CSRF_COOKIE_NAME] = CSRF
    return client


def accepts(provider: Provider, path: str, subject: str, **claims: Any) -> Any:
    provider.knows(subject, **{"email": NEW, "email_verified": True, **claims})
    client = stranger(path)
    response = through(provider, client, subject, f"{path}provider/")
    return response, client.get(response["Location"]).content.decode()


def accounts(email: str = NEW) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('fingerpost.signing_in', 'on', true)")
        cursor.execute("SELECT count(*) FROM tenancy_user WHERE email = %s", [email])
        [found] = cursor.fetchone()
    return int(found)


def test_invited_address_opens_an_account_without_a_password(
    planted: Planted, provider: Provider, told: Any
) -> None:
    with undone(planted):
        path = invited(planted)
        page = stranger(path).get(path)
        assert "Accept with Fells Trust" in page.content.decode()
        assert provider.address in page["Content-Security-Policy"]
        response, said = accepts(provider, path, "n-1", email="Nia.New@STAFF.example")
        assert response["Location"] == LOGIN and "sign in with Fells Trust to begin" in said
        [message] = [one for one in told() if one.to == [NEW]]
        assert message.subject == "A new way to sign in was added to your account"
        client = fresh_client()
        through(provider, client, "n-1")
        assert opens(client)
        # Used once; and no password, the empty one neither, opens it.
        assert stranger(path).get(path).status_code == 410
        for password in ("", "!", "None"):
            other = fresh_client()
            other.get(LOGIN)
            send(other, LOGIN, login=NEW, password=password)
            assert not opens(other)


CLAIMS: dict[str, dict[str, Any]] = {
    "another address": {"email": "thief@staff.example"},
    "an address that begins like it": {"email": f"{NEW}.evil.example"},
    "an address of other signs that look like it": {"email": "n\u0456a.new@staff.example"},
    "with a tag": {"email": "nia.new+x@staff.example"},
    "not confirmed": {"email_verified": False},
    "confirmed in words": {"email_verified": "true"},
    "confirmed by nobody": {"email_verified": None},
    "no address": {"email": None},
    "a list of addresses": {"email": [NEW]},
}


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS.keys())
def test_only_the_invited_address_confirmed_by_the_provider_is_let_in(
    planted: Planted, provider: Provider, claims: dict[str, Any]
) -> None:
    with undone(planted):
        path = invited(planted)
        response, said = accepts(provider, path, "n-2", **claims)
        assert response["Location"] == path and "does not confirm that the invited address is yours" in said
        assert accounts() == 0
        # The invitation is still open, for whoever it is for.
        assert accepts(provider, path, "n-3")[0]["Location"] == LOGIN


def test_no_account_that_stands_is_taken_over(planted: Planted, provider: Provider) -> None:
    """Whoever the provider gives a colleague's address to, and who has the link as well."""
    with undone(planted):
        path = invited(planted, email_of("worker"))
        client = stranger(path)
        assert "Accept with" not in client.get(path).content.decode()
        refused = send(client, f"{path}provider/")
        assert refused.status_code == 403
        # Or it came to be while somebody was at the provider.
        late = invited(planted)
        client = stranger(late)
        provider.knows("n-4", email=NEW, email_verified=True)
        address = provider.sign_in(leave(client, f"{late}provider/"), "n-4")
        stranger(late).post(
            late, {"name": "Nia", "password": "three quiet green lamps", "csrfmiddlewaretoken": CSRF}
        )
        assert accounts() == 1
        assert come_back(client, address)["Location"] == late
        thief = fresh_client()
        assert through(provider, thief, "n-4")["Location"] == LOGIN and not opens(thief)


def test_one_there_that_opens_another_account_makes_none(planted: Planted, provider: Provider) -> None:
    """All of it or nothing: the account is not left standing without a way in, nor the invitation used."""
    with undone(planted):
        linked(provider, "worker", "n-5")
        path = invited(planted)
        response, said = accepts(provider, path, "n-5")
        assert response["Location"] == path and "This cannot be linked" in said
        assert accounts() == 0 and stranger(path).get(path).status_code == 200


def test_link_that_has_ended_meanwhile_opens_nothing(planted: Planted, provider: Provider) -> None:
    with undone(planted):
        path = invited(planted)
        client = stranger(path)
        provider.knows("n-6", email=NEW, email_verified=True)
        address = provider.sign_in(leave(client, f"{path}provider/"), "n-6")
        by = planted.actors["administrator"]
        with scope(by):
            [one] = [
                each
                for each in tenancy.open_invitations(organisation_id=planted.world.scheme.pk)
                if each.email == NEW
            ]
            tenancy.withdraw_invitation(invitation=one, by=by, at=clock.now())
        come_back(client, address)
        assert accounts() == 0
        assert send(client, f"{path}provider/").status_code == 404


def test_answer_for_an_invitation_belongs_to_the_browser_that_asked(
    planted: Planted, provider: Provider
) -> None:
    with undone(planted):
        path = invited(planted)
        provider.knows("n-7", email=NEW, email_verified=True)
        address = provider.sign_in(leave(stranger(path), f"{path}provider/"), "n-7")
        assert come_back(stranger(path), address)["Location"] == LOGIN
        assert accounts() == 0
