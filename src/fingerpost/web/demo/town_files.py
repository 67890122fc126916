"""Rows of CSV and tables of TOML, turned into the dataclasses that declare them."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from importlib.resources.abc import Traversable
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from fingerpost.kernel.errors import FaultList, SourceFault
from fingerpost.kernel.words import N_, Phrase

__all__ = ["Folder"]

T = TypeVar("T")

_BETWEEN_ITEMS = ";"
_YES_NO = {"yes": True, "no": False}


class Folder:
    """A folder of data files. What is wrong is gathered in ``faults``: each says file, row and field."""

    def __init__(self, root: Traversable) -> None:
        self._root = root
        self.faults = FaultList()

    def toml(self, name: str) -> dict[str, Any]:
        """The whole file; an unreadable one is a fault and reads as empty."""
        try:
            return tomllib.loads(self._text(name))
        except tomllib.TOMLDecodeError as fault:
            self._fault(name, 0, "", str(fault))
            return {}

    def rows(self, kind: type[T], name: str) -> tuple[T, ...]:
        """One `kind` for each row of a CSV file; lines that begin with # are remarks."""
        lines = [
            (number, line)
            for number, line in enumerate(self._text(name).splitlines(), 1)
            if line.strip() and not line.startswith("#")
        ]
        reader = csv.DictReader(line for _, line in lines)
        made = [
            self._made(kind, name, number, _cells(kind, row))
            for (number, _), row in zip(lines[1:], reader, strict=False)
        ]
        return tuple(item for item in made if item is not None)

    def tables(self, kind: type[T], name: str, tables: Iterable[Mapping[str, Any]]) -> tuple[T, ...]:
        """One `kind` for each table of a TOML file; faults count the tables from 1."""
        made = [self._made(kind, name, number, dict(table)) for number, table in enumerate(tables, 1)]
        return tuple(item for item in made if item is not None)

    def _text(self, name: str) -> str:
        try:
            return (self._root / name).read_text(encoding="utf-8")
        except OSError as fault:
            self._fault(name, 0, "", str(fault))
            return ""

    def _made(self, kind: type[T], name: str, number: int, values: dict[str, Any]) -> T | None:
        declared = _declared(kind)
        required = {item.name for item in fields(kind) if item.default is MISSING}  # type: ignore[arg-type]
        wrong = dict.fromkeys(values.keys() - declared.keys(), "has no meaning here")
        wrong |= dict.fromkeys(required - values.keys(), "is missing")
        ready: dict[str, Any] = {}
        for field in values.keys() & declared.keys():
            try:
                ready[field] = _value(values[field], declared[field])
            except ValueError as fault:
                wrong[field] = str(fault)
        for field, why in sorted(wrong.items()):
            self._fault(name, number, field, why)
        return None if wrong else kind(**ready)

    def _fault(self, name: str, number: int, field: str, why: str) -> None:
        message = Phrase(
            N_("{name}, row {number}, {field}: {why}."), name=name, number=number, field=field, why=why
        )
        self.faults.add(SourceFault(message, line=number, column=field))


def _declared(kind: type) -> dict[str, Any]:
    """The type of each field, by name."""
    hints = get_type_hints(kind)
    return {item.name: hints[item.name] for item in fields(kind)}


def _cells(kind: type, row: Mapping[str | None, Any]) -> dict[str, Any]:
    """A CSV row with its text read as the declared types; what cannot be read stays text, a fault later."""
    declared = _declared(kind)
    return {str(name): _cell(text, declared.get(str(name), str)) for name, text in row.items() if text}


def _cell(text: str, wanted: Any) -> Any:
    if get_origin(wanted) is tuple:
        return [item.strip() for item in text.split(_BETWEEN_ITEMS)]
    if wanted is bool:
        return _YES_NO.get(text, text)
    if wanted in (int, float):
        try:
            return wanted(text)
        except ValueError:
            return text
    return text


def _value(value: Any, wanted: Any) -> Any:
    """The value if it is of the wanted type, a list as a tuple; ValueError says what was expected."""
    if get_origin(wanted) is tuple:
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise ValueError("should be a list of words")
        return tuple(value)
    allowed = get_args(wanted) or (wanted,)
    if type(value) not in allowed:
        raise ValueError(f"should be {' or '.join(kind.__name__ for kind in allowed)}")
    if isinstance(value, str) and not value.strip():
        raise ValueError("is empty")
    return value
