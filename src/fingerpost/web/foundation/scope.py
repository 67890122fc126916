"""The current scope: a transaction whose PostgreSQL settings say who acts and what they may reach.

Row-level policies read these settings; the scoped manager refuses to query without them. Settings are
transaction-local, so a pooled connection can carry nothing over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from fingerpost.kernel import clock
from fingerpost.kernel.errors import NoScopeError
from fingerpost.web.foundation.actor import Actor

_current: ContextVar[Actor | None] = ContextVar("fingerpost_actor", default=None)

SETTINGS = (
    "system_id",
    "organisation_ids",
    "user_id",
    "link_id",
    "actor_id",
    "actor_label",
    "sees_people",
    "signing_in",
    "now",
)


def current_actor() -> Actor:
    """The actor of the open scope. Raises `NoScopeError` when there is none."""
    actor = _current.get()
    if actor is None:
        raise NoScopeError(
            "Nobody's scope is open, so no row may be read or written.",
            expected="a request that has passed the scope middleware, or `with scope(actor):` in a job or command",
            remedy="open a scope with the actor who is responsible for this work",
        )
    return actor


def actor_or_none() -> Actor | None:
    return _current.get()


@contextmanager
def scope(actor: Actor, *, signing_in: bool = False) -> Iterator[Actor]:
    """Open a transaction (or savepoint) in which `actor`, and nobody else, is acting."""
    outer = _current.get()
    # Settings end with their transaction: only one that goes on afterwards has to get its own back.
    goes_on = connection.in_atomic_block
    with transaction.atomic():
        previous = _read_settings() if goes_on and outer is not None else dict.fromkeys(SETTINGS, "")
        _write_settings(settings_for(actor, signing_in=signing_in))
        token = _current.set(actor)
        try:
            yield actor
        finally:
            _current.reset(token)
        # Reached only when the block did not raise: a rolled-back savepoint restores settings by itself.
        if goes_on:
            _write_settings(previous)


def enter(actor: Actor, *, signing_in: bool = False) -> None:
    """Take up `actor` inside a transaction that the caller owns (the request middleware)."""
    if not connection.in_atomic_block:
        raise NoScopeError(
            "A scope was entered outside a transaction.",
            expected="the request transaction to be open",
            remedy="use `with scope(actor):`, which opens one",
        )
    _write_settings(settings_for(actor, signing_in=signing_in))
    _current.set(actor)


def leave() -> None:
    """Forget the actor at the end of a request."""
    _current.set(None)


def settings_for(actor: Actor, *, signing_in: bool = False) -> dict[str, str]:
    """The PostgreSQL settings that stand for `actor`; an empty string means none."""
    return {
        "system_id": str(actor.system_id or ""),
        "organisation_ids": ",".join(sorted(str(o) for o in actor.organisation_ids)),
        "user_id": str(actor.user_id or ""),
        "link_id": str(actor.link_id or ""),
        "actor_id": actor.id,
        "actor_label": actor.label,
        "sees_people": "on" if actor.sees_people else "off",
        "signing_in": "on" if signing_in else "off",
        "now": clock.now().isoformat() if clock.is_injected() else "",
    }


def _write_settings(values: dict[str, str]) -> None:
    calls = ", ".join("set_config(%s, %s, true)" for _ in values)
    params = [part for name, value in values.items() for part in (f"fingerpost.{name}", value)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", params)


def _read_settings() -> dict[str, str]:
    calls = ", ".join("coalesce(current_setting(%s, true), '')" for _ in SETTINGS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [f"fingerpost.{name}" for name in SETTINGS])
        return dict(zip(SETTINGS, cursor.fetchone(), strict=True))
