"""Signing in: nothing reveals whether an account exists, and each role begins where its day does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from tests.factories.browsing import Browser
from tests.factories.world import NOW, PASSWORD, World, a_referral, build_world, email_of

from fingerpost.web.staff.tasks import send_reset
from fingerpost.web.tenancy import api as tenancy

SignIn = Callable[[str], Browser]


@pytest.mark.parametrize(
    ("who", "first"),
    [
        ("gp", "/my-referrals/"),
        ("receptionist", "/my-referrals/"),
        ("worker", "/today/"),
        ("lead", "/queue/"),
    ],
)
def test_each_role_begins_at_its_own_page(browser: SignIn, who: str, first: str) -> None:
    from fingerpost.web.pages.navigation import address_of

    expected = {"/today/": address_of("staff:today"), "/queue/": address_of("staff:queue")}.get(first, first)
    if not expected:
        pytest.skip("the scheme's pages are not part of this installation")
    assert browser(who).get("/")["Location"] == expected


def test_visitor_is_sent_to_sign_in_and_shown_nothing(db: None) -> None:
    answer = Client().get("/my-referrals/")
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


def test_wrong_password_and_unknown_account_are_answered_alike(world: World) -> None:
    pages = [
        Client().post("/accounts/login/", {"login": address, "password": "wrong"}).content.decode()
        for address in (email_of("gp"), "nobody@staff.example")
    ]
    wrong, unknown = (
        re.sub(r"(csrfmiddlewaretoken\" value=\"[^\"]+)|[a-z]+@staff\.example", "", page) for page in pages
    )
    assert "do not go together" in wrong and wrong == unknown


@pytest.mark.parametrize("who", ["gp", "nobody"])
def test_too_many_tries_pause_an_address_with_or_without_an_account(
    world: World, who: str, settings: Any
) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    given = {"login": email_of(who), "password": "wrong"}
    answers = [Client().post("/accounts/login/", given) for _try in range(4)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429 and "Signing in is paused" in answers[-1].content.decode()
    # Somebody else at the same practice is not kept out.
    other = Client().post("/accounts/login/", {"login": email_of("receptionist"), "password": PASSWORD})
    assert other.status_code == 302


def test_forgotten_password_is_answered_alike_and_the_link_changes_it(world: World) -> None:
    client = Client()
    answers = [
        client.post("/accounts/password/reset/", {"email": e})
        for e in (email_of("gp"), "nobody@staff.example")
    ]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, "/accounts/password/reset/done/")
    }
    assert mail.outbox == []

    send_reset(user_id=str(world.gp.user_id))
    (sent,) = mail.outbox
    assert sent.to == [email_of("gp")]
    path = re.search(r"https?://[^/\s]+(/accounts/\S+)", str(sent.body))
    assert path
    form = client.get(path[1], follow=True)
    assert "Choose a new password" in form.content.decode()
    address = form.redirect_chain[-1][0]
    assert "too short" in client.post(address, {"password1": "short"}).content.decode()
    assert client.post(address, {"password1": "seven green kettles"}).status_code == 302
    assert "no longer works" in Client().get(path[1], follow=True).content.decode()
    signed = Client().post("/accounts/login/", {"login": email_of("gp"), "password": "seven green kettles"})
    assert signed.status_code == 302


def test_demo_accounts_are_listed_in_the_demo_and_nowhere_else(
    db: None, settings: Any, tmp_path: Path
) -> None:
    account = {"role": "clinician", "name": "Dr Demo", "email": "gp@demo.test", "password": "p", "note": ""}
    (tmp_path / "demo-accounts.json").write_text(json.dumps([account]))
    settings.STATE = tmp_path
    assert "gp@demo.test" not in Client().get("/accounts/login/").content.decode()
    settings.FINGERPOST_DEMO = True
    assert "Sign in as Dr Demo" in Client().get("/accounts/login/").content.decode()


def test_membership_is_switched_among_ones_own_only(world: World, browser: SignIn) -> None:
    with world.as_(world.job()) as by:
        own = tenancy.add_membership(
            user_id=world.gp.user_id,  # type: ignore[arg-type]
            organisation=world.other_practice,
            role="clinician",  # type: ignore[arg-type]
            by=by,
            at=NOW,
        )
    gp = browser("gp")
    gp.post("/membership/", {"membership": str(world.worker.membership_id)})
    assert world.practice.name in gp.get("/refer/").content.decode()
    gp.post("/membership/", {"membership": str(own.pk)})
    page = gp.get("/refer/").content.decode()
    assert re.search(rf'aria-current="true">[^<]*{world.other_practice.name}', page)


def test_account_of_two_systems_chooses_between_them_and_sees_one_at_a_time(
    world: World, browser: SignIn
) -> None:
    far = build_world(mark=" Far")
    a_referral(far, given_name="Zebedee")
    with far.as_(far.job()) as by:
        there = tenancy.add_membership(
            user_id=world.gp.user_id,  # type: ignore[arg-type]
            organisation=far.practice,
            role="clinician",  # type: ignore[arg-type]
            by=by,
            at=NOW,
        )
    gp = browser("gp")
    here = gp.get("/my-referrals/").content.decode()
    assert far.practice.name in here and "Zebedee" not in here
    gp.post("/membership/", {"membership": str(there.pk)})
    page = gp.get("/my-referrals/").content.decode()
    assert "Zebedee" in page and world.practice.name in page
