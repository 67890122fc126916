"""Signed links in the hands of scanners, forwarders and forgers."""

from __future__ import annotations

import base64
from datetime import timedelta
from uuid import UUID

import pytest
from django.core import signing
from django.db import DatabaseError, connection, transaction
from tests.integration.routes.asking import Answer, ask, writes
from tests.integration.routes.planted import CSRF, Planted, fresh_client

from fingerpost.kernel import clock
from fingerpost.kernel.ids import new_id
from fingerpost.web.foundation import links
from fingerpost.web.portal.access import PRESSED_WITHIN, PRESSES

PAGES = ("", "details/", "say/takes_people/", "say/accepts/", "say/declines/", "done/", "undo/")


def follow(
    planted: Planted, token: object, page: str = "", method: str = "GET", who: str = "visitor"
) -> Answer:
    return ask(planted, who, f"/p/{token}/{page}", method)


def forged(link_id: UUID, *, salt: str = "fingerpost.signed-link", key: str | None = None) -> str:
    body = base64.urlsafe_b64encode(link_id.bytes).decode().rstrip("=")
    return signing.Signer(key=key, sep="~", salt=salt).sign(body)


@pytest.mark.parametrize("page", PAGES)
def test_token_that_was_altered_or_guessed_opens_nothing(planted: Planted, page: str) -> None:
    token, link_id = str(planted.ids["token"]), planted.ids["link_id"]
    assert isinstance(link_id, UUID)
    body, _, signature = token.partition("~")
    tried = [
        body + "~" + signature[:-1] + ("A" if signature[-1] != "A" else "B"),
        body,
        f"{body}~",
        f"~{signature}",
        forged(link_id, salt="another"),
        forged(link_id, key="a key of somebody else's"),
        str(link_id),
        body[:-1] + ("A" if body[-1] != "A" else "B") + "~" + signature,
        "x" * 4000,
        "%00",
        "..%2f..%2fetc%2fpasswd",
    ]
    for each in tried:
        for method in ("GET", "POST"):
            answer = follow(planted, each, page, method)
            assert answer.status == 404, each
            assert answer.written == frozenset() and not answer.words


def test_token_of_a_link_that_never_was_opens_nothing(planted: Planted) -> None:
    answer = follow(planted, forged(new_id()))
    assert answer.status == 404 and not answer.words


@pytest.mark.parametrize("method", ["get", "head", "options", "put", "delete", "patch"])
@pytest.mark.parametrize("page", PAGES)
def test_following_a_link_without_pressing_changes_nothing(planted: Planted, page: str, method: str) -> None:
    """Mail scanners and previews follow every link, some with other methods than GET."""
    before = writes()
    with clock.fixed(planted.world.at), transaction.atomic():
        response = getattr(fresh_client(), method)(f"/p/{planted.ids['token']}/{page}", HTTP_X_CSRFTOKEN=CSRF)
        transaction.set_rollback(True)
    assert response.status_code in (200, 302, 405)
    assert writes() - before == {}
    assert "quill" not in response.content.decode().replace("of Quill", "").lower()


def test_link_of_one_connection_says_nothing_of_another(planted: Planted) -> None:
    for stem in ("", "Brack_", "Zorn_"):
        answer = follow(planted, planted.ids[f"{stem}token"])
        assert answer.status == 200 and not answer.words


@pytest.mark.parametrize("page", PAGES)
def test_link_for_another_purpose_opens_no_page(planted: Planted, page: str) -> None:
    with transaction.atomic():
        with planted.world.as_("worker"):
            link = links.issue(
                purpose="questionnaire",
                subject_id=planted.ids["connection_id"],  # type: ignore[arg-type]
                organisation_id=planted.world.scheme.id,
                holder_label="somebody",
                at=planted.world.at,
                lives=timedelta(days=1),
            )
        for method in ("GET", "POST"):
            answer = follow(planted, links.token_of(link), page, method)
            assert answer.status == 410 and not answer.words and answer.written == frozenset()
        transaction.set_rollback(True)


@pytest.mark.parametrize("who", ["lead", "away_lead", "manager", "ended"])
def test_link_opened_by_somebody_signed_in_gives_them_no_more(planted: Planted, who: str) -> None:
    assert not follow(planted, planted.ids["token"], who=who).words
    after = ask(planted, who, f"/cases/{planted.ids['Brack_case_id']}/", "GET")
    assert after.status in (403, 404)


@pytest.mark.parametrize(
    "page", ["say/accepts/", "say/came/", "say/finished/", "say/nonsense/", "say/__class__/"]
)
def test_answer_that_does_not_fit_is_not_taken(planted: Planted, page: str) -> None:
    """Details are told only to who has said that they take people: later answers cannot be pressed before."""
    answer = follow(planted, planted.ids["token"], page, "POST")
    assert answer.status in (200, 302, 404)
    assert "connections_connection" not in answer.written
    details = follow(planted, planted.ids["token"], "details/", "POST")
    assert not details.words and details.written <= {"foundation_linkuse"}


def test_link_pressed_by_a_program_is_paused_for_that_link_alone(planted: Planted) -> None:
    """The count is the database's: it holds over processes, and no other link pays for it."""
    path = f"/p/{planted.ids['token']}/undo/"
    other = f"/p/{planted.ids['Brack_token']}/undo/"
    with clock.fixed(planted.world.at), transaction.atomic():
        clients = [fresh_client(), fresh_client()]
        answers = [
            clients[number % 2].post(path, {"csrfmiddlewaretoken": CSRF}).status_code
            for number in range(PRESSES + 1)
        ]
        assert answers == [302] * PRESSES + [429]
        assert clients[0].get(path.replace("undo/", "")).status_code == 200
        assert clients[0].post(other, {"csrfmiddlewaretoken": CSRF}).status_code == 302
        with clock.fixed(planted.world.at + PRESSED_WITHIN):
            assert clients[0].post(path, {"csrfmiddlewaretoken": CSRF}).status_code == 302
        transaction.set_rollback(True)


def test_count_of_a_link_can_be_neither_read_nor_lowered(planted: Planted) -> None:
    for statement in (
        "SELECT * FROM foundation_linkuse",
        "DELETE FROM foundation_linkuse",
        "UPDATE foundation_linkuse SET times = 0",
        "SELECT fp_count_link_use('press', interval '1 hour')",  # no link is open
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
