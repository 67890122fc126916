"""`fingerpost indicator NAME --extract DIR`: one declared indicator, counted from an extract."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from fingerpost.cli.verb import Verbs, add_verb
from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.words import N_, Phrase

FORMATS = ("text", "csv", "json")


def register(verbs: Verbs) -> None:
    """Add the verb."""
    parser = add_verb(
        verbs, "indicator", "Count a declared indicator from an extract, small numbers hidden.", _indicator
    )
    parser.add_argument("name", metavar="NAME", help="the indicator, such as reached_first_contact")
    parser.add_argument(
        "--extract", type=Path, required=True, metavar="DIR", help="a folder that `extract` wrote"
    )
    parser.add_argument(
        "--as-of",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="count what was known on this day (the last day of the extract's data unless given)",
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="text unless given")
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="write here instead of the screen; must be new"
    )


def _indicator(chosen: argparse.Namespace) -> None:
    # Ibis takes a second to import; no other verb should pay for it.
    from fingerpost.analytics.outputs.indicator_report import indicator_report

    text = indicator_report(chosen.name, chosen.extract, as_of=chosen.as_of, form=chosen.format)
    if chosen.output is None:
        print(text, end="")
        return
    try:
        with chosen.output.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise InvalidValue(
            Phrase(N_("{path} cannot be written: {reason}."), path=chosen.output, reason=error.strerror),
            field="output",
            expected=N_("The name of a new file in a folder that is there."),
        ) from error
    print(f"Written: {chosen.output}")
