"""Cells that a spreadsheet would run as a formula: made safe on the way out, put right on the way in. Pure."""

from __future__ import annotations

import re

_RUNS = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guarded(text: str) -> str:
    """The text, led by one apostrophe more when a spreadsheet would run it, or when it looks guarded already."""
    return f"'{text}" if _RUNS.match(text) else text


def unguarded(text: str) -> str:
    """What was guarded: `unguarded(guarded(text)) == text`."""
    return text[1:] if _GUARDED.match(text) else text
