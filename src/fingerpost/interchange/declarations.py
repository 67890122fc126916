"""The words in which an extract table is declared: what a column holds, means, and may be used for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ColumnType(StrEnum):
    """What a value is. Dates are calendar days in Europe/London; no extract carries a time of day."""

    PSEUDONYM = "pseudonym"
    CODE = "code"
    DATE = "date"
    INTEGER = "integer"


class PersonalDataClass(StrEnum):
    """How close a value stands to a person. An extract never holds a direct identifier."""

    NONE = "none"
    PSEUDONYM = "pseudonym"
    INDIRECT = "indirect"


class Release(StrEnum):
    """What may leave the evaluation boundary.

    `never`: the value itself must not appear in any output. `grouping`: it may define the cells of a
    table whose counts pass disclosure control.
    """

    NEVER = "never"
    GROUPING = "grouping"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One declared column. `values` names the only codes allowed, where the list is closed."""

    name: str
    type: ColumnType
    meaning: str
    unit: str = ""
    nullable: bool = False
    empty_means: str = ""
    personal_data: PersonalDataClass = PersonalDataClass.NONE
    release: Release = Release.NEVER
    values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.nullable != bool(self.empty_means):
            raise ValueError(f"column {self.name}: a nullable column, and only that, says what empty means")


@dataclass(frozen=True, kw_only=True)
class Link:
    """Each value of `column` that is filled is found in `target_column` of the table `target`."""

    column: str
    target: str
    target_column: str


@dataclass(frozen=True, kw_only=True)
class FilledOnlyWhen:
    """`column` may be filled only where `other` is one of `values`; with `always`, it must be."""

    column: str
    other: str
    values: tuple[str, ...]
    always: bool


@dataclass(frozen=True, kw_only=True)
class Table:
    """One declared extract table. The values of `key`, taken together, occur once."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    links: tuple[Link, ...] = ()
    conditions: tuple[FilledOnlyWhen, ...] = ()

    def __post_init__(self) -> None:
        used = {*self.key, *(link.column for link in self.links)}
        used |= {name for condition in self.conditions for name in (condition.column, condition.other)}
        unknown = used - set(self.column_names)
        if unknown or len(set(self.column_names)) != len(self.columns):
            raise ValueError(f"table {self.name}: unknown columns {sorted(unknown)} or a repeated name")

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)
