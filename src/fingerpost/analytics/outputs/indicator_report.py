"""One declared indicator from one extract, as text that may leave."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fingerpost.analytics.engine.connection import Engine
from fingerpost.analytics.evaluation.funnel.share_by_month import count_by_month
from fingerpost.analytics.outputs.writers import WRITERS
from fingerpost.interchange.extract import open_extract
from fingerpost.interchange.indicators.loader import load_indicator
from fingerpost.interchange.indicators.results import to_result
from fingerpost.kernel.errors import InvalidValue
from fingerpost.kernel.words import N_, Phrase


def indicator_report(name: str, directory: Path, *, as_of: date | None = None, form: str = "text") -> str:
    """The indicator `name` from the extract in `directory`, as known on `as_of`.

    `as_of` is the last day of the extract's data unless given.

    `form` is text, csv or json. `InvalidValue` for a later day, of which the extract knows nothing.
    """
    spec = load_indicator(name)
    extract = open_extract(directory)
    day = as_of or extract.manifest.data_to
    if day > extract.manifest.data_to:
        raise InvalidValue(
            Phrase(N_("The extract knows nothing of {day}."), day=day),
            field="as_of",
            expected=Phrase(
                N_("A day up to {last}, the last day of its data."), last=extract.manifest.data_to
            ),
        )
    with Engine(extract) as engine:
        rows = count_by_month(engine, spec, as_of=day)
    return WRITERS[form](to_result(spec, rows, as_of=day))
