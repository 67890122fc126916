"""Nested JSON of HSDS laid out as its tables, so that files and feeds are read by the same readers. Pure.

An object that stands in several places (an organisation in each of its services) becomes one row. Where two
places say different things of it, the first is kept and the difference is a named fault.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from fingerpost.web.directory.csv_tables import Row, Table
from fingerpost.web.directory.enums import FaultKind
from fingerpost.web.directory.feeds.json_values import as_text
from fingerpost.web.directory.records import Fault, Reject

_LONGEST_KEY = 100
_DEEPEST = 10  # objects within objects; the standard has six


@dataclass(frozen=True)
class Part:
    """A list of objects that belong to the one they stand in: they get its id in `link`."""

    table: str
    link: str


@dataclass(frozen=True)
class Whole:
    """An object of its own that is named by the one it stands in: that one gets its id in `link`."""

    table: str
    link: str


Tree = Mapping[str, Mapping[str, Part | Whole]]


@dataclass
class _Entry:
    """One row to be. `line` counts the rows of its table as they came."""

    line: int
    cells: dict[str, str]


@dataclass
class Flattened:
    """Tables by name; what had no place in any; what was said in two ways."""

    tables: dict[str, Table]
    refused: list[Reject]
    faults: list[Fault]


@dataclass
class Flattening:
    """Lays out objects as they come: `add` each, then `result`."""

    tree: Tree
    entities: frozenset[str]  # tables whose objects may stand in several places
    _rows: dict[str, dict[str, _Entry]] = field(default_factory=dict)
    _refused: list[Reject] = field(default_factory=list)
    _faults: list[Fault] = field(default_factory=list)
    _told: set[tuple[str, str, str]] = field(default_factory=set)
    _kept: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, table: str, item: Any) -> None:
        """One object of a feed, with all that stands in it."""
        self._place(table, item, {}, 0)

    def result(self) -> Flattened:
        tables = {name: _as_table(name, rows) for name, rows in self._rows.items()}
        faults = [
            Fault(kind=FaultKind.COLUMN_NOT_READ, file=table, column=column, rows=rows)
            for (table, column), rows in sorted(self._kept.items())
        ]
        return Flattened(tables, self._refused, [*self._faults, *faults])

    def _place(self, table: str, item: Any, links: Mapping[str, str], depth: int, nth: int = 0) -> str:
        """Lay out one object; its id is returned for whatever points to it."""
        if not isinstance(item, Mapping):
            self._refuse(table, item, _("this is not an object with named parts"))
            return ""
        if depth > _DEEPEST:
            self._refuse(table, item, _("it stands too deep within other things"))
            return ""
        children = self.tree.get(table, {})
        cells = {name: as_text(value) for name, value in item.items() if name not in children}
        cells.update(links)
        given = {
            name: value
            for name, value in item.items()
            if name in children and value not in (None, [], {}, "")
        }
        for name, value in given.items():
            child = children[name]
            if isinstance(child, Whole):
                self._link_whole(child, name, value, cells, depth)
        for name, value in item.items():
            if name not in children and isinstance(value, list | dict) and value:
                self._kept[table, name] += 1
        key = self._keep(table, {k: v for k, v in cells.items() if v}, links, nth)
        for name, value in given.items():
            child = children[name]
            if isinstance(child, Part):
                self._place_parts(child, value, cells.get("id", ""), table, depth)
        return key

    def _link_whole(self, child: Whole, name: str, value: Any, cells: dict[str, str], depth: int) -> None:
        if isinstance(value, Mapping):
            cells[child.link] = self._place(child.table, value, {}, depth + 1) or cells.get(child.link, "")
        elif isinstance(value, str):  # `taxonomy` is an object in one version and a name in another
            cells[name] = value.strip()
        else:
            self._refuse(child.table, value, _("this is not an object with named parts"))

    def _place_parts(self, child: Part, value: Any, owner: str, table: str, depth: int) -> None:
        seen: Counter[str] = Counter()
        for each in value if isinstance(value, list) else [value]:
            said = json.dumps(each, sort_keys=True, default=str)
            links = {child.link: owner}
            if child.link == "link_id":
                links["link_entity"] = table
            self._place(child.table, each, links, depth + 1, seen[said])
            seen[said] += 1

    def _keep(self, table: str, cells: dict[str, str], links: Mapping[str, str], nth: int) -> str:
        rows = self._rows.setdefault(table, {})
        given = cells.get("id", "")
        place = given or f"#{_digest(cells)}.{nth}"
        before = rows.get(place)
        if before and not given:
            return ""  # the same words in the same thing, which stands in two places
        if (
            before
            and table not in self.entities
            and any(before.cells.get(k, "") != v for k, v in links.items())
        ):
            # One id for the parts of two things: each of them has the part.
            place = cells["id"] = _joined(given, "".join(links.values()))
            before = rows.get(place)
        if before:
            self._join(table, place, before.cells, cells)
        else:
            rows[place] = _Entry(len(rows) + 1, cells)
        return given

    def _join(self, table: str, key: str, known: dict[str, str], said: Mapping[str, str]) -> None:
        for column, text in said.items():
            if known.setdefault(column, text) == text or (table, key, column) in self._told:
                continue
            self._told.add((table, key, column))
            self._faults.append(
                Fault(
                    kind=FaultKind.SAID_IN_TWO_WAYS,
                    file=table,
                    line=self._rows[table][key].line,
                    column=column,
                    value=text[:500],
                )
            )

    def _refuse(self, table: str, item: Any, reason: str) -> None:
        self._refused.append(
            Reject(
                file=table,
                line=len(self._rows.get(table, ())) + 1,
                column="",
                value=as_text(item)[:500],
                reason=reason,
            )
        )


def _as_table(name: str, rows: Mapping[str, _Entry]) -> Table:
    columns = dict.fromkeys(column for entry in rows.values() for column in entry.cells)
    return Table(
        name, tuple(columns), tuple(Row(name, entry.line, entry.line, entry.cells) for entry in rows.values())
    )


def _digest(cells: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()[:32]


def _joined(key: str, owner: str) -> str:
    whole = f"{key}@{owner}"
    return whole if len(whole) <= _LONGEST_KEY else f"{key[:60]}@{_digest({'owner': owner})}"
