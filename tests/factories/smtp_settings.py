"""The test settings for a process of its own that sends to the mail server of a test."""

from __future__ import annotations

import os

from fingerpost.web.config.settings.test import *  # noqa: F403

FINGERPOST_MAIL = {
    "transport": "smtp",
    "host": "127.0.0.1",
    "port": int(os.environ["TEST_SMTP_PORT"]),
    "security": "none",
    "timeout": 20,
    "from": "hello@fingerpost.example",
}
