"""How many statements a page sends to the database, as the application role, and how often the same one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

_VALUES = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")
_LISTS = re.compile(r"\(\s*\?(?:\s*,\s*\?)+\s*\)")
_FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@dataclass(frozen=True)
class Counted:
    """`repeated`: how often the commonest statement stood there, apart from its values."""

    status: int
    statements: int
    repeated: int
    commonest: str
    milliseconds: float


def count(client: Client, address: str) -> Counted:
    """Of the second request: the first fills caches."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    asked = [query for query in captured.captured_queries if not query["sql"].startswith(_FRAME)]
    shapes = Counter(_LISTS.sub("(?)", _VALUES.sub("?", query["sql"])) for query in asked)
    commonest, repeated = shapes.most_common(1)[0] if shapes else ("", 0)
    return Counted(
        answer.status_code,
        len(asked),
        repeated,
        commonest,
        sum(1000 * float(query["time"]) for query in asked),
    )
