"""A notice at the top of a page: it stays until the page is left, and may offer to undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise


@dataclass(frozen=True)
class Notice:
    """One sentence for the reader. `undo_href` is posted to; give it only while undoing is possible."""

    text: str | Promise
    tone: Literal["info", "good"] = "info"
    heading: str | Promise = ""
    undo_href: str = ""
    undo_text: str | Promise = ""
