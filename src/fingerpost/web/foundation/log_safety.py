"""Keep keys out of logs: the address of a signed link is the key to what it opens."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}~[A-Za-z0-9_-]{20,}")
HIDDEN = "(signed link)"


class HideSignedLinks(logging.Filter):
    """Writes every message out and replaces tokens of signed links in it, wherever they stand."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if _TOKEN.search(text):
            record.msg, record.args = _TOKEN.sub(HIDDEN, text), None
        return True
