from __future__ import annotations

import logging
from uuid import uuid4

from fingerpost.web.foundation import links
from fingerpost.web.foundation.log_safety import HIDDEN, HideSignedLinks


def test_token_of_a_signed_link_never_reaches_a_log() -> None:
    token = links.token_for_id(uuid4())
    record = logging.LogRecord("web", logging.WARNING, "x", 1, "Gone: %s", (f"/p/{token}/say/full/",), None)
    assert HideSignedLinks().filter(record)
    assert record.getMessage() == f"Gone: /p/{HIDDEN}/say/full/"


def test_other_messages_are_left_alone() -> None:
    record = logging.LogRecord("web", logging.WARNING, "x", 1, "Gone: %s", ("/people/~17/",), None)
    HideSignedLinks().filter(record)
    assert record.args == ("/people/~17/",)
