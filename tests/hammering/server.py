"""The product behind granian, over few pooled connections, with the pages that go wrong on purpose."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from fingerpost.web.config.front import in_front


def _pooled(database: dict[str, Any]) -> dict[str, Any]:
    pool = {"min_size": 2, "max_size": 6, "timeout": 60}
    options = {**database["OPTIONS"], "pool": pool}
    return {**database, "OPTIONS": options, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}


settings.DATABASES["default"] = _pooled(settings.DATABASES["default"])
settings.ROOT_URLCONF = "tests.hammering.pages"
settings.MIDDLEWARE = ["tests.hammering.pages.LookForSettings", *settings.MIDDLEWARE]
application = in_front(get_wsgi_application(), threads=settings.FINGERPOST_THREADS)
