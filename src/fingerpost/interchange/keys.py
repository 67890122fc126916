"""Project keys: thirty-two secret bytes that make one project's pseudonyms, and no other's."""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from fingerpost.interchange.errors import UnsafeKeyError
from fingerpost.kernel.words import N_, Phrase

KEY_BYTES = 32
KEY_VARIABLE = "FINGERPOST_PSEUDONYM_KEY"
KEY_FILE_VARIABLE = "FINGERPOST_PSEUDONYM_KEY_FILE"
_FORM = re.compile(r"fingerpost-key-v1:([0-9a-f]{64})")
_FORM_EXPECTED = N_("A key is 'fingerpost-key-v1:' and then 64 characters 0-9 a-f.")
_MAKE_ONE = N_("Make a new key file with fingerpost.interchange.keys.make_key(path).")


class ProjectKey:
    """A secret. It never shows itself in a repr, a log or a traceback."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES or len(set(secret)) < 8:
            raise UnsafeKeyError(
                N_("The project key is not 32 random bytes."), expected=_FORM_EXPECTED, remedy=_MAKE_ONE
            )
        self._secret = secret

    def __repr__(self) -> str:
        return "ProjectKey(secret)"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a project key is not copied into pickles")

    def reveal(self) -> bytes:
        return self._secret


def parse_key(text: str, *, source: str) -> ProjectKey:
    """The key in `text`; `source` names where it came from, for the error, which never shows the text."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise UnsafeKeyError(
            Phrase(N_("There is no project key in {source}."), source=source),
            expected=_FORM_EXPECTED,
            remedy=_MAKE_ONE,
        )
    return ProjectKey(bytes.fromhex(found.group(1)))


def make_key(path: Path) -> ProjectKey:
    """Make a new key in a file only its owner may read. An existing file is never overwritten."""
    secret = secrets.token_bytes(KEY_BYTES)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise UnsafeKeyError(
            Phrase(N_("The file {path} exists already; nothing was written."), path=path),
            remedy=N_("Name a new file: pseudonyms made with an overwritten key can never be made again."),
        ) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"fingerpost-key-v1:{secret.hex()}\n")
        file.flush()
        os.fsync(file.fileno())
    return ProjectKey(secret)


def read_key(path: Path) -> ProjectKey:
    """The key in a file; refuses one that others may read or that another user owns."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError as error:
        raise UnsafeKeyError(
            Phrase(N_("The key file {path} cannot be read: {reason}."), path=path, reason=error.strerror),
            remedy=_MAKE_ONE,
        ) from error
    # Checked on the open descriptor, so that the file judged is the file read.
    try:
        _refuse_if_shared(path, os.fstat(descriptor))
        return parse_key(os.read(descriptor, 256).decode("ascii", "replace"), source=str(path))
    finally:
        os.close(descriptor)


def _refuse_if_shared(path: Path, state: os.stat_result) -> None:
    if not stat.S_ISREG(state.st_mode):
        raise UnsafeKeyError(
            Phrase(N_("The key file {path} is not an ordinary file."), path=path), remedy=_MAKE_ONE
        )
    if state.st_mode & 0o077:
        raise UnsafeKeyError(
            Phrase(
                N_("The key file {path} can be read or changed by others (mode {mode})."),
                path=path,
                mode=f"{state.st_mode & 0o777:o}",
            ),
            expected=N_("Only its owner may read it (mode 600)."),
            remedy=Phrase(N_("Run chmod 600 {path}, and ask who may have read it."), path=path),
        )
    if state.st_uid != os.geteuid():
        raise UnsafeKeyError(
            Phrase(N_("The key file {path} belongs to another user."), path=path),
            remedy=N_("Run as the owner of the key, or use a key of your own."),
        )


def key_from_environment(environment: Mapping[str, str]) -> ProjectKey:
    """The key named by the environment: the file first, else the key itself."""
    if path := environment.get(KEY_FILE_VARIABLE):
        return read_key(Path(path))
    if text := environment.get(KEY_VARIABLE):
        return parse_key(text, source=KEY_VARIABLE)
    raise UnsafeKeyError(
        N_("No project key was given."),
        expected=Phrase(
            N_("{file_variable} names a key file (or {key_variable} holds the key)."),
            file_variable=KEY_FILE_VARIABLE,
            key_variable=KEY_VARIABLE,
        ),
        remedy=_MAKE_ONE,
    )
