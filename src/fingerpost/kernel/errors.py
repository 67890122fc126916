"""Every error this project raises on purpose, and the exit code a command ends with.

FingerpostError (1)
├── InvalidValue (3)          a value is not well-formed
├── Faults (3)                several faults found together, shown together
├── ConfigurationError (4)    a setting is missing or malformed
├── SourceFault (5)           a file or service given to us is not what it should be
├── NotFound (6)              what was asked for is not there, or not for this reader
├── NotAllowed (7)            a policy says no, and says why
├── NoScopeError (8)          data was touched without saying who is asking
├── Conflict (9)              someone else changed it first
└── IllegalTransition (10)    this status may not follow that one

A message is read by people: it says what was wrong; `expected` says what would have been right; `remedy`
says what to do. Each may be any string-like object, so lazily translated strings are welcome. Messages never
repeat a person's details, because messages end in logs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar

from fingerpost.kernel.words import N_, Phrase, in_words

__all__ = [
    "ConfigurationError",
    "Conflict",
    "FaultList",
    "Faults",
    "FingerpostError",
    "IllegalTransition",
    "InvalidValue",
    "NoScopeError",
    "NotAllowed",
    "NotFound",
    "SourceFault",
]


class FingerpostError(Exception):
    """The root. `message`, `expected`, `remedy` are string-like; `faults` are the errors gathered beneath."""

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        message: object,
        *,
        expected: object = "",
        remedy: object = "",
        faults: Iterable[FingerpostError] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.expected = expected
        self.remedy = remedy
        self.faults = tuple(faults)

    def sentences(self, translate: Callable[[str], str] = str) -> list[str]:
        """What was wrong, what was expected, what to do; empty ones left out."""
        return [
            words
            for text in (self.message, self.expected, self.remedy)
            if (words := in_words(text, translate))
        ]

    def in_words(self, translate: Callable[[str], str] = str) -> str:
        """The whole error as text: one paragraph, then one indented line for each fault beneath it."""
        lines = [" ".join(self.sentences(translate))]
        lines += [f"  - {fault.in_words(translate)}".replace("\n", "\n  ") for fault in self.faults]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.in_words()


class InvalidValue(FingerpostError):
    """A value is not well-formed. `field` names the part of the input at fault, when there is one."""

    exit_code = 3

    def __init__(
        self,
        message: object,
        *,
        field: str = "",
        expected: object = "",
        remedy: object = "",
        faults: Iterable[FingerpostError] = (),
    ) -> None:
        super().__init__(message, expected=expected, remedy=remedy, faults=faults)
        self.field = field


class Faults(FingerpostError):
    """Several faults found together. Groups given inside are opened, so `faults` is always flat."""

    exit_code = InvalidValue.exit_code

    def __init__(
        self,
        message: object = N_("Some things need to be put right."),
        *,
        expected: object = "",
        remedy: object = "",
        faults: Iterable[FingerpostError] = (),
    ) -> None:
        super().__init__(message, expected=expected, remedy=remedy, faults=_flat(faults))


def _flat(faults: Iterable[FingerpostError]) -> Iterator[FingerpostError]:
    for fault in faults:
        if isinstance(fault, Faults):
            yield from fault.faults
        else:
            yield fault


class FaultList:
    """Gathers faults so that all are told at once.

    ```
    faults = FaultList()
    with faults.catching():
        postcode = Postcode.parse(text)
    faults.raise_any()
    ```
    """

    def __init__(self) -> None:
        self._found: list[FingerpostError] = []

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[FingerpostError]:
        return iter(self._found)

    def add(self, fault: FingerpostError) -> None:
        """Keep one fault; a group is opened."""
        self._found.extend(_flat([fault]))

    @contextmanager
    def catching(self) -> Iterator[None]:
        """Keep any FingerpostError raised inside and go on after the block."""
        try:
            yield
        except FingerpostError as fault:
            self.add(fault)

    def raise_any(self, message: object = N_("Some things need to be put right.")) -> None:
        """Raise one `Faults` holding everything found; do nothing when nothing was."""
        if self._found:
            raise Faults(message, faults=self._found)


class ConfigurationError(FingerpostError):
    """A setting is missing or malformed: the message names it and gives an example."""

    exit_code = 4


class SourceFault(FingerpostError):
    """A file or service given to us is not what it should be. `line` and `column` say where, when known."""

    exit_code = 5

    def __init__(
        self,
        message: object,
        *,
        line: int | None = None,
        column: str = "",
        expected: object = "",
        remedy: object = "",
        faults: Iterable[FingerpostError] = (),
    ) -> None:
        super().__init__(message, expected=expected, remedy=remedy, faults=faults)
        self.line = line
        self.column = column


class NotFound(FingerpostError):
    """What was asked for is not there, or is not for this reader; the two are never told apart."""

    exit_code = 6


class NotAllowed(FingerpostError):
    """A policy says no. `reason` is a short stable code for pages and tests; the message says it in words."""

    exit_code = 7

    def __init__(
        self,
        message: object,
        *,
        reason: str = "",
        expected: object = "",
        remedy: object = "",
        faults: Iterable[FingerpostError] = (),
    ) -> None:
        super().__init__(message, expected=expected, remedy=remedy, faults=faults)
        self.reason = reason


class NoScopeError(FingerpostError):
    """Data was touched without saying who is asking. A fault in the calling code, never the reader's."""

    exit_code = 8


class Conflict(FingerpostError):
    """Someone else changed it first. `changed` maps each field to what is there now; nothing was saved."""

    exit_code = 9

    def __init__(
        self,
        message: object,
        *,
        changed: Mapping[str, object] = MappingProxyType({}),
        changed_by: str = "",
        changed_at: datetime | None = None,
        expected: object = "",
        remedy: object = "",
        faults: Iterable[FingerpostError] = (),
    ) -> None:
        super().__init__(message, expected=expected, remedy=remedy, faults=faults)
        self.changed = dict(changed)
        self.changed_by = changed_by
        self.changed_at = changed_at


class IllegalTransition(FingerpostError):
    """This status may not follow that one. Without an `expected` text, the allowed statuses are listed."""

    exit_code = 10

    def __init__(
        self,
        message: object,
        *,
        current: str = "",
        wanted: str = "",
        allowed: Iterable[str] = (),
        expected: object = "",
        remedy: object = "",
        faults: Iterable[FingerpostError] = (),
    ) -> None:
        self.current = str(current)
        self.wanted = str(wanted)
        self.allowed = tuple(str(status) for status in allowed)
        if not expected and self.allowed:
            expected = Phrase(N_("From here it can become: {allowed}."), allowed=", ".join(self.allowed))
        super().__init__(message, expected=expected, remedy=remedy, faults=faults)
