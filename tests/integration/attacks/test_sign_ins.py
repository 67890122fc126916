"""Where an account is signed in, who is told, and who can keep whom out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import hashers
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client, TestCase
from django.urls import reverse
from procrastinate.contrib.django import app
from tests.factories.world import PASSWORD, email_of
from tests.integration.attacks.test_passkeys import MANAGE, ORIGIN, add, passkey
from tests.integration.attacks.test_second_proof import send, set_up
from tests.integration.attacks.test_signing_in import LOGIN, account, enter
from tests.integration.attacks.test_signing_in import undone as as_if_not
from tests.integration.routes.planted import CSRF, Planted, fresh_client

from fingerpost.kernel import clock
from fingerpost.web.config import devices, sign_ins
from fingerpost.web.foundation import jobs
from fingerpost.web.foundation.scope import scope
from fingerpost.web.staff.tasks import NOTICES, PROOF_TAKEN_AWAY, PROVIDER_LINKED, PROVIDER_UNLINKED

WHERE, ELSEWHERE = "/accounts/devices/", "/accounts/devices/end/"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19 Mobile Safari/604.1"
)
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0"


@contextmanager
def undone(planted: Planted) -> Iterator[None]:
    """As elsewhere; and the worker's session that was planted is over, so that only those of the test are listed."""
    with as_if_not(planted):
        with scope(planted.actors["worker"]), connection.cursor() as cursor:
            cursor.execute("UPDATE tenancy_signin SET ended_at = signed_in_at WHERE user_id = fp_user()")
        yield


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The e-mails that jobs send, once they are run."""
    with jobs.held() as held:

        def run() -> list[Any]:
            mail.outbox.clear()
            held.run_due()
            return list(mail.outbox)

        yield run


def signed_in(who: str, agent: str = DESK) -> Client:
    client = fresh_client()
    client.defaults["HTTP_USER_AGENT"] = agent
    assert enter(client, who).status_code == 302
    assert client.get(WHERE).status_code == 200
    return client


def opens(client: Client) -> bool:
    return client.get("/today/").status_code == 200


def ends(client: Client) -> list[str]:
    return re.findall(r'action="(/accounts/devices/[0-9a-f-]{36}/end/)"', client.get(WHERE).content.decode())


def leave(client: Client) -> None:
    """Sign out and keep what the browser knows of its accounts."""
    send(client, "/accounts/logout/")
    assert not opens(client)


def again(client: Client, who: str, password: str = PASSWORD) -> Any:
    client.cookies[settings.CSRF_COOKIE_NAME] = CSRF
    return enter(client, who, password=password)


def test_own_sessions_are_shown_in_plain_words_and_nobody_elses(planted: Planted) -> None:
    with undone(planted):
        here, _, _ = signed_in("worker"), signed_in("worker", PHONE), signed_in("lead", "curl/8")
        page = here.get(WHERE).content.decode()
        assert page.count("(this one)") == 1 and len(ends(here)) == 1
        assert "Edge on Windows" in page and "Safari on iPhone" in page
        assert "A browser that does not say what it is" not in page


def test_one_session_is_ended_and_its_cookie_is_worth_nothing(planted: Planted) -> None:
    with undone(planted):
        here, there = signed_in("worker"), signed_in("worker", PHONE)
        stolen = there.cookies.copy()
        [end] = ends(here)
        assert send(here, end)["Location"] == WHERE
        assert there.get("/today/")["Location"].startswith(f"{LOGIN}?next=%2Ftoday%2F&ended=1")
        there.cookies = stolen
        assert not opens(there) and opens(here)
        assert send(here, end).status_code == 404


def test_everywhere_else_and_everywhere(planted: Planted) -> None:
    with undone(planted):
        here, there, other = signed_in("worker"), signed_in("worker", PHONE), signed_in("lead")
        assert send(here, ELSEWHERE)["Location"] == WHERE
        assert opens(here) and not opens(there) and opens(other)
        again(there, "worker")
        assert opens(there)
        stolen = here.cookies.copy()
        assert send(here, ELSEWHERE, here="1")["Location"] == LOGIN
        here.cookies = stolen
        assert not opens(here) and not opens(there) and opens(other)


def test_nobody_ends_or_sees_the_sessions_of_another(planted: Planted) -> None:
    with undone(planted):
        victim, beside = signed_in("worker"), signed_in("worker", PHONE)
        [end] = ends(victim)
        for who in ("lead", "administrator"):
            thief = signed_in(who, "curl/8")
            assert send(thief, end).status_code == 404
            send(thief, ELSEWHERE, here="1")
        assert opens(victim) and opens(beside)
        for who in ("lead", "administrator", "away_worker"):
            with scope(planted.actors[who]), connection.cursor() as cursor:
                for table in ("tenancy_signin", "tenancy_knowndevice"):
                    cursor.execute(
                        f"SELECT count(*) FROM {table} WHERE user_id = %s",
                        [planted.actors["worker"].user_id],
                    )
                    assert cursor.fetchone() == (0,)
                cursor.execute("UPDATE tenancy_signin SET ended_at = now()")
        assert opens(victim)


@pytest.mark.parametrize("given", [{}, {"csrfmiddlewaretoken": "d" * 32}], ids=["without", "wrong"])
def test_signing_out_elsewhere_needs_the_token_of_the_form_and_a_post(
    planted: Planted, given: dict[str, str]
) -> None:
    with undone(planted):
        here, there = signed_in("worker"), signed_in("worker", PHONE)
        [end] = ends(here)
        for path in (ELSEWHERE, end):
            assert here.post(path, given).status_code == 403
            assert here.get(path).status_code == 405
        assert opens(there)


def test_signing_out_takes_the_session_from_the_list(planted: Planted) -> None:
    with undone(planted):
        here, there = signed_in("worker"), signed_in("worker", PHONE)
        leave(there)
        assert ends(here) == []


def test_session_ends_after_a_working_day_however_busy(planted: Planted) -> None:
    with undone(planted):
        client = signed_in("worker")
        for hours in range(1, 8):
            with clock.fixed(planted.world.at + timedelta(hours=hours)):
                assert opens(client)
        with clock.fixed(planted.world.at + timedelta(hours=8)):
            assert not opens(client)


def test_session_that_stands_in_no_list_opens_nothing(planted: Planted) -> None:
    """One kept from before there was a list, or begun by another way in than ours: its account could not end it."""
    with undone(planted):
        client = signed_in("worker")
        session = client.session
        del session[sign_ins.KEY]
        session.save()
        answer = client.get("/today/")
        assert answer["Location"].startswith(f"{LOGIN}?next=%2Ftoday%2F&ended=1")
        assert not opens(client)
        for made_up in ("00000000-0000-0000-0000-000000000000", ""):
            other = signed_in("worker")
            session = other.session
            session[sign_ins.KEY] = made_up
            session.save()
            assert not opens(other)


def test_table_holds_nothing_a_cookie_could_be_made_of(planted: Planted) -> None:
    with undone(planted):
        client = signed_in("worker")
        with scope(planted.actors["worker"]), connection.cursor() as cursor:
            cursor.execute(
                "SELECT string_agg(s::text || d::text, ' ') FROM tenancy_signin s, tenancy_knowndevice d"
            )
            held = cursor.fetchone()[0]
            cursor.execute("SELECT id FROM tenancy_knowndevice")
            device = cursor.fetchone()[0]
        for name in (settings.SESSION_COOKIE_NAME, devices.COOKIE):
            assert client.cookies[name].value not in held
        thief = fresh_client()
        for made_up in (device.hex, f"{device.hex}:", f"{device.hex}:x", str(device)):
            thief.cookies[devices.COOKIE] = made_up
            assert thief.get(LOGIN).status_code == 200
            assert "known" not in _counted(thief, "worker")


def _counted(client: Client, who: str) -> str:
    """Under whose name a wrong try of this browser is counted."""
    again(client, who, password="wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('fingerpost.signing_in', 'on', true)")
        cursor.execute("SELECT username FROM axes_accessattempt ORDER BY id DESC LIMIT 1")
        found: str = cursor.fetchone()[0]
    return "known" if " " in found else found


def test_new_browser_is_told_of_once_and_for_each_account(planted: Planted, told: Any) -> None:
    with undone(planted):
        client = signed_in("worker", PHONE)
        [message] = told()
        assert message.to == [email_of("worker")]
        assert "Safari on iPhone" in message.body and settings.FINGERPOST_BASE_URL + WHERE in message.body
        leave(client)
        again(client, "worker")
        assert told() == []
        leave(client)
        again(client, "lead")
        assert [one.to for one in told()] == [[email_of("lead")]]
        leave(client)
        again(client, "worker")
        assert told() == []


def test_cookie_of_a_browser_says_nothing_for_another_account(planted: Planted, told: Any) -> None:
    with undone(planted):
        client = signed_in("lead")
        thief = fresh_client()
        thief.cookies[devices.COOKIE] = client.cookies[devices.COOKIE].value
        told()
        again(thief, "worker")
        assert [one.to for one in told()] == [[email_of("worker")]]


def test_browser_that_was_signed_out_elsewhere_is_new_again(planted: Planted, told: Any) -> None:
    with undone(planted):
        here, there = signed_in("worker"), signed_in("worker", PHONE)
        told()
        send(here, ELSEWHERE)
        assert not opens(there)
        again(there, "worker")
        assert len(told()) == 1


def test_new_password_ends_every_other_session_and_is_told(planted: Planted, told: Any) -> None:
    with undone(planted):
        here, there = signed_in("worker"), signed_in("worker", PHONE)
        told()
        given = {"oldpassword": PASSWORD, "password1": "seven grey geese swim"}
        assert send(here, "/accounts/password/change/", **given).status_code == 302
        assert opens(here) and not opens(there)
        [message] = told()
        assert message.subject == "Your password was changed" and message.to == [email_of("worker")]
        assert ends(here) == []


def test_password_chosen_by_the_link_ends_every_session_and_is_told(planted: Planted, told: Any) -> None:
    with undone(planted):
        here = signed_in("worker")
        told()
        send(here, "/accounts/password/reset/", email=email_of("worker"))
        [link] = re.findall(r"/accounts/password/reset/key/\S+", told()[0].body)
        visitor = fresh_client()
        form = visitor.get(link)["Location"]
        assert send(visitor, form, password1="seven grey geese swim").status_code == 302
        assert not opens(here) and not opens(visitor)
        [message] = told()
        assert "by the link that we had sent you" in message.body
        assert again(fresh_client(), "worker", "seven grey geese swim")["Location"] == "/"


def test_second_proofs_that_come_and_go_are_told(
    planted: Planted, told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FINGERPOST_BASE_URL", ORIGIN)
    with undone(planted):
        told()
        with TestCase.captureOnCommitCallbacks(execute=True):
            client, _, _ = set_up("worker")
        said = [message.subject for message in told()]
        assert sorted(said) == ["A new browser signed in to your account", "Your second proof was changed"]
        add(client, passkey(), name="Key")
        assert "Whoever holds it can sign in" in told()[0].body
        with TestCase.captureOnCommitCallbacks(execute=True):
            send(client, "/accounts/second/codes/new/")
        assert [message.subject for message in told()] == ["New recovery codes were made"]
        [remove] = re.findall(r"/accounts/second/passkey/\d+/remove/", client.get(MANAGE).content.decode())
        send(client, remove)
        assert "A passkey was removed" in told()[0].body
        send(client, "/accounts/second/app/remove/")
        assert "The app on a telephone was removed" in told()[0].body


def test_administrator_who_takes_a_proof_away_is_told_of(planted: Planted, told: Any) -> None:
    with undone(planted):
        colleague, organisation = planted.ids["user_id"], planted.ids["organisation_id"]
        with scope(planted.actors["second_worker"]):
            Authenticator.objects.create(user_id=colleague, type=Authenticator.Type.TOTP, data={})
        client = planted.clients["administrator"]
        path = reverse("staff:reset_second_proof", args=[organisation, colleague])
        assert client.post(path, {"csrfmiddlewaretoken": CSRF}).status_code == 302
        [message] = told()
        assert "An administrator took away" in message.body


def test_every_notice_is_whole(planted: Planted) -> None:
    said, every = set(), {*NOTICES.values(), PROOF_TAKEN_AWAY, PROVIDER_LINKED, PROVIDER_UNLINKED}
    with undone(planted):
        for name in sorted(every):
            mail.outbox.clear()
            app.tasks[name](user_id=str(planted.actors["worker"].user_id))
            [message] = mail.outbox
            lines = [line for line in message.body.splitlines() if line]
            assert len(lines) == 5 and message.subject and email_of("worker") not in message.body
            said.add(lines[1])
    assert len(said) == len(every)


@pytest.fixture
def counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()  # the counts are kept there, and other tests sign in too


def test_colleague_cannot_keep_anybody_out_of_their_own_browser(planted: Planted, counted: None) -> None:
    """From the same address as the victim, and from others."""
    with undone(planted):
        victim = signed_in("worker")
        leave(victim)
        for number in range(24):
            colleague = fresh_client()
            if number >= 12:
                colleague.defaults["REMOTE_ADDR"] = f"192.0.2.{number}"
            enter(colleague, "worker", password="wrong")
        assert again(victim, "worker")["Location"] == "/"


def test_guessing_stays_limited_over_all_addresses_and_in_a_known_browser(
    planted: Planted, counted: None
) -> None:
    with undone(planted):
        known = signed_in("worker")
        leave(known)
        for number in range(10):
            guesser = fresh_client()
            guesser.defaults["REMOTE_ADDR"] = f"192.0.2.{number}"
            enter(guesser, "worker", password="wrong")
        fresh = fresh_client()
        fresh.defaults["REMOTE_ADDR"] = "192.0.2.200"
        assert "Too many tries" in enter(fresh, "worker").content.decode()
        for _ in range(10):
            again(known, "worker", password="wrong")
        last = again(known, "worker")
        assert last.status_code == 429 or "Too many tries" in last.content.decode()


def test_other_spellings_and_host_names_give_no_further_tries(planted: Planted, counted: None) -> None:
    """The database takes a long s for an s, and we answer to several host names."""
    login = email_of("worker")
    spellings = [login, login.upper(), f" {login}", login.replace("@s", "@\u017f"), login.title()]
    assert len(set(spellings)) == 5
    with undone(planted):
        found = fresh_client().post(
            LOGIN, {"login": spellings[3], "password": PASSWORD, "csrfmiddlewaretoken": CSRF}
        )
        assert found.status_code == 302  # so it is a way to the account
        for number in range(10):
            guesser = fresh_client()
            guesser.defaults |= {
                "REMOTE_ADDR": f"192.0.2.{number}",
                "HTTP_HOST": ("testserver", "localhost")[number % 2],
            }
            given = {"login": spellings[number % 5], "password": "wrong", "csrfmiddlewaretoken": CSRF}
            guesser.post(LOGIN, given)
        assert "Too many tries" in enter(fresh_client(), "worker").content.decode()


def test_limits_are_counted_where_every_process_sees_them(planted: Planted, counted: None) -> None:
    with undone(planted):
        assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseJsonCache")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM foundation_cacheentry")
            before = cursor.fetchone()[0]
            enter(fresh_client(), "worker", password="wrong")
            cursor.execute("SELECT count(*) FROM foundation_cacheentry")
            assert cursor.fetchone()[0] >= before + 2  # of the address, and of the account


def test_as_many_hashes_for_an_account_as_for_none(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is spent in hashing: counted, not measured."""
    made: list[str] = []
    hasher = hashers.get_hasher()
    plain = type(hasher).encode
    monkeypatch.setattr(
        type(hasher), "encode", lambda self, *given, **more: made.append("x") or plain(self, *given, **more)
    )
    counts = {}
    with undone(planted):
        with scope(planted.world.job()):
            closed = account(user_id=planted.actors["second_worker"].user_id)  # type: ignore[arg-type]
            closed.is_active = False
            closed.save(update_fields=["is_active"])
            without = account(user_id=planted.actors["manager"].user_id)  # type: ignore[arg-type]
            without.set_unusable_password()
            without.save(update_fields=["password"])
        for login in (
            email_of("worker"),
            email_of("second_worker"),
            email_of("manager"),
            "nobody@staff.example",
        ):
            made.clear()
            given = {"login": login, "password": "wrong", "csrfmiddlewaretoken": CSRF}
            assert fresh_client().post(LOGIN, given).status_code == 200
            counts[login] = len(made)
    assert set(counts.values()) == {1}, counts
