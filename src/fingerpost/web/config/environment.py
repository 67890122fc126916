"""Read settings from the environment; every fault is told by name, with its shape and an example."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from fingerpost.kernel.contact_route import normalise_email
from fingerpost.kernel.errors import ConfigurationError, InvalidValue

T = TypeVar("T")


class Environment:
    """Collects faults while settings are read, and raises them all at once in `finish`."""

    def __init__(self, source: Mapping[str, str] | None = None) -> None:
        self.source = os.environ if source is None else source
        self.faults: list[str] = []

    def read(
        self, name: str, parse: Callable[[str], T], *, shape: str, example: str, default: T | None = None
    ) -> T:
        """The parsed value; a missing value without a default, or a malformed one, becomes a fault."""
        raw = self.source.get(name, "").strip()
        if not raw:
            if default is None:
                self.faults.append(f"{name} is not set. It should be {shape}, for example: {name}={example}")
            return default  # type: ignore[return-value]
        try:
            return parse(raw)
        except ValueError as fault:
            why = f" ({fault})" if str(fault) else ""
            self.faults.append(
                f"{name} is malformed{why}. It should be {shape}, for example: {name}={example}"
            )
            return default  # type: ignore[return-value]

    def finish(self) -> None:
        if self.faults:
            raise ConfigurationError(
                "The settings are not complete:\n  " + "\n  ".join(self.faults),
                expected="every setting named above in the environment",
                remedy="set them and start again; docs/reference/settings.md lists them all",
            )


def text(raw: str) -> str:
    return raw


def boolean(raw: str) -> bool:
    """Exactly 'true' or 'false': a mistyped 'False ' must not mean yes."""
    if raw not in ("true", "false"):
        raise ValueError(f"{raw!r} is neither true nor false")
    return raw == "true"


def whole_number(raw: str) -> int:
    """Nought or more."""
    if not raw.isascii() or not raw.isdigit():
        raise ValueError(f"{raw!r} is not a whole number")
    return int(raw)


def words(raw: str) -> list[str]:
    return [word.strip() for word in raw.split(",") if word.strip()]


def secret(raw: str) -> str:
    if len(raw) < 40:
        raise ValueError("it is shorter than 40 characters")
    return raw


def pairs(raw: str) -> list[tuple[str, str]]:
    """`name=value` with commas between."""
    found = [tuple(part.strip() for part in word.split("=", 1)) for word in words(raw)]
    if not all(len(pair) == 2 and all(pair) for pair in found):
        raise ValueError("one of them is not name=value")
    return [(pair[0], pair[1]) for pair in found]


def web_address(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("it is not a web address")
    return raw


def database(raw: str) -> dict[str, Any]:
    """A PostgreSQL address as Django's settings. `?host=/folder` gives a socket."""
    parts = urlsplit(raw)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("only PostgreSQL is supported")
    if not parts.path.strip("/"):
        raise ValueError("the database name is missing")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": options.pop("port", str(parts.port or "")),
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
    }


def mail_server(raw: str) -> dict[str, Any]:
    """A mail server's address: `smtps` is TLS from the start, `smtp` switches to it or does not send."""
    parts = urlsplit(raw)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("it is not the address of a mail server")
    return {
        "host": parts.hostname,
        "port": parts.port or (465 if parts.scheme == "smtps" else 587),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "security": "tls" if parts.scheme == "smtps" else "starttls",
    }


def email_address(raw: str) -> str:
    try:
        return normalise_email(raw)
    except InvalidValue as fault:
        raise ValueError("it does not look like an e-mail address") from fault
