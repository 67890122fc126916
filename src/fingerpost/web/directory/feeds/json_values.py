"""JSON that somebody else wrote, parsed within bounds. Pure."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import SourceFault

DEEPEST = 32
# What a database or a page cannot hold: the null character, and halves of characters that stand alone.
_UNSTORABLE = {
    0: "\N{REPLACEMENT CHARACTER}",
    **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}"),
}


def parsed(body: bytes, *, where: str) -> Any:
    """The value that some bytes of JSON hold. Raises `SourceFault` for what is none, or is too deep."""
    try:
        found = json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
        return _clean(found, 0)
    except RecursionError as fault:
        raise too_deep(where) from fault
    except ValueError as fault:  # also what is not UTF-8, and numbers of very many digits
        raise SourceFault(
            _("The answer of %(where)s is not JSON: %(why)s.") % {"where": where, "why": str(fault)[:200]},
            expected=_("JSON in UTF-8."),
            remedy=_("Tell whoever publishes the feed."),
        ) from fault


def too_deep(where: str) -> SourceFault:
    return SourceFault(
        _("The answer of %(where)s is nested too deeply.") % {"where": where},
        expected=_("JSON of at most %(most)s levels.") % {"most": DEEPEST},
        remedy=_("Tell whoever publishes the feed."),
    )


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _clean(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(value, str):
        return value.translate(_UNSTORABLE)
    if isinstance(value, list):
        return [_clean(each, depth + 1) for each in value]
    if isinstance(value, dict):
        return {key.translate(_UNSTORABLE): _clean(each, depth + 1) for key, each in value.items()}
    if isinstance(value, float) and value in (float("inf"), float("-inf")):  # 1e999
        return str(value)
    return value


def as_text(value: Any) -> str:
    """A value as the cell of a table: words stripped, numbers as written, anything nested as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
