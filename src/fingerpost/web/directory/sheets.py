"""Read spreadsheets whose columns are not those of any standard, by an agreed mapping of columns to fields. Pure.

`columns` maps, for each file, the heading of a column to a target (`sheet_targets.TARGETS`). A row becomes the
records that its targets name: a listing, its provider, its place, its phone numbers. A row that points to
another file does so by that file's `provider.key` or `location.key`.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import FaultList, InvalidValue, SourceFault
from fingerpost.web.directory.csv_tables import Row, Table, read_table
from fingerpost.web.directory.enums import FaultKind, ListingStatus, LocationKind
from fingerpost.web.directory.hsds_reading import MADE, Reading, misshapen
from fingerpost.web.directory.records import (
    AttributeRecord,
    ContactRecord,
    DirectoryRecords,
    IdentifierRecord,
    ListingAtLocationRecord,
    ListingRecord,
    LocationRecord,
    PhoneRecord,
    ProviderRecord,
    TaxonomyRecord,
    TermRecord,
)
from fingerpost.web.directory.sheet_targets import TARGETS, Target, mapped_values
from fingerpost.web.directory.sheet_workbooks import tables_in

Mapped = Mapping[str, Mapping[str, str]]
_LONGEST_NAME, _LONGEST_KEY = 300, 100


def read_sheet(files: Mapping[str, bytes], settings: Mapping[str, Any]) -> DirectoryRecords:
    """Records of mapped spreadsheets. Raises `Faults` with every file and mapping that does not fit."""
    tables = read_tables(files)
    columns: Mapped = settings.get("columns", {})
    _check_mapping(tables, columns)
    sheets = _Sheets(columns)
    for table in sorted(tables, key=lambda table: _turn(columns.get(table.file, {}))):
        if columns.get(table.file):
            sheets.read(table)
        else:
            sheets.reading.fault_of_file(FaultKind.FILE_NOT_READ, table.file)
    return sheets.reading.found


def read_tables(files: Mapping[str, bytes]) -> list[Table]:
    """The tables of CSV files and workbooks; a workbook's sheets are named after it."""
    faults = FaultList()
    tables: list[Table] = []
    for name, content in files.items():
        with faults.catching():
            tables += tables_in(name, content) if name.endswith(".xlsx") else [read_table(name, content)]
    faults.raise_any(_("The files cannot be read, so nothing was imported."))
    return tables


def _turn(columns: Mapping[str, str]) -> int:
    """Files that others point to are read first: organisations, then places, then listings."""
    named = set(columns.values())
    if "listing.name" in named:
        return 2
    return 1 if "location.name" in named else 0


def _check_mapping(tables: Sequence[Table], columns: Mapped) -> None:
    faults = FaultList()
    by_file = {table.file: table for table in tables}
    for file, mapping in columns.items():
        if file not in by_file:
            continue  # what was agreed for a file that is not there this time
        for column, target in mapping.items():
            if column not in by_file[file].columns:
                faults.add(
                    SourceFault(
                        _("%(file)s has no column called “%(column)s”.") % {"file": file, "column": column},
                        line=1,
                        expected=", ".join(filter(None, by_file[file].columns)),
                        remedy=_("Say anew what its columns are."),
                    )
                )
            if target not in TARGETS:
                faults.add(
                    InvalidValue(
                        _("“%(target)s” is no field of the directory.") % {"target": target},
                        field=column,
                        expected=", ".join(TARGETS),
                    )
                )
        _check_once(file, mapping, faults)
    named = {target for file in by_file for target in columns.get(file, {}).values()}
    if not named & {"listing.name", "provider.name", "location.name"}:
        faults.add(
            InvalidValue(
                _("No column is the name of a listing, an organisation or a place."),
                field="columns",
                expected=_("At least a column with the names of what is listed."),
            )
        )
    faults.raise_any(_("The columns do not fit, so nothing was imported."))


def _check_once(file: str, mapping: Mapping[str, str], faults: FaultList) -> None:
    columns_of = defaultdict(list)
    for column, target in mapping.items():
        columns_of[target].append(column)
    for target, several in columns_of.items():
        if len(several) > 1 and target in TARGETS and not TARGETS[target].several:
            faults.add(
                InvalidValue(
                    _("In %(file)s these columns were all said to be “%(target)s”: %(columns)s.")
                    % {"file": file, "target": target, "columns": ", ".join(several)},
                    field=several[1],
                    expected=_("One column, or none."),
                )
            )


class _Sheets:
    """What has been read of a set of mapped tables."""

    def __init__(self, columns: Mapped) -> None:
        self.reading = Reading()
        self._columns = columns
        self._terms: set[tuple[str, str]] = set()
        self._made: dict[str, set[str]] = defaultdict(set)
        self._namesakes: Counter[str] = Counter()

    def read(self, table: Table) -> None:
        targets = {column: TARGETS[name] for column, name in self._columns[table.file].items()}
        main = _main_kind({target.kind for target in targets.values() if target.field == "name"})
        self.reading.begin(main, table)
        for column in set(table.columns) - set(targets) - {""}:
            filled = sum(bool(row.get(column)) for row in table.rows)
            if filled:
                self.reading.fault_of_file(FaultKind.COLUMN_NOT_READ, table.file, column=column, rows=filled)
        name_column = next(c for c, t in targets.items() if (t.kind, t.field) == (main, "name"))
        self._namesakes = Counter(
            _made(main, [row.get(name_column)]) for row in table.rows if row.get(name_column)
        )
        for row in table.rows:
            self._row(main, row, mapped_values(self.reading, row, targets))

    def _row(self, main: str, row: Row, values: Mapping[str, dict[str, Any]]) -> None:
        key = self._key(main, row, values)
        if key is None:
            return
        provider_key = self._provider(row, values, key if main == "provider" else None)
        location_key = self._location(row, values, provider_key, key if main == "location" else None)
        if main == "listing":
            self._listing(row, values, key, provider_key)
            if location_key:
                self._link(row, key, location_key)
        self._belongings(row, values, {f"{main}_key": key})

    def _key(self, main: str, row: Row, values: Mapping[str, Mapping[str, Any]]) -> str | None:
        """The row's own key; None when the row cannot land, and is rejected."""
        said = values[main]
        name = str(said.get("name", ""))
        if not name:
            self.reject(row, _("there is no name"))
            return None
        if len(name) > _LONGEST_NAME:
            self.reject(row, _("the name is longer than %(most)s characters") % {"most": _LONGEST_NAME})
            return None
        if shape := misshapen(row):
            self.reject(row, shape)
            return None
        pointed = [str(values[kind].get("key", "")) for kind in ("provider", "location") if kind != main]
        if any(len(one) > _LONGEST_KEY for one in pointed):
            self.reject(row, _("the id is longer than 100 characters"))
            return None
        given = str(said.get("key", ""))
        key = given or _made(main, [name])
        if not given and self._namesakes[key] > 1:  # a namesake's row is told by all it says
            key = _made(main, [name, *row.written().values()])
        first = self.reading.keys(main).get(key)
        if first:
            words = _("the same id was given on line %(line)s") if given else _("line %(line)s says the same")
            self.reject(row, words % {"line": first})
            return None
        if len(key) > _LONGEST_KEY:
            self.reject(row, _("the id is longer than 100 characters"))
            return None
        self.reading.keys(main)[key] = row.line
        return key

    def reject(self, row: Row, reason: str) -> None:
        self.reading.reject(row, "", reason)

    def _provider(self, row: Row, values: Mapping[str, dict[str, Any]], own: str | None) -> str:
        """The key of the row's organisation: its own, one of another file, or one that the row names."""
        said = values["provider"]
        if own is None and not said.get("name"):
            return self._pointed("provider", said, row)
        key = own or str(said.get("key", "")) or _made("provider", [said["name"]])
        if own or (key not in self._made["provider"] and key not in self.reading.keys("provider")):
            self._made["provider"].add(key)
            self._count_named("provider", own)
            number, scheme = said.pop("identifier", ""), said.pop("identifier_scheme", "GB-CHC")
            fields = {name: value for name, value in said.items() if name != "key"}
            self.reading.found.providers.append(
                ProviderRecord(key=key, row=row.written() if own else {}, **fields)
            )
            if number:
                self.reading.found.identifiers.append(
                    IdentifierRecord(
                        key=f"{key}:{scheme}"[:100], provider_key=key, scheme=scheme, value=number
                    )
                )
        return key

    def _location(
        self, row: Row, values: Mapping[str, dict[str, Any]], provider_key: str, own: str | None
    ) -> str:
        said = {name: value for name, value in values["location"].items() if name != "key"}
        given = str(values["location"].get("key", ""))
        if own is None and not said:
            return self._pointed("location", values["location"], row)
        address = said.get("address", "")
        name = said.pop("name", "") or (address.split("\n")[0] if address else said.get("postcode", ""))
        if own is None and not name:
            return ""
        key = own or given or _made("location", [name, address, said.get("postcode", "")])
        if own or (key not in self._made["location"] and key not in self.reading.keys("location")):
            self._made["location"].add(key)
            self._count_named("location", own)
            if (said.get("latitude") is None) != (said.get("longitude") is None):
                said.pop("latitude", None), said.pop("longitude", None)
            self.reading.found.locations.append(
                LocationRecord(
                    key=key,
                    row=row.written() if own else {},
                    name=name[:_LONGEST_NAME],
                    provider_key=provider_key,
                    kind=LocationKind.PHYSICAL,
                    **said,
                )
            )
        return key

    def _count_named(self, kind: str, own: str | None) -> None:
        """A record that a row of another file names is counted with the file of its kind."""
        if own is None and kind in self.reading.found.files:
            named = self.reading.found.named_elsewhere
            named[kind] = named.get(kind, 0) + 1

    def _pointed(self, kind: str, said: Mapping[str, Any], row: Row) -> str:
        """The key that a row gives; a place that is not there cannot be linked to, an organisation may yet come."""
        key = str(said.get("key", ""))
        if key and key not in self._made[kind] and key not in self.reading.keys(kind):
            absent = FaultKind.PROVIDER_ABSENT if kind == "provider" else FaultKind.PLACE_ABSENT
            self.reading.fault(absent, row)
            return key if kind == "provider" else ""
        return key

    def _listing(self, row: Row, values: Mapping[str, dict[str, Any]], key: str, provider_key: str) -> None:
        said = {name: value for name, value in values["listing"].items() if name != "key"}
        ended = said.pop("ended_on", None)
        if ended:
            said["status"] = ListingStatus.DEFUNCT
            self.reading.fault(FaultKind.ENDED, row, about=("listing", key))
        elif "status" not in said:
            self.reading.fault(FaultKind.STATUS_MISSING, row, about=("listing", key))
        self.reading.found.listings.append(
            ListingRecord(key=key, row=row.written(), provider_key=provider_key, **said)
        )

    def _link(self, row: Row, listing_key: str, location_key: str) -> None:
        key = f"{listing_key}@{location_key}"
        key = key if len(key) <= 100 else _made("at_location", [key])
        self.reading.found.at_locations.append(
            ListingAtLocationRecord(key=key, listing_key=listing_key, location_key=location_key)
        )

    def _belongings(self, row: Row, values: Mapping[str, dict[str, Any]], owner: Mapping[str, Any]) -> None:
        """Phone numbers, a named contact and terms: of whatever the row is about."""
        whose = next(iter(owner.values()))
        found = self.reading.found
        for place, number in enumerate(values["phone"].get("number", ()), start=1):
            key = _made("phone", [whose, number, str(place)])
            found.phones.append(PhoneRecord(key=key, number=number, **owner))
        contact = values["contact"]
        if contact:
            found.contacts.append(ContactRecord(key=_made("contact", [whose]), **owner, **contact))
        for code in values["term"].get("codes", ()):
            self._term(code, owner)

    def _term(self, code: str, owner: Mapping[str, Any]) -> None:
        found = self.reading.found
        if not found.taxonomies:
            found.taxonomies.append(TaxonomyRecord(key="own-terms", name=_("This source's own terms")))
        if ("own-terms", code) not in self._terms:
            self._terms.add(("own-terms", code))
            found.terms.append(
                TermRecord(key=_term_key(code), taxonomy_key="own-terms", name=code[:300], code=code[:200])
            )
        key = _made("attribute", [*owner.values(), code])
        if key not in self._made["attribute"]:
            self._made["attribute"].add(key)
            found.attributes.append(AttributeRecord(key=key, term_key=_term_key(code), **owner))


def _main_kind(named: set[str]) -> str:
    """What a row is about: the listing if it names one, else the place, else the organisation."""
    return next(kind for kind in ("listing", "location", "provider") if kind in named)


def _term_key(code: str) -> str:
    return _made("term", [code])


def _made(kind: str, parts: Sequence[str]) -> str:
    """A key for what has none of its own, the same each time for what is said in the same words."""
    said = "\n".join(" ".join(str(part).lower().split()) for part in parts)
    return MADE + hashlib.sha256(f"{kind}\n{said}".encode()).hexdigest()[:32]


__all__ = ["Mapped", "Target", "read_sheet", "read_tables"]
