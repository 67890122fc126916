"""The interchange tables as unbound Ibis tables: an expression over them runs on any engine."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from fingerpost.interchange.declarations import ColumnType, Table
from fingerpost.interchange.tables import JOURNEY, PATHWAY_EVENT

_IBIS = {
    ColumnType.PSEUDONYM: "string",
    ColumnType.CODE: "string",
    ColumnType.DATE: "date",
    ColumnType.INTEGER: "int32",
}


def unbound(table: Table) -> ir.Table:
    """A declared table as an Ibis table of the same name; required columns carry `!`."""
    columns = {
        column.name: _IBIS[column.type] if column.nullable else f"!{_IBIS[column.type]}"
        for column in table.columns
    }
    return ibis.table(columns, name=table.name)


journey = unbound(JOURNEY)
pathway_event = unbound(PATHWAY_EVENT)
