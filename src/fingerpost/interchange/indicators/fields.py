"""Reading typed fields out of parsed TOML while gathering every fault.

A field that is missing or wrong adds a fault and gives a harmless stand-in, so that reading can go on to the
next; whoever reads must look at `faults` before using the result.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from fingerpost.kernel.words import N_, Phrase

T = TypeVar("T", bound=str)

_ANY_TEXT = re.compile(r"\S(.*\S)?", re.DOTALL)


class Fields:
    """One TOML table. Tables opened from it with `table` share its list of faults."""

    def __init__(
        self, content: dict[str, object], *, path: str = "", faults: list[str] | None = None
    ) -> None:
        self._content = content
        self._path = path
        self._read: set[str] = set()
        self._opened: list[Fields] = []
        self.faults: list[str] = [] if faults is None else faults

    def fault(self, name: str, problem: str) -> None:
        self.faults.append(Phrase(N_("{field}: {problem}."), field=self._path + name, problem=problem))

    def has(self, name: str) -> bool:
        return name in self._content

    def text(self, name: str, *, form: re.Pattern[str] = _ANY_TEXT) -> str:
        value = self._value(name)
        if isinstance(value, str) and form.fullmatch(value):
            return value
        if value is not None:
            wanted = N_("must be text") if form is _ANY_TEXT else f"must look like {form.pattern}"
            self.fault(name, f"{wanted}, not {value!r}")
        return ""

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._value(name)
        if isinstance(value, list) and value and all(isinstance(v, str) and v.strip() for v in value):
            return tuple(value)
        if value is not None:
            self.fault(name, N_("must be a list of one text or more"))
        return ()

    def integer(self, name: str, *, low: int, high: int) -> int:
        value = self._value(name)
        if type(value) is int and low <= value <= high:
            return value
        if value is not None:
            self.fault(name, f"must be a whole number from {low} to {high}, not {value!r}")
        return low

    def share(self, name: str) -> float:
        value = self._value(name)
        if type(value) in (int, float) and 0 <= value <= 1:  # type: ignore[operator]
            return float(value)  # type: ignore[arg-type]
        if value is not None:
            self.fault(name, f"must be a share from 0 to 1, not {value!r}")
        return 0.0

    def flag(self, name: str) -> bool:
        value = self._value(name)
        if value is not None and not isinstance(value, bool):
            self.fault(name, f"must be true or false, not {value!r}")
        return value is True

    def choice(self, name: str, allowed: Sequence[T]) -> T:
        value = self._value(name)
        if value is not None and value not in allowed:
            self.fault(name, f"must be one of {', '.join(allowed)}, not {value!r}")
        return next((choice for choice in allowed if choice == value), allowed[0])

    def choices(self, name: str, allowed: Sequence[T]) -> tuple[T, ...]:
        value = self._value(name)
        values = value if isinstance(value, list) else []
        if value is not None and not isinstance(value, list):
            self.fault(name, N_("must be a list"))
        for strange in (v for v in values if v not in allowed):
            self.fault(name, f"{strange!r} is not one of {', '.join(allowed)}")
        return tuple(choice for choice in allowed if choice in values)

    def table(self, name: str) -> Fields:
        value = self._value(name)
        if value is not None and not isinstance(value, dict):
            self.fault(name, f"must be a table [{name}]")
        # Where there is no table, its missing fields are not told one by one.
        content, faults = (value, self.faults) if isinstance(value, dict) else ({}, [])
        opened = Fields(content, path=f"{self._path}{name}.", faults=faults)
        self._opened.append(opened)
        return opened

    def refuse_unread(self) -> None:
        """A field nobody asked for is a misspelt one, or a wish that would be silently ignored."""
        for name in self._content.keys() - self._read:
            self.fault(name, N_("is not a field of an indicator"))
        for opened in self._opened:
            opened.refuse_unread()

    def _value(self, name: str) -> object:
        self._read.add(name)
        if name not in self._content:
            self.fault(name, N_("is missing"))
        return self._content.get(name)
