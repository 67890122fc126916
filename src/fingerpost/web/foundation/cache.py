"""A cache in the database: limits and used codes must hold over every process of the web server.

Values are JSON: a table that the application role writes must never be read as code, as pickled values would be.
Keys are digests, for they may name an account or an address.
"""

from __future__ import annotations

import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from fingerpost.kernel import clock
from fingerpost.web.foundation.models import CacheEntry

_CULL_ONE_IN = 100
# One statement, so that of many processes at once each is told a number of its own.
_COUNT_UP = """
    INSERT INTO foundation_cacheentry AS held (key, value, expires_at) VALUES (%s, '1', %s)
    ON CONFLICT (key) DO UPDATE SET value = (held.value::int + 1)::text
    RETURNING value::int"""


class DatabaseJsonCache(BaseCache):
    """Django's cache interface over `CacheEntry`. What is set takes part in the transaction that sets it."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._writes = 0

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        found = self._live().filter(key=self._digest(key, version)).values_list("value", flat=True).first()
        return default if found is None else json.loads(found)

    def set(
        self,
        key: str,
        value: Any,
        timeout: float | object | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        self._cull_sometimes()
        CacheEntry.objects.update_or_create(
            key=self._digest(key, version),
            defaults={"value": json.dumps(value), "expires_at": self._expiry(timeout)},
        )

    def add(
        self,
        key: str,
        value: Any,
        timeout: float | object | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Set unless there is a live value. Of two processes that try at once, one is told no."""
        digest, now = self._digest(key, version), clock.now()
        values = {"value": json.dumps(value), "expires_at": self._expiry(timeout)}
        try:
            with transaction.atomic():
                CacheEntry.objects.create(key=digest, **values)
                return True
        except IntegrityError:
            return CacheEntry.objects.filter(key=digest, expires_at__lte=now).update(**values) == 1

    def touch(
        self, key: str, timeout: float | object | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        held = self._live().filter(key=self._digest(key, version))
        return held.update(expires_at=self._expiry(timeout)) == 1

    def delete(self, key: str, version: int | None = None) -> bool:
        return CacheEntry.objects.filter(key=self._digest(key, version)).delete()[0] == 1

    def clear(self) -> None:
        CacheEntry.objects.all().delete()

    def count_up(self, key: str, *, every: timedelta) -> int:
        """How often this has been counted in the present stretch of time, this once included."""
        stretch, now = every.total_seconds(), clock.now()
        begun = int(now.timestamp() // stretch)
        with connection.cursor() as cursor:
            cursor.execute(_COUNT_UP, [self._digest(f"{key}:{begun}", None), now + every])
            counted: int = cursor.fetchone()[0]
        return counted

    def _live(self) -> Any:
        return CacheEntry.objects.filter(Q(expires_at=None) | Q(expires_at__gt=clock.now()))

    def _digest(self, key: str, version: int | None) -> str:
        full = self.make_and_validate_key(key, version=version)
        return hmac.digest(settings.SECRET_KEY.encode(), full.encode(), "sha256").hex()

    def _expiry(self, timeout: float | object | None) -> datetime | None:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return None if seconds is None else clock.now() + timedelta(seconds=float(seconds))  # type: ignore[arg-type]

    def _cull_sometimes(self) -> None:
        self._writes += 1
        if self._writes % _CULL_ONE_IN == 0:
            CacheEntry.objects.filter(expires_at__lte=clock.now()).delete()


def is_tried_too_often(what: str, who: str, *, most: int, every: timedelta) -> bool:
    """Count one try, and say whether it is one too many. Shared by all processes; it stands with the transaction."""
    counter = caches["default"]
    assert isinstance(counter, DatabaseJsonCache)
    return counter.count_up(f"tries:{what}:{who}", every=every) > most
