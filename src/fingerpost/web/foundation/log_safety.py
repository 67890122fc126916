"""What may stand in a log: ids, names of code, counts and times; never a word that somebody typed or that is theirs.

A rule for each source, for no pattern recognises a name. Why: docs/decisions/0096-what-a-log-may-say.md.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}~[A-Za-z0-9_-]{20,}")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
HIDDEN = "(signed link)"
LEFT_OUT = "(left out)"
NO_PAGE = "(no page of ours)"

# Whose messages are written with ids only: our own, the queue's (whose jobs carry ids only) and the server's.
_CAREFUL = ("fingerpost", "procrastinate", "_granian")
_QUOTING = ("django.security", "asyncio", "py.warnings")  # whole messages made of what came in
_PHRASES = frozenset(status.phrase for status in HTTPStatus)
_OF_EVERY_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"))
_OF_ACCESS = frozenset(("time", "addr", "protocol", "scheme"))
_PLAIN = (bool, int, float, UUID, date, type(None))
# Their words are names in our own code.
_OF_CODE = (NameError, ImportError, SyntaxError)


class HidePersonalData(logging.Filter):
    """Rewrites each record to what may be said, whichever handler and formatter write it."""

    def filter(self, record: logging.LogRecord) -> bool:
        request, error = getattr(record, "request", None), record.exc_info and record.exc_info[1]
        said = _said(record, request)
        record.msg, record.args = _ADDRESS.sub(LEFT_OUT, _TOKEN.sub(HIDDEN, said)), None
        record.exc_text = without_words(error) if error else None
        record.exc_info = None
        for name in set(vars(record)) - _OF_EVERY_RECORD:
            if not isinstance(getattr(record, name), _PLAIN):
                delattr(record, name)
        return True


def _said(record: logging.LogRecord, request: Any) -> str:
    message = str(record.msg)
    if not record.args:
        return LEFT_OUT if _is_of(record, _QUOTING) and request is None else _unquoted(record, request)
    args = record.args
    if record.name == "granian.access" and isinstance(args, dict):
        return _filled(message, {name: _of_access(name, value) for name, value in args.items()})
    if isinstance(args, dict):
        return _filled(message, {name: _allowed(record, value, request) for name, value in args.items()})
    return _filled(message, tuple(_allowed(record, value, request) for value in args))


def _unquoted(record: logging.LogRecord, request: Any) -> str:
    """A message without arguments about a request may be the words of an exception: the logger names its kind."""
    return str(record.msg) if request is None else f"{LEFT_OUT} {place(request)}"


def _filled(message: str, args: Any) -> str:
    try:
        return message % args
    except (TypeError, ValueError, KeyError):  # a faulty call of a logger must not take the work with it
        return message


def _allowed(record: logging.LogRecord, value: object, request: Any) -> object:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, BaseException):
        return type(value).__name__
    if request is not None and value in (request.path, _escaped(request.path)):
        return place(request)
    if _is_of(record, _CAREFUL) or value in _PHRASES or value in _reasons():
        return value
    return LEFT_OUT


def _of_access(name: str, value: object) -> object:
    """What a line of the server's access log may hold, by the name of its part."""
    if name == "path":
        return _of_path(str(value))
    if name == "method":
        return value if value in _METHODS else LEFT_OUT
    return value if isinstance(value, _PLAIN) or name in _OF_ACCESS else LEFT_OUT


def _escaped(path: str) -> str:
    return path.encode("unicode_escape").decode("ascii")


def _is_of(record: logging.LogRecord, names: tuple[str, ...]) -> bool:
    return any(record.name == name or record.name.startswith(f"{name}.") for name in names)


def _reasons() -> frozenset[str]:
    """Why Django refuses a form, where it does not quote the form."""
    from django.middleware import csrf

    found = (value for name, value in vars(csrf).items() if name.startswith("REASON_"))
    return frozenset(value for value in found if isinstance(value, str) and "%" not in value)


def place(request: Any) -> str:
    """Where a request went: the path when it holds ids only, else the route's pattern; never the query."""
    return _place(request.path, getattr(request, "resolver_match", None))


def _of_path(path: str) -> str:
    from django.urls import Resolver404, resolve

    bare = path.partition("?")[0]
    try:
        return _place(bare, resolve(bare))
    except Resolver404:
        return NO_PAGE


def _place(path: str, match: Any) -> str:
    if match is None:
        return NO_PAGE
    if not match.args and all(isinstance(value, UUID | int) for value in match.kwargs.values()):
        return path
    return f"/{match.route}"


def without_words(error: BaseException) -> str:
    """The traceback without the errors' own words: those of a database repeat the values that it was given."""
    lines: list[str] = []
    for told, link in _chain(error):
        lines += [link] if link else []
        lines.append("Traceback (most recent call last):")
        lines += [line.rstrip("\n") for line in traceback.format_tb(told.__traceback__)]
        lines.append(_kind(told))
        if isinstance(told, BaseExceptionGroup):
            lines += [f"  | {line}" for part in told.exceptions for line in without_words(part).splitlines()]
    return "\n".join(lines)


def _chain(error: BaseException) -> Iterator[tuple[BaseException, str]]:
    """The error and those it came from, the oldest first, each with a line on how it led to the next."""
    found: list[tuple[BaseException, str]] = [(error, "")]
    while len(found) < 20:
        newest = found[-1][0]
        if newest.__cause__ is not None:
            found.append((newest.__cause__, "which was the cause of:"))
        elif newest.__context__ is not None and not newest.__suppress_context__:
            found.append((newest.__context__, "during which happened:"))
        else:
            break
    return iter(
        [(told, found[i + 1][1] if i + 1 < len(found) else "") for i, (told, _) in enumerate(found)][::-1]
    )


def _kind(error: BaseException) -> str:
    """Its type, and what of it is a name in our own code or in our own tables."""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, _OF_CODE):
        return f"{name}: {error}"
    facts = [f"errno {error.errno}"] if isinstance(error, OSError) and error.errno else []
    diagnosis = getattr(error, "diag", None)
    for fact in ("sqlstate", "table_name", "column_name", "constraint_name"):
        value = getattr(diagnosis, fact, None)
        facts += [f"{fact} {value}"] if value else []
    return f"{name} ({', '.join(facts)})" if facts else name
