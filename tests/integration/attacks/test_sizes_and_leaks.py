"""Too much of something is refused in words, and nothing that goes wrong tells who or what was there."""

from __future__ import annotations

import logging
import re

import pytest
from django.db import transaction
from django.http import HttpResponse
from tests.integration.routes.asking import ask
from tests.integration.routes.planted import CSRF, STEMS, Planted, words_of

from fingerpost.kernel import clock


def send(
    planted: Planted, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded"
) -> HttpResponse:
    with clock.fixed(planted.world.at), transaction.atomic():
        response = planted.clients["worker"].post(path, body, content_type=kind, HTTP_X_CSRFTOKEN=CSRF)
        transaction.set_rollback(True)
    return response


def test_body_that_is_too_large_is_refused(planted: Planted) -> None:
    response = send(planted, "/find-person/", b"words=" + b"a" * (21 * 1024 * 1024))
    assert response.status_code in (400, 413)


def test_ten_thousand_fields_are_refused(planted: Planted) -> None:
    response = send(planted, "/find-person/", b"&".join(b"f%d=1" % n for n in range(10_000)))
    assert response.status_code in (400, 413)


def test_many_files_are_refused(planted: Planted) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nx\r\n'
    response = send(planted, "/find-person/", part * 500 + b"--x--\r\n", "multipart/form-data; boundary=x")
    assert response.status_code in (400, 413)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"x", "multipart/form-data; boundary=" + "a" * 300),
        (b"x", "multipart/form-data"),
        (b"words=%ff%fe", "application/x-www-form-urlencoded"),
        (b"{" * 100_000, "application/json"),
        (b"\x00" * 1000, "application/octet-stream"),
    ],
)
def test_body_that_cannot_be_read_is_no_fault_of_ours(planted: Planted, body: bytes, kind: str) -> None:
    assert send(planted, "/find-person/", body, kind).status_code < 500


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=99999999999999999999",
        "page=x",
        "sort=person__given_name",
        "sort=-__class__",
        "worker=%00",
        "worker=x",
        "show=%27",
        "status=x&need=x",
        "state=x",
        "a" * 3000 + "=1",
    ],
)
@pytest.mark.parametrize("path", ["/cases/", "/queue/", "/today/", "/directory/", "/queue/decided/"])
def test_query_made_by_hand_is_no_fault_of_ours_and_shows_no_more(
    planted: Planted, path: str, query: str
) -> None:
    answer = ask(planted, "lead", f"{path}?{query}", "GET")
    assert answer.status < 500
    assert not {word for word in answer.words if not word.startswith("quill")}


@pytest.mark.parametrize(
    "path",
    [
        "/cases/{Brack_case_id}/",
        "/people/{Zorn_person_id}/",
        "/cases/00000000-0000-0000-0000-000000000000/",
        "/cases/not-an-id/",
        "/nowhere/",
        "/static/../../etc/passwd",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/admin/",
        "/.git/config",
        "/.env",
        "/dev/components/",
        "/__debug__/",
    ],
)
def test_page_that_is_not_there_is_the_same_whether_or_not_it_exists_elsewhere(
    planted: Planted, path: str
) -> None:
    answer = ask(planted, "worker", path.format(**planted.ids), "GET")
    body = answer.response.content.decode()
    assert answer.status == 404
    assert not answer.words
    for told in ("Traceback", "urlpatterns", "DoesNotExist", "Case matching", "URLconf", "root:"):
        assert told not in body


def test_foreign_and_missing_cases_cannot_be_told_apart(planted: Planted) -> None:
    def plain(case_id: object) -> str:
        html = ask(planted, "worker", f"/cases/{case_id}/", "GET").response.content.decode()
        return re.sub(r'value="[^"]*"', "", html)

    missing = plain("01a200d2-4f09-7122-a5df-e43bea0a2a04")
    assert plain(planted.ids["Brack_case_id"]) == missing == plain(planted.ids["Zorn_case_id"])


def test_logs_of_a_day_name_nobody(planted: Planted, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("django.request").setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("django.db.backends").setLevel(logging.INFO)
        for who, path in (
            ("worker", "/today/"),
            ("lead", "/queue/"),
            ("gp", "/my-referrals/"),
            ("other_gp", "/x/"),
        ):
            ask(planted, who, path, "GET")
        ask(planted, "worker", f"/cases/{planted.ids['case_id']}/", "GET")
        ask(planted, "other_worker", f"/cases/{planted.ids['case_id']}/", "GET")
        ask(planted, "worker", "/find-person/", "POST", {"words": "Quillgiven"})
        ask(planted, "visitor", f"/p/{planted.ids['token']}/", "GET")
    told = caplog.text.lower()
    assert not [word for stem in STEMS for word in words_of(stem) if word in told]
