"""Field by field: a page that names somebody shows each role exactly the fields of the table, no more and no less."""

from __future__ import annotations

import pytest
from tests.integration.routes.asking import address, ask
from tests.integration.routes.fields import BUT, FIELDS
from tests.integration.routes.planted import KINDS, Planted
from tests.integration.routes.table import TABLE, Row

ROWS = [row for row in TABLE if row.log and row.get == 200]
PLACES = [row for row in TABLE if not row.log and row.get == 200 and not row.is_public]


def test_every_page_that_names_somebody_has_its_line() -> None:
    assert sorted(FIELDS) == sorted(row.route for row in ROWS)
    words = {word for line in [*FIELDS.values(), *BUT.values()] for word in line.split()}
    assert words <= set(KINDS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.route)
def test_role_reads_exactly_the_fields_of_the_table(planted: Planted, row: Row) -> None:
    for role in sorted(row.who - set(row.but)):
        wanted = set(BUT.get((row.route, role), FIELDS[row.route]).split())
        shown = {
            word.removeprefix("quill") for word in ask(planted, role, address(planted, row), "GET").words
        }
        assert shown == wanted, f"{role}: too much {shown - wanted}, missing {wanted - shown}"


@pytest.mark.parametrize("role", ["manager", "administrator"])
def test_role_that_sees_nobody_reads_no_field_on_any_page(planted: Planted, role: str) -> None:
    for row in PLACES:
        if role in row.who:
            assert ask(planted, role, address(planted, row), "GET").words == frozenset(), row.route
