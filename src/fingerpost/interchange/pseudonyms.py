"""Pseudonyms: keyed HMAC-SHA256, different for each project and each kind of thing.

The same person has one pseudonym within a project, so that journeys can be followed, and unrelated
pseudonyms in two projects, so that their extracts cannot be joined. Without the key a pseudonym can
neither be made nor checked. See decision 0041.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from enum import StrEnum
from uuid import UUID

from fingerpost.interchange.errors import PseudonymError
from fingerpost.interchange.keys import ProjectKey
from fingerpost.kernel.words import N_, Phrase

PSEUDONYM_BYTES = 16
_PROJECT = re.compile(r"[a-z0-9][a-z0-9-]{2,62}")


class Kind(StrEnum):
    """What a pseudonym stands for. One id used for two kinds gives two unrelated pseudonyms."""

    PERSON = "person"
    JOURNEY = "journey"
    ORGANISATION = "organisation"
    SCHEME = "scheme"


class Pseudonymiser:
    """Makes the pseudonyms of one project: 32 characters 0-9 a-f (128 bits)."""

    def __init__(self, key: ProjectKey, *, project: str) -> None:
        if not _PROJECT.fullmatch(project):
            raise PseudonymError(
                Phrase(N_("{project} cannot name a project."), project=repr(project)),
                expected=N_("A project's name has 3 to 63 of a-z, 0-9 and -, such as 'camber-2027'."),
            )
        self.project = project
        # The project's name goes into the key, so that one key file lent to two projects still parts them.
        secret = hmac.digest(key.reveal(), b"fingerpost/project/" + project.encode(), "sha256")
        self._prepared = {kind: _prepare(secret, kind) for kind in Kind}
        self.fingerprint = hmac.digest(secret, b"fingerpost/fingerprint", "sha256")[:8].hex()

    def __repr__(self) -> str:
        return f"Pseudonymiser(project={self.project!r}, fingerprint={self.fingerprint!r})"

    def of(self, kind: Kind, value: UUID | str) -> str:
        """The pseudonym of one id. A UUID and its usual text give the same pseudonym."""
        text = str(value)
        if not text or text != text.strip():
            raise PseudonymError(
                Phrase(
                    N_("An id of the kind '{kind}' is empty or begins or ends with a space."), kind=kind.value
                ),
                expected=N_("The id as it is stored."),
            )
        state = self._prepared[kind].copy()
        state.update(text.encode())
        return state.digest()[:PSEUDONYM_BYTES].hex()

    def of_optional(self, kind: Kind, value: UUID | str | None) -> str | None:
        return None if value is None else self.of(kind, value)


def _prepare(secret: bytes, kind: Kind) -> hmac.HMAC:
    """HMAC keyed for one kind; kinds hold no NUL, so no kind and id can spell another pair."""
    return hmac.new(secret, f"fingerpost/v1/{kind.value}\0".encode(), hashlib.sha256)
