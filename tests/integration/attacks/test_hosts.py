"""Requests for names that are not ours: refused before the database is asked, and not one line each in the log."""

from __future__ import annotations

import logging
import time
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from fingerpost.web.pages import middleware

NAMES = (
    "oakley.example",
    "a?<>",
    "testserver.evil.example",
    "testserver@evil.example",
    "\u00ff",
    "x" * 5000,
    "",
)


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    monkeypatch.setattr(middleware, "_UNKNOWN_HOSTS", middleware._Counted())
    caplog.set_level(logging.DEBUG)
    return caplog


def ask(name: str, **more: Any) -> Any:
    return Client(raise_request_exception=False).get("/help/", HTTP_HOST=name, **more)


@pytest.mark.parametrize("redirects", [False, True], ids=["as in tests", "as in production"])
def test_many_are_told_in_one_plain_line_without_the_name(
    told: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, redirects: bool
) -> None:
    """No database is at hand in this test: asking it would fail."""
    monkeypatch.setattr(settings, "SECURE_SSL_REDIRECT", redirects)
    for _ in range(30):
        for name in NAMES:
            answer = ask(name)
            assert answer.status_code == 400
            assert "Content-Security-Policy" in answer and answer["X-Frame-Options"] == "DENY"
    [record] = told.records
    assert record.exc_info is None and record.levelno == logging.WARNING
    assert record.getMessage().startswith("1 requests for a name that is not in FINGERPOST_HOSTS")
    assert not any(name and name in told.text for name in NAMES)


def test_the_next_line_tells_how_many_there_were(
    told: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.monotonic()
    for seconds in (0, 1, 59, 61, 62, 200):
        monkeypatch.setattr(middleware.time, "monotonic", lambda later=seconds: now + later)
        ask("oakley.example")
    assert [record.getMessage().split()[0] for record in told.records] == ["1", "3", "2"]


def test_name_in_another_header_is_not_believed(told: pytest.LogCaptureFixture) -> None:
    assert ask("oakley.example", HTTP_X_FORWARDED_HOST="testserver").status_code == 400
