from __future__ import annotations

import pytest

from fingerpost.codes.pathway import EventKind
from fingerpost.interchange.declarations import Column, ColumnType, PersonalDataClass, Release, Table
from fingerpost.interchange.dictionary import render_data_dictionary
from fingerpost.interchange.tables import TABLES


def test_dictionary_explains_every_column_of_every_table() -> None:
    dictionary = render_data_dictionary()

    for table in TABLES:
        assert f"## `{table.name}`" in dictionary
        for column in table.columns:
            assert f"| `{column.name}` | {column.type} |" in dictionary
            assert column.meaning in dictionary
    for kind in EventKind:
        assert f"`{kind.value}`" in dictionary


def test_pseudonyms_are_declared_as_such_and_never_released() -> None:
    for column in (column for table in TABLES for column in table.columns):
        is_pseudonym = column.type is ColumnType.PSEUDONYM
        assert is_pseudonym == (column.personal_data is PersonalDataClass.PSEUDONYM)
        assert not is_pseudonym or column.release is Release.NEVER


def test_column_that_may_be_empty_must_say_what_empty_means() -> None:
    with pytest.raises(ValueError, match="what empty means"):
        Column(name="x", type=ColumnType.CODE, meaning="x", nullable=True)


def test_table_with_a_key_it_does_not_hold_is_refused() -> None:
    column = Column(name="x", type=ColumnType.CODE, meaning="x")

    with pytest.raises(ValueError, match="unknown columns"):
        Table(name="t", meaning="t", columns=(column,), key=("y",))
