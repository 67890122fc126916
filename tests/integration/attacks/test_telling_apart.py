"""What belongs to others answers exactly as what does not exist: same status, same words, same length, no writing."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.urls import reverse
from tests.integration.routes.asking import ask, routes
from tests.integration.routes.planted import Planted
from tests.integration.routes.table import TABLE, Row

MISSING = "01a200d2-4f09-7122-a5df-e43bea0a2a04"
_TRACES = {"audit_access", "audit_unsealed", "django_session", "foundation_cacheentry", "foundation_linkuse"}


def _of(row: Row, stem: str, planted: Planted) -> dict[str, object] | None:
    """The arguments of the address for another story's record; None where it has none."""
    wanted = {name: row.arguments.get(name, name) for name in routes().get(row.route, ())}
    found = {name: planted.ids.get(f"{stem}_{key}") for name, key in wanted.items()}
    return found if found and all(isinstance(one, UUID) for one in found.values()) else None


def _asked(planted: Planted, row: Row, method: str, given: dict[str, object]) -> tuple[int, str, set[str]]:
    who = sorted(row.who - {"receptionist"})[0]
    path = reverse(row.route, kwargs=given)
    answer = ask(planted, who, path, method)
    body = answer.response.content.decode()
    for one in given.values():
        body = body.replace(str(one), "ID")
    body = re.sub(r'(value|nonce)="[^"]*"', "", body)
    return answer.status, body, set(answer.written)


ROWS = [row for row in TABLE if row.others == 404 and not row.is_public]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_record_of_others_cannot_be_told_from_one_that_is_not_there(planted: Planted, method: str) -> None:
    tried, faults = 0, []
    for row in ROWS:
        if (row.get if method == "GET" else row.post) == 405:
            continue
        found = {stem: theirs for stem in ("Brack", "Zorn") if (theirs := _of(row, stem, planted))}
        for stem, theirs in found.items():
            if stem == next(iter(found)):
                nothing = _asked(planted, row, method, dict.fromkeys(theirs, UUID(MISSING)))
            tried += 1
            status, body, written = _asked(planted, row, method, theirs)
            if status != nothing[0] or status < 400:
                faults.append(f"{row.route} of {stem}: {status}, and {nothing[0]} where there is nothing")
            elif body != nothing[1]:
                faults.append(
                    f"{row.route} of {stem}: {len(body)} letters, {len(nothing[1])} where there is nothing"
                )
            if written - _TRACES or nothing[2] - _TRACES:
                faults.append(f"{row.route} of {stem} writes {written | nothing[2]}")
    assert tried > 40
    assert not faults, "\n" + "\n".join(faults)
