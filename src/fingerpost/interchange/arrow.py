"""The pyarrow side of the declared tables: schemas made from the declarations, and the checks on rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from fingerpost.interchange.declarations import Column, ColumnType, FilledOnlyWhen, Link, Table
from fingerpost.kernel.words import N_, Phrase

PSEUDONYM_FORM = "^[0-9a-f]{32}$"
CODE_FORM = "^[a-z][a-z0-9_]{0,39}$"
SHOWN = 3

_ARROW = {
    ColumnType.PSEUDONYM: pa.string(),
    ColumnType.CODE: pa.string(),
    ColumnType.DATE: pa.date32(),
    ColumnType.INTEGER: pa.int32(),
}

_FORMS = {
    ColumnType.PSEUDONYM: (PSEUDONYM_FORM, N_("pseudonyms (32 characters 0-9 a-f)")),
    ColumnType.CODE: (CODE_FORM, N_("codes (lower-case letters, digits and _)")),
}


def arrow_schema(table: Table, metadata: Mapping[str, str] | None = None) -> pa.Schema:
    """The Parquet schema of a declared table; nullable exactly where the declaration says so."""
    return pa.schema(
        [pa.field(column.name, _ARROW[column.type], nullable=column.nullable) for column in table.columns],
        metadata=dict(metadata) if metadata else None,
    )


def schema_faults(table: Table, found: pa.Schema) -> Iterator[str]:
    """Missing columns and wrong types. Columns beyond the declared ones come from a later minor version."""
    for field in arrow_schema(table):
        if field.name not in found.names:
            yield Phrase(N_("{column}: the column is missing."), column=_name(table, field.name))
        elif found.field(field.name).type != field.type:
            yield Phrase(
                N_("{column}: the type is {found}, expected {expected}."),
                column=_name(table, field.name),
                found=found.field(field.name).type,
                expected=field.type,
            )


def row_faults(table: Table, rows: pa.Table) -> Iterator[str]:
    """Every way in which single columns of `rows` break the declaration, with counts and a few codes."""
    for column in table.columns:
        yield from _column_faults(_name(table, column.name), column, rows[column.name])


def empty_fault(column: str, count: int) -> str:
    return Phrase(N_("{column}: must be filled; rows left empty: {count}."), column=column, count=count)


def _column_faults(name: str, column: Column, values: pa.ChunkedArray) -> Iterator[str]:
    if not column.nullable and values.null_count:
        yield empty_fault(name, values.null_count)
    if column.type in _FORMS:
        yield from _form_faults(name, column.type, values)
    if column.type is ColumnType.INTEGER and (low := _count(pc.less(values, 1))):
        yield Phrase(N_("{column}: must be 1 or more; values below 1: {count}."), column=name, count=low)
    if column.values:
        yield from _vocabulary_faults(name, column, values)


def _form_faults(name: str, type_: ColumnType, values: pa.ChunkedArray) -> Iterator[str]:
    """Misshapen values are counted, never shown: what is no pseudonym and no code may be a name."""
    pattern, words = _FORMS[type_]
    if bad := _count(pc.invert(pc.match_substring_regex(values, pattern))):
        yield Phrase(
            N_("{column}: must be {form}; other values: {count}."), column=name, form=words, count=bad
        )


def _vocabulary_faults(name: str, column: Column, values: pa.ChunkedArray) -> Iterator[str]:
    known = pc.is_in(values, value_set=pa.array(column.values, pa.string()))
    shaped = pc.fill_null(pc.match_substring_regex(values, CODE_FORM), False)
    strange = values.filter(pc.and_(pc.invert(known), shaped))
    if len(strange):
        yield Phrase(
            N_("{column}: values outside the vocabulary: {count}, such as {few}."),
            column=name,
            count=len(strange),
            few=", ".join(repr(value) for value in sorted(strange.unique().to_pylist())[:SHOWN]),
        )


def key_faults(table: Table, rows: pa.Table) -> Iterator[str]:
    """Rows that share the key of another row."""
    distinct = rows.group_by(list(table.key)).aggregate([]).num_rows
    if repeated := rows.num_rows - distinct:
        yield Phrase(
            N_("{table}: the key ({key}) must occur once; rows that repeat one: {count}."),
            table=table.name,
            key=", ".join(table.key),
            count=repeated,
        )


def condition_faults(table: Table, rule: FilledOnlyWhen, rows: pa.Table) -> Iterator[str]:
    """Rows where a column is filled though it has no place there, or empty though it is needed."""
    applies = pc.fill_null(pc.is_in(rows[rule.other], value_set=pa.array(rule.values, pa.string())), False)
    filled = pc.is_valid(rows[rule.column])
    where = f"{rule.other} = {' | '.join(rule.values)}"
    if stray := _count(pc.and_(filled, pc.invert(applies))):
        yield Phrase(
            N_("{column}: may be filled only where {where}; rows that fill it elsewhere: {count}."),
            column=_name(table, rule.column),
            where=where,
            count=stray,
        )
    if rule.always and (bare := _count(pc.and_(applies, pc.invert(filled)))):
        yield Phrase(
            N_("{column}: must be filled where {where}; rows left empty: {count}."),
            column=_name(table, rule.column),
            where=where,
            count=bare,
        )


def link_faults(table: Table, link: Link, rows: pa.Table, target: pa.Table) -> Iterator[str]:
    """Rows that point to nothing."""
    values = rows[link.column]
    known = pc.is_in(values, value_set=target[link.target_column].combine_chunks())
    if lost := _count(pc.and_(pc.invert(known), pc.is_valid(values))):
        yield Phrase(
            N_("{column}: must be found in {target}; rows that point to nothing: {count}."),
            column=_name(table, link.column),
            target=f"{link.target}.{link.target_column}",
            count=lost,
        )


def _name(table: Table, column: str) -> str:
    return f"{table.name}.{column}"


def _count(mask: pa.ChunkedArray) -> int:
    return pc.sum(mask).as_py() or 0
