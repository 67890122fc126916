"""What an import did, counted so that it reconciles, and as text for a terminal or a file. Pure."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.directory.enums import FaultKind
from fingerpost.web.directory.guarded import KeptBack
from fingerpost.web.directory.records import Reject

# A cell that begins with one of these is run as a formula by spreadsheets.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What became of the rows of one kind. `gone` were there before and are no longer in the source."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0

    @property
    def landed(self) -> int:
        return self.new + self.changed + self.unchanged


@dataclass(frozen=True, kw_only=True)
class FileCounts:
    """One line of the report: `read == landed + rejected`. `merged` rows landed as part of other rows.

    `kind` is what its rows became: listing, location, phone ...
    """

    file: str
    kind: str = ""
    read: int
    rejected: int
    merged: int = 0
    tally: Tally = field(default_factory=Tally)

    @property
    def landed(self) -> int:
        return self.tally.landed + self.merged


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """The outcome of one import."""

    source: str
    import_id: UUID
    files: tuple[FileCounts, ...]
    faults: Mapping[tuple[str, FaultKind], int]
    rejects: tuple[Reject, ...]
    kept_back: tuple[KeptBack, ...] = ()

    @property
    def changes(self) -> int:
        """How many rows this import wrote or retired; 0 when the source says what it said before."""
        return sum(f.tally.new + f.tally.changed + f.tally.gone for f in self.files)

    def check(self) -> None:
        """Raise when a row was counted nowhere or twice: a fault of ours, and the import is rolled back."""
        wrong = [f.file for f in self.files if f.read != f.landed + f.rejected]
        if wrong:
            raise FingerpostError(
                _("The counts do not add up for: %(files)s. Nothing was imported.")
                % {"files": ", ".join(wrong)},
                expected=_("Every row read either landed or is among the rejects."),
                remedy=_("Please report this, with the file."),
            )

    def as_json(self) -> dict[str, Any]:
        return {
            "files": [
                {
                    "file": f.file,
                    "kind": f.kind,
                    "read": f.read,
                    "landed": f.landed,
                    "rejected": f.rejected,
                    **vars(f.tally),
                }
                for f in self.files
            ],
            "faults": [{"file": file, "kind": kind, "rows": n} for (file, kind), n in self.faults.items()],
            "kept_back": [
                {"name": one.shown_as, "why": [vars(reason) for reason in one.reasons]}
                for one in self.kept_back
            ],
        }

    def lines(self) -> list[str]:
        """The report for a terminal: a table of counts, then the source's faults by name."""
        heads = (
            _("file"),
            _("read"),
            _("landed"),
            _("rejected"),
            _("new"),
            _("changed"),
            _("unchanged"),
            _("gone"),
        )
        rows = [
            (
                f.file,
                f.read,
                f.landed,
                f.rejected,
                f.tally.new,
                f.tally.changed,
                f.tally.unchanged,
                f.tally.gone,
            )
            for f in self.files
        ]
        lines = table([heads, *rows])
        if self.faults:
            lines += ["", _("Faults of the source, kept with the rows and not made up for:")]
            lines += table([(n, file, str(FaultKind(kind).label)) for (file, kind), n in self.faults.items()])
        if self.kept_back:
            lines += ["", _("Places whose address is kept back until a steward says that it is public:")]
            lines += table([(one.shown_as, ", ".join(r.word for r in one.reasons)) for one in self.kept_back])
        return lines


def table(rows: Iterable[tuple[object, ...]]) -> list[str]:
    """Columns of equal width: words to the left, numbers to the right."""
    cells = [[(str(c), isinstance(c, int)) for c in row] for row in rows]
    widths = [max(len(text) for text, _number in column) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            text.rjust(w) if number else text.ljust(w) for (text, number), w in zip(row, widths, strict=True)
        ).rstrip()
        for row in cells
    ]


def faults_by_kind(found: Iterable[tuple[str, FaultKind, int]]) -> dict[tuple[str, FaultKind], int]:
    """How many rows each fault stands for, by file."""
    counts: Counter[tuple[str, FaultKind]] = Counter()
    for file, kind, rows in found:
        counts[(file, kind)] += rows
    return dict(sorted(counts.items()))


def rejects_csv(rejects: Iterable[Reject]) -> str:
    """The rejects file. Text that a spreadsheet would run as a formula is led by an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["file", "line", "column", "value", "reason", "text_line", "row"])
    for reject in rejects:
        row = "; ".join(f"{column}={text}" for column, text in reject.row.items())
        cells = (reject.file, reject.line, reject.column, reject.value, reject.reason, reject.text_line, row)
        writer.writerow([inert(cell) for cell in cells])
    return out.getvalue()


def inert(cell: object) -> object:
    """Text that a spreadsheet would run as a formula, led by an apostrophe; anything else as it is."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_SIGNS) else cell
