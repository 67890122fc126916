"""A progress line per step, and the report when one fails."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from fingerpost.localstack.failures import LocalFailure


class StepFailed(Exception):
    """Carries the whole message for the reader; `run.py` prints it and exits with 1."""


class Steps:
    """Counts and times the steps of one command: `[2/7] Python packages ... done (12.3 s)`."""

    def __init__(self, total: int, out: TextIO | None = None) -> None:
        self.total = total
        self.number = 0
        self.out = out if out is not None else sys.stdout
        self.current = "start"

    @contextmanager
    def step(self, title: str) -> Iterator[Note]:
        """Announce a step, time it, and turn its `LocalFailure` into a `StepFailed`."""
        self.number += 1
        self.current = title
        print(f"[{self.number}/{self.total}] {title} ... ", end="", file=self.out, flush=True)
        note = Note()
        began = time.monotonic()
        try:
            yield note
        except LocalFailure as failure:
            print("failed", file=self.out, flush=True)
            raise StepFailed(failure.report(title)) from None
        except BaseException:
            print("interrupted", file=self.out, flush=True)
            raise
        print(f"{note.text} ({time.monotonic() - began:.1f} s)", file=self.out, flush=True)


class Note:
    """What the progress line says at its end."""

    def __init__(self) -> None:
        self.text = "done"

    def already(self, done: bool = True) -> None:
        """Say that nothing had to be done."""
        if done:
            self.text = "already done"
