"""A mark in every field, form, query, header, cookie and file; every page asked in every way; every line searched.

The long form, with the product's own processes and their logs: python3 run.py prove marks
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.marks.driving import Drive


def test_no_log_error_page_header_job_session_or_cache_names_anybody(
    drive: Drive, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        findings = drive.everything()
    assert not findings.found, "\n" + "\n".join(findings.found)
    assert findings.asked > 300 and findings.failed > 80 and findings.lines > 150, str(findings)


def test_log_that_is_written_as_it_comes_would_be_seen(
    drive: Drive, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same search, without the filter: words of the database, of a template, of paths and of a browser."""
    from tests.integration.routes.table import TABLE
    from tests.marks.driving import Drive as Again

    from fingerpost.web.foundation.log_safety import HidePersonalData

    monkeypatch.setattr(
        HidePersonalData, "filter", lambda self, record: isinstance(record, logging.LogRecord)
    )
    with django_db_blocker.unblock():
        found = (
            Again(drive.planted, drive.marks).everything([r for r in TABLE if r.route == "staff:case"]).found
        )
    for told in ("Internal Server Error", "Not Found", "people_person.given_name"):
        assert any(line.startswith("log: ") and told in line for line in found), told


def test_session_that_is_not_encrypted_would_be_seen(
    drive: Drive, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.sessions.backends.base import SessionBase
    from tests.integration.routes.table import TABLE
    from tests.marks.driving import Drive as Again

    from fingerpost.web.foundation.sessions import SessionStore

    with monkeypatch.context() as patched:
        patched.setattr(SessionStore, "encode", SessionBase.encode)
        with django_db_blocker.unblock():
            rows = [row for row in TABLE if row.route == "mfa_activate_totp"]
            found = Again(drive.planted, drive.marks).everything(rows).found
    assert any("django_session" in line for line in found)


def test_field_that_holds_words_about_somebody_is_planted_or_named() -> None:
    from tests.marks.planting import FORMED, NOT_PLANTED, fields

    known = {f"{table}.{column.column}" for table, column in fields()}
    gone = sorted((set(NOT_PLANTED) | set(FORMED)) - known)
    assert not gone, f"named in tests/marks/planting.py, and gone: {gone}"
    for place in (
        "people_person.given_name",
        "casework_contact.note",
        "feedback_letter.pdf",
        "tenancy_user.name",
    ):
        assert place in known - set(NOT_PLANTED)
