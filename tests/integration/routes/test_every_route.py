"""Every route, asked by everybody: a status from the table, no foreign word, nothing written that should not be."""

from __future__ import annotations

import pytest
from tests.integration.routes.asking import askers, faults_of, routes
from tests.integration.routes.planted import Planted
from tests.integration.routes.table import ELSEWHERE, TABLE, Row

NAMES = [row.route for row in TABLE]


def test_table_names_every_route_and_none_that_is_gone() -> None:
    served = routes()
    missing = sorted(set(served) - set(NAMES) - set(ELSEWHERE))
    gone = sorted((set(NAMES) | set(ELSEWHERE)) - set(served))
    twice = sorted({name for name in NAMES if NAMES.count(name) > 1})
    lines = [f'    row("{name}", …),  # arguments: {", ".join(served[name]) or "none"}' for name in missing]
    told = "\n".join(["Say in tests/integration/routes/table.py who may open:", *lines]) if missing else ""
    assert not missing, told
    assert not gone, f"in the table but served no more: {gone}"
    assert not twice, f"twice in the table: {twice}"


@pytest.mark.parametrize("row", TABLE, ids=NAMES)
def test_route_answers_each_as_the_table_says(planted: Planted, row: Row) -> None:
    if row.route not in routes():
        pytest.fail(f"{row.route} is served no more: take its row out of the table")
    faults = [
        fault
        for method in ("GET", "POST")
        for who in askers(row, method)
        for fault in faults_of(planted, row, who, method)
    ]
    assert not faults, "\n" + "\n".join(faults)
