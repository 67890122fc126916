"""What every answer carries, whatever it is: an error, a refusal, a redirect or a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from tests.integration.routes.asking import ask
from tests.integration.routes.heads import faults_of_heads
from tests.integration.routes.planted import Planted, words_of

from fingerpost.web.casework import selectors
from fingerpost.web.feedback import api as feedback
from fingerpost.web.foundation import links

CASES = {
    "page": ("worker", "GET", "/today/", 200),
    "public page": ("visitor", "GET", "/help/", 200),
    "sign-in": ("visitor", "GET", "/accounts/login/", 200),
    "redirect to sign-in": ("visitor", "GET", "/today/", 302),
    "slash added": ("worker", "GET", "/today", 301),
    "not allowed": ("manager", "GET", "/today/", 403),
    "not found": ("worker", "GET", "/nowhere/", 404),
    "foreign": ("other_worker", "GET", "/cases/{case_id}/", 404),
    "wrong method": ("worker", "POST", "/today/", 405),
    "made by hand": ("worker", "POST", "/goals/{goal_id}/move/", 400),
    "link": ("visitor", "GET", "/p/{token}/", 200),
    "broken link": ("visitor", "GET", "/p/x/", 404),
    "letter": ("gp", "GET", "/letters/{letter_id}/", 200),
}
# To a visitor nothing private is told, unless they hold a link.
PRIVATE = {name: case for name, case in CASES.items() if case[0] != "visitor" or case[2].startswith("/p/")}


def assert_secured(response: HttpResponse) -> None:
    assert faults_of_heads(response) == []


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_answer_cannot_be_framed_sniffed_or_scripted(
    planted: Planted, case: tuple[str, str, str, int]
) -> None:
    who, method, path, status = case
    response = ask(planted, who, path.format(**planted.ids), method).response
    assert response.status_code == status
    assert_secured(response)


@pytest.mark.parametrize("case", PRIVATE.values(), ids=PRIVATE)
def test_answer_to_somebody_signed_in_or_holding_a_link_is_not_kept(
    planted: Planted, case: tuple[str, str, str, int]
) -> None:
    who, method, path, _status = case
    response = ask(planted, who, path.format(**planted.ids), method).response
    if response.status_code != 301:
        assert "no-store" in response["Cache-Control"]


def test_wrong_host_is_refused_with_headers_and_is_never_repeated(planted: Planted) -> None:
    response = Client(raise_request_exception=False).get("/help/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert b"evil.example" not in response.content
    assert_secured(response)


def test_address_in_a_mail_is_a_setting_and_not_the_host_header(planted: Planted) -> None:
    assert links.absolute("/p/x/") == f"{settings.FINGERPOST_BASE_URL}/p/x/"


def test_forwarded_host_is_not_believed(planted: Planted) -> None:
    response = Client().get("/today", HTTP_X_FORWARDED_HOST="evil.example")
    assert "evil.example" not in response["Location"]


def test_failure_carries_the_headers_and_no_detail(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"Quillnote {settings.SECRET_KEY}")

    monkeypatch.setattr(selectors, "open_cases", fail)
    answer = ask(planted, "worker", "/today/", "GET")
    assert answer.status == 500
    assert_secured(answer.response)
    body = answer.response.content.decode()
    assert not answer.words
    for secret in (settings.SECRET_KEY, "Traceback", "RuntimeError", "casework", "site-packages", "SELECT"):
        assert secret not in body


def test_cookies_are_out_of_reach_of_scripts_and_other_sites() -> None:
    for name in ("SESSION", "CSRF"):
        assert getattr(settings, f"{name}_COOKIE_HTTPONLY") is True
        assert getattr(settings, f"{name}_COOKIE_SAMESITE") == "Lax"


def test_letter_is_named_by_us_and_downloads(planted: Planted) -> None:
    """The name is built of a date and digits: no field of a person can end the header or name somebody."""
    with planted.world.as_("worker") as worker:
        letter = feedback.letter(worker, letter_id=planted.ids["letter_id"])
        feedback.set_letter(letter=letter, by=worker, at=planted.world.at)
    response = ask(planted, "gp", f"/letters/{planted.ids['letter_id']}/", "GET").response
    assert response["Content-Type"] == "application/pdf"
    named = response["Content-Disposition"]
    assert named.startswith('attachment; filename="social-prescribing-letter-')
    assert not {word for word in words_of("Quill") if word in named.lower()}


def test_maintenance_is_said_on_every_page_without_the_database(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FINGERPOST_MAINTENANCE", True)
    for path in ("/", "/today/", "/accounts/login/", "/nowhere/"):
        answer = ask(planted, "worker", path, "GET")
        assert answer.status == 503
        assert answer.written == frozenset() and not answer.words
        assert_secured(answer.response)


def test_body_that_is_too_large_is_refused_with_the_headers(planted: Planted) -> None:
    response = ask(planted, "worker", "/find-person/", "POST", {"words": "a" * (21 * 1024 * 1024)}).response
    assert response.status_code == 413
    assert_secured(response)


def test_static_file_carries_the_headers(planted: Planted, tmp_path: Path) -> None:
    """Through the middlewares as production stacks them, with a file of our own to serve."""
    (tmp_path / "a.css").write_text("a{}")
    with override_settings(STATIC_ROOT=tmp_path, WHITENOISE_AUTOREFRESH=False, WHITENOISE_USE_FINDERS=False):
        response = Client().get("/static/a.css")
    assert response.status_code == 200
    assert faults_of_heads(response) == []
