"""The data dictionary of the extract, written from the declarations alone."""

from __future__ import annotations

from collections.abc import Iterator

from fingerpost.interchange.declarations import Column, Table
from fingerpost.interchange.tables import SCHEMA_VERSION, TABLES

_HEAD = f"""# Data dictionary of the extract

Schema version {SCHEMA_VERSION}. Made from `fingerpost.interchange.tables`; change it there.

An extract is a folder with `manifest.json` and one Parquet file for each table. It holds no name, no
identifier and no time of day. *Personal data* says how close a value stands to a person: `pseudonym`
(a keyed code), `indirect` (may single someone out together with other facts) or `none`. *Release* says
what may leave the evaluation boundary: `never` (the value stays in), or `grouping` (it may define the
cells of a table whose counts pass disclosure control).
"""


def render_data_dictionary() -> str:
    """The dictionary as Markdown."""
    return "\n".join([_HEAD, *(line for table in TABLES for line in _table(table))])


def _table(table: Table) -> Iterator[str]:
    yield f"## `{table.name}`\n\n{table.meaning}\n\nKey: {', '.join(f'`{name}`' for name in table.key)}.\n"
    yield "| Column | Type | Unit | May be empty | Personal data | Release | Meaning |"
    yield "|---|---|---|---|---|---|---|"
    yield from (_row(column) for column in table.columns)
    yield ""
    for rule in table.conditions:
        strength = "is filled where, and only where," if rule.always else "may be filled only where"
        yield f"- `{rule.column}` {strength} `{rule.other}` is {_codes(rule.values)}."
    for link in table.links:
        yield f"- `{link.column}` is found in `{link.target}.{link.target_column}`."
    for column in (column for column in table.columns if column.values):
        yield f"\nCodes of `{column.name}`: {_codes(column.values)}."
    yield ""


def _row(column: Column) -> str:
    empty = f"yes: {column.empty_means}" if column.nullable else "no"
    cells = (
        f"`{column.name}`",
        column.type.value,
        column.unit or "-",
        empty,
        column.personal_data.value,
        column.release.value,
        column.meaning,
    )
    return f"| {' | '.join(cells)} |"


def _codes(values: tuple[str, ...]) -> str:
    return ", ".join(f"`{value}`" for value in map(str, values))
