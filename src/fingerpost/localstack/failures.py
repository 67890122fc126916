"""The one way a local step fails: what, why, and what to do; never a traceback."""

from __future__ import annotations

from pathlib import Path

from fingerpost.kernel.errors import FingerpostError

TAIL_LINES = 15


class LocalFailure(FingerpostError):
    """Something on this machine stopped a step. `advice` is what the reader should do next."""

    def __init__(self, why: str, advice: str, log: Path | None = None) -> None:
        super().__init__(why, remedy=advice)
        self.why = why
        self.advice = advice
        self.log = log

    def report(self, step: str) -> str:
        """The whole message, in plain lines, with the end of the log when there is one."""
        lines = [
            "",
            f"The step '{step}' failed.",
            f"  Why:        {self.why}",
            f"  What to do: {self.advice}",
        ]
        if self.log is not None:
            lines += [f"  The log is {self.log}; it ends:", *(f"    | {line}" for line in tail(self.log))]
        return "\n".join(lines)


def tail(log: Path, lines: int = TAIL_LINES) -> list[str]:
    """The last lines of a log file that are not blank; an empty list when it cannot be read."""
    try:
        text = log.read_bytes()[-20_000:].decode("utf-8", "replace")
    except OSError:
        return []
    return [line.rstrip() for line in text.splitlines() if line.strip()][-lines:]
