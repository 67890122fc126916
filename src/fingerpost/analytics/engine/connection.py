"""Ibis connections over an extract. Moving to another engine changes `ENGINE` and nothing above this file."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from fingerpost.interchange.extract import Extract
from fingerpost.interchange.tables import TABLES

ENGINE = "duckdb://"


class Engine:
    """A connection on which the tables of one extract can be asked for by their declared names."""

    def __init__(self, extract: Extract, *, url: str = ENGINE) -> None:
        # Typed loosely: Ibis decides the class of the backend from the address.
        self._backend: Any = ibis.connect(url)
        for table in TABLES:
            self._backend.read_parquet(str(extract.path(table)), table_name=table.name)

    def rows(self, expression: ir.Table) -> list[dict[str, object]]:
        """The rows of an expression over unbound tables, as plain Python values."""
        return self._backend.to_pyarrow(expression).to_pylist()

    def close(self) -> None:
        self._backend.disconnect()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
