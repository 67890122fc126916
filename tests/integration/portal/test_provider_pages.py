"""The provider's pages through plain HTTP, without JavaScript: a link, one question, one press."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.db import connection as database
from django.http import HttpResponse
from django.test import Client
from tests.factories.connecting import (
    SECRETS,
    a_listing,
    as_provider,
    connect,
    mails,
    marked_case,
    path_in,
    standing,
    token_in,
)
from tests.factories.world import PASSWORD, World, build_world, email_of

from fingerpost.kernel import clock
from fingerpost.web.audit import api as audit
from fingerpost.web.connections import api as connections
from fingerpost.web.connections.api import ConnectionStatus
from fingerpost.web.foundation import links
from fingerpost.web.messaging import api as messaging

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def asked(world: World) -> connections.Connection:
    return connect(world, marked_case(world), a_listing(world))


class Provider:
    """A browser without scripts that follows the newest e-mail about a connection."""

    def __init__(self, world: World, connection: connections.Connection) -> None:
        self.world = world
        self.client = Client(enforce_csrf_checks=True)
        newest = [mail for mail in mails(world, connection) if "/p/" in mail.text][-1]
        self.path = path_in(newest)

    def get(self, rest: str = "") -> HttpResponse:
        with clock.fixed(self.world.at):
            return self.client.get(self.path + rest)

    def press(self, page: HttpResponse, action: str = "", **given: str) -> HttpResponse:
        """Send the form of a page whose address ends with `action`, with what was typed."""
        form = next(each for each in _forms(page) if each["action"].endswith(action))
        target = form["action"] or page.request["PATH_INFO"]
        with clock.fixed(self.world.at):
            return self.client.post(
                target, {**form["hidden"], **given}, headers={"origin": "http://testserver"}
            )

    def follow(self, response: HttpResponse) -> HttpResponse:
        assert response.status_code == 302, response.content.decode()
        with clock.fixed(self.world.at):
            return self.client.get(response["Location"])


def _forms(page: HttpResponse) -> Iterator[dict[str, object]]:
    for head, body in re.findall(r"<form([^>]*)>(.*?)</form>", page.content.decode(), re.DOTALL):
        if "post" not in head:
            continue
        action = re.search(r'action="([^"]*)"', head)
        hidden = {}
        for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", body):
            name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
            if name:
                hidden[name.group(1)] = value.group(1) if value else ""
        yield {"action": action.group(1) if action else "", "hidden": hidden}


def text_of(page: HttpResponse) -> str:
    return page.content.decode()


def counts() -> tuple[int, ...]:
    """How many rows there are of whatever an answer would write; read without any scope of a page."""
    tables = ("connections_providerreply", "pathway_pathwayevent", "messaging_message", "directory_evidence")
    with database.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found.append(cursor.fetchone()[0])
    return tuple(found)


def test_page_asks_one_question_and_says_nothing_about_anybody(
    world: World, asked: connections.Connection
) -> None:
    page = Provider(world, asked).get()
    assert page.status_code == 200
    shown = text_of(page)
    assert "Do you take people at Fell Walkers?" in shown
    assert "Yes, we take people" in shown
    assert "01632 960 100" in shown
    assert asked.reference in shown
    assert not [secret for secret in SECRETS if secret in shown]


def test_programs_that_follow_links_change_nothing(world: World, asked: connections.Connection) -> None:
    provider, before = Provider(world, asked), standing(world, asked)
    with world.as_("lead"):
        rows = counts()
    for rest in ("", "say/takes_people/", "say/full/", "say/declines/", "details/", "undo/", "done/") * 5:
        assert provider.get(rest).status_code in (200, 302)
        with clock.fixed(world.at):
            assert provider.client.head(provider.path + rest).status_code in (200, 302)
    after = standing(world, asked)
    assert (after.status, after.status_at, after.asked_at) == (
        before.status,
        before.status_at,
        before.asked_at,
    )
    with world.as_("lead"):
        assert counts() == rows


def test_no_page_of_a_followed_link_names_more_than_the_first_name(
    world: World, asked: connections.Connection
) -> None:
    with as_provider(world, asked) as (actor, row):
        connections.provider_takes_people(connection=row, by=actor, at=world.at)
    provider = Provider(world, asked)
    for rest in ("", "say/accepts/", "say/declines/", "done/", "details/"):
        shown = text_of(provider.get(rest))
        for secret in ("Plantedfamily", "900456", "plantedmail", "Plantedneeds", "Plantedreason"):
            assert secret not in shown


def test_yes_then_details_then_accept_then_came(world: World, asked: connections.Connection) -> None:
    provider = Provider(world, asked)
    done = provider.follow(provider.press(provider.get(), "say/takes_people/"))
    assert "What happens next" in text_of(done)
    details = provider.press(done, "details/")
    shown = text_of(details)
    for value in (
        "Plantedgiven Plantedfamily",
        "07700 900456",
        "plantedmail@person.example",
        "Plantedneeds",
        "67",
    ):
        assert value in shown
    assert "QX1" not in shown
    assert "1958" not in shown
    done = provider.follow(provider.press(details, "say/accepts/"))
    assert "they can come" in text_of(done)
    world.later(days=2)
    answer = provider.get("say/came/")
    done = provider.follow(
        provider.press(
            answer, **{"happened_on-day": "4", "happened_on-month": "3", "happened_on-year": "2026"}
        )
    )
    assert "they came" in text_of(done)
    now = standing(world, asked)
    assert (now.status, now.times_came) == (ConnectionStatus.ATTENDED, 1)


def test_details_show_only_what_was_agreed(world: World) -> None:
    connection = connect(world, marked_case(world), a_listing(world), fields={"name", "age"})
    provider = Provider(world, connection)
    done = provider.follow(provider.press(provider.get(), "say/takes_people/"))
    shown = text_of(provider.press(done, "details/"))
    assert "Plantedfamily" in shown
    for secret in ("900456", "plantedmail", "Plantedneeds", "Plantedreason"):
        assert secret not in shown


def test_looking_at_details_is_logged(world: World, asked: connections.Connection) -> None:
    provider = Provider(world, asked)
    done = provider.follow(provider.press(provider.get(), "say/takes_people/"))
    with world.as_("lead") as lead:
        before = len(audit.accesses_of_person(lead, person_id=asked.person_id))
    provider.press(done, "details/")
    with world.as_("lead") as lead:
        assert len(audit.accesses_of_person(lead, person_id=asked.person_id)) == before + 1


def test_pressing_twice_answers_once(world: World, asked: connections.Connection) -> None:
    provider = Provider(world, asked)
    page = provider.get()
    first, second = provider.press(page, "say/takes_people/"), provider.press(page, "say/takes_people/")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    with world.as_("worker") as worker:
        assert len(connections.replies_of(worker, connection_id=asked.id)) == 1
    assert len(mails(world, asked)) == 2


def test_undo_within_ten_minutes(world: World, asked: connections.Connection) -> None:
    provider = Provider(world, asked)
    done = provider.follow(
        provider.press(provider.get("say/waiting_list/"), waiting_weeks="6", note="After Easter")
    )
    assert standing(world, asked).waiting_weeks == 6
    world.later(minutes=9)
    provider.follow(provider.press(done, "undo/"))
    assert standing(world, asked).status == ConnectionStatus.ASKED
    provider.press(done, "undo/")
    assert standing(world, asked).status == ConnectionStatus.ASKED


def test_undo_is_not_offered_after_ten_minutes(world: World, asked: connections.Connection) -> None:
    provider = Provider(world, asked)
    done = provider.follow(provider.press(provider.get("say/full/")))
    assert "undo" in text_of(done)
    world.later(minutes=11)
    assert "Undo my answer" not in text_of(provider.get("done/"))


def test_wrong_answer_is_explained_and_what_was_typed_is_kept(
    world: World, asked: connections.Connection
) -> None:
    provider = Provider(world, asked)
    page = provider.press(provider.get("say/waiting_list/"), waiting_weeks="many", note="Ring Carys")
    assert page.status_code == 200
    shown = text_of(page)
    assert "<title>Error: " in shown
    assert "There is a problem" in shown
    assert "Ring Carys" in shown
    assert standing(world, asked).status == ConnectionStatus.ASKED


def test_decline_gives_the_reason_and_words_to_the_worker(
    world: World, asked: connections.Connection
) -> None:
    with as_provider(world, asked) as (actor, row):
        connections.provider_takes_people(connection=row, by=actor, at=world.at)
    provider = Provider(world, asked)
    provider.follow(
        provider.press(provider.get("say/declines/"), reason="provider_not_suitable", note="We climb a lot")
    )
    now = standing(world, asked)
    assert (now.status, now.status_reason, now.status_note) == (
        ConnectionStatus.DECLINED,
        "provider_not_suitable",
        "We climb a lot",
    )
    assert "Show what they would like you to know" not in text_of(provider.get())


def test_answer_that_does_not_fit_any_more_leads_back(world: World, asked: connections.Connection) -> None:
    provider = Provider(world, asked)
    response = provider.get("say/came/")
    assert (response.status_code, response["Location"]) == (302, provider.path)
    assert provider.get("say/nonsense/").status_code == 404


def test_ended_link_says_whom_to_ring_and_nothing_else(world: World, asked: connections.Connection) -> None:
    provider = Provider(world, asked)
    with world.as_("worker") as worker:
        connections.withdraw(connection=asked, reason="died", by=worker, at=world.at)
    for rest in ("", "details/", "say/takes_people/", "done/", "undo/"):
        page = provider.get(rest)
        assert page.status_code == 410
        assert "01632 960 100" in text_of(page)
        assert not [secret for secret in (*SECRETS, "Fell Walkers", "died") if secret in text_of(page)]


def test_expired_link_says_how_to_get_a_new_one(world: World, asked: connections.Connection) -> None:
    provider = Provider(world, asked)
    world.later(days=91)
    page = provider.get()
    assert page.status_code == 410
    assert "90 days" in text_of(page)


def test_garbled_link_helps_and_reveals_nothing(world: World, asked: connections.Connection) -> None:
    token = token_in(mails(world, asked)[0])
    for spoilt in (token[:-1], "x" + token, token.swapcase(), "~", "nothing", token.partition("~")[0] + "~"):
        page = Client().get(f"/p/{spoilt}/")
        assert page.status_code == 404
        assert "Open it from the e-mail again" in text_of(page)
        assert "Fell Walkers" not in text_of(page)
        assert "Link Up" not in text_of(page)


def test_link_for_another_purpose_opens_nothing(world: World, asked: connections.Connection) -> None:
    with world.as_("worker"):
        link = links.issue(
            purpose="questionnaire",
            subject_id=asked.id,
            organisation_id=world.scheme.id,
            holder_label="somebody",
            at=world.at,
            lives=connections.UNDO_WITHIN,
        )
        token = links.token_of(link)
    with clock.fixed(world.at):
        assert Client().get(f"/p/{token}/").status_code == 410


def test_pages_are_not_kept_listed_or_passed_on(world: World, asked: connections.Connection) -> None:
    provider = Provider(world, asked)
    token = "~" + token_in(mails(world, asked)[0])
    for response in (provider.get(), provider.get("say/full/"), Client().get(f"/p/{token}/")):
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
        assert response["Referrer-Policy"] == "same-origin"


def test_post_without_the_pages_own_token_is_refused(world: World, asked: connections.Connection) -> None:
    provider = Provider(world, asked)
    provider.get()
    with clock.fixed(world.at):
        response = provider.client.post(provider.path + "say/takes_people/")
    assert response.status_code == 403
    assert standing(world, asked).status == ConnectionStatus.ASKED


def test_signed_in_colleague_sees_the_page_as_the_provider_does(
    world: World, asked: connections.Connection
) -> None:
    provider = Provider(world, asked)
    provider.client = Client()
    with clock.fixed(world.at):
        provider.client.post("/accounts/login/", {"login": email_of("worker"), "password": PASSWORD})
    assert "_auth_user_id" in provider.client.session
    shown = text_of(provider.get())
    assert "Do you take people" in shown
    assert "Sign out" not in shown
    assert not [secret for secret in SECRETS if secret in shown]


def test_e_mail_reads_as_well_in_plain_text(world: World, asked: connections.Connection) -> None:
    [mail] = mails(world, asked)
    in_html = set(re.findall(r'href="([^"]+)"', mail.html))
    assert in_html
    assert {address for address in in_html if address not in mail.text} == set()
    assert {urlsplit(address).path.rstrip("/").rpartition("/")[2] for address in in_html} == {
        "takes_people",
        "waiting_list",
        "full",
        "declines",
    }
    assert messaging.State(mail.state) is messaging.State.QUEUED
