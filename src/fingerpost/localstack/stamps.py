"""Stamps: a digest of what a step was made from, kept beside its result: it is redone only when needed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


def digest(files: Iterable[Path], *facts: str) -> str:
    """SHA-256 over facts and over the paths and contents of files, in the order of their paths."""
    total = hashlib.sha256()
    for fact in facts:
        total.update(f"{len(fact)}:{fact}".encode())
    for file in sorted(files):
        content = file.read_bytes() if file.is_file() else b"absent"
        total.update(f"{file.as_posix()}:{len(content)}:".encode() + content)
    return total.hexdigest()


@dataclass(frozen=True)
class Stamp:
    """One stamp file. It is written only after its step has succeeded."""

    path: Path

    def matches(self, value: str) -> bool:
        return self.path.is_file() and self.path.read_text().strip() == value

    def write(self, value: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(value + "\n")

    def clear(self) -> None:
        self.path.unlink(missing_ok=True)
