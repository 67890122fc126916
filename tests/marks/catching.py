"""Everything that is written to a log, whole: message, arguments, errors, stacks and what was handed along."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

# Statements are logged only with DEBUG set, on a developer's machine.
_NOT_IN_USE = ("django.db.backends",)


@dataclass
class Caught(logging.Handler):
    """Stands where the product's handlers stand: behind the filters that every one of them has."""

    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.NOTSET)
        for made in _filters():
            self.addFilter(made)

    def __hash__(self) -> int:
        return id(self)

    def emit(self, record: logging.LogRecord) -> None:
        parts = [f"{name}={_whole(value)}" for name, value in vars(record).items()]
        self.lines.append(f"{self.format(record)}\n" + " ".join(parts))


def _filters() -> list[logging.Filter]:
    """Of the settings' handlers: what only some of them have is no wall."""
    handlers = settings.LOGGING["handlers"].values()
    shared = set.intersection(*(set(each.get("filters", ())) for each in handlers))
    return [_made(settings.LOGGING["filters"][name]) for name in sorted(shared)]


def _made(words: dict[str, Any]) -> logging.Filter:
    from importlib import import_module

    module, _, name = words["()"].rpartition(".")
    return getattr(import_module(module), name)()  # type: ignore[no-any-return]


def _whole(value: Any) -> str:
    request = getattr(value, "META", None)
    return f"{value!r} {request!r} {getattr(value, 'POST', '')!r}" if request is not None else repr(value)


@contextmanager
def caught() -> Iterator[Caught]:
    """Every record of every logger, whatever its level."""
    handler, root = Caught(), logging.getLogger()
    kept = root.level
    quiet = [logging.getLogger(name) for name in _NOT_IN_USE]
    levels = {name: logging.getLogger(name).level for name in list(logging.root.manager.loggerDict)}
    others, root.handlers = root.handlers, [handler]
    root.setLevel(logging.DEBUG)
    for name in levels:
        logging.getLogger(name).setLevel(logging.NOTSET)
    for each in quiet:
        each.setLevel(logging.INFO)
    try:
        yield handler
    finally:
        root.handlers = others
        root.setLevel(kept)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
