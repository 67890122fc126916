"""What can be wrong with an extract, an indicator specification, a key or an id.

ExtractError (5)            an extract does not keep to its declaration; every fault is beneath it
├── UnknownSchemaVersion    it was written under a major version this program does not know
└── ExtractExistsError      something stands already where an extract should be written
IndicatorError (5)          an indicator specification is not what it should be; every fault is beneath it
UnknownIndicator (6)        no specification has that name
UnsafeKeyError (4)          a project key is missing, malformed or readable by others
PseudonymError (3)          an id or project name that no pseudonym can be made from
"""

from __future__ import annotations

from collections.abc import Iterable

from fingerpost.kernel.errors import (
    ConfigurationError,
    FingerpostError,
    InvalidValue,
    NotFound,
    SourceFault,
)


class ExtractError(SourceFault):
    """An extract, or rows meant for one, that do not keep to the declaration."""


class UnknownSchemaVersion(ExtractError):
    """The extract was written under a major version of the schema that this program does not know."""


class ExtractExistsError(ExtractError):
    """Something stands already where an extract should be written; nothing was touched."""


class IndicatorError(SourceFault):
    """An indicator specification is not what it should be."""


class UnknownIndicator(NotFound):
    """No indicator specification has that name."""


class UnsafeKeyError(ConfigurationError):
    """A project key is missing, malformed or readable by others. The message never shows the key."""


class PseudonymError(InvalidValue):
    """An id or project name that no pseudonym can be made from."""


def as_faults(texts: Iterable[str]) -> tuple[FingerpostError, ...]:
    """Each text as one fault, to be told beneath one error."""
    return tuple(SourceFault(text) for text in texts)
