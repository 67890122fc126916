"""The demo and a developer's machine: loopback only, no TLS, a secret of its own in the state folder."""

from __future__ import annotations

import hashlib

from fingerpost.web.config.environment import text
from fingerpost.web.config.settings.base import *  # noqa: F403
from fingerpost.web.config.settings.base import env

SECRET_KEY = env.read(
    "FINGERPOST_SECRET_KEY",
    text,
    shape="a long random text",
    example="made by run.py",
    default="only-for-building-the-project",
)
# One secret is enough on a machine of one's own; production asks for a second.
FINGERPOST_SEAL_KEY = hashlib.sha256(b"seal " + SECRET_KEY.encode()).hexdigest()
DEBUG = env.source.get("FINGERPOST_DEBUG") == "true"
FINGERPOST_CLOCK_MAY_BE_SET = True
env.finish()
