"""The test suite: a real database, fast password hashing, nothing else softened."""

from __future__ import annotations

from fingerpost.web.config.settings.base import *  # noqa: F403
from fingerpost.web.config.settings.base import STORAGES

SECRET_KEY = "tests-only-tests-only-tests-only-tests-only"  # noqa: S105
FINGERPOST_SEAL_KEY = "a-key-of-the-tests-for-seals-and-nothing-else"
DEBUG = False
FINGERPOST_CLOCK_MAY_BE_SET = True
FINGERPOST_IDLE_MINUTES = (
    0  # stories of the tests take months on the injected clock; those of idle sessions set it
)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
