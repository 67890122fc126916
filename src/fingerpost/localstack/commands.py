"""Running one command to its end, with its output in a log file."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fingerpost.localstack.environ import child_environment
from fingerpost.localstack.failures import LocalFailure

STOP_SECONDS = 10.0


def run_logged(
    command: Sequence[object],
    *,
    log: Path,
    advice: str,
    cwd: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> None:
    """Run a command; raise `LocalFailure` with the end of its log if it does not exit with 0."""
    log.parent.mkdir(parents=True, exist_ok=True)
    words = [str(word) for word in command]
    with log.open("wb") as output:
        try:
            child = subprocess.Popen(
                words,
                cwd=cwd,
                env=dict(environ) if environ is not None else child_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise LocalFailure(f"could not start {words[0]}: {error.strerror}.", advice) from None
        code = wait_or_stop(child)
    if code != 0:
        ended = f"was ended by signal {-code}" if code < 0 else f"exited with code {code}"
        raise LocalFailure(f"{Path(words[0]).name} {ended}.", advice, log)


def wait_or_stop(child: subprocess.Popen[bytes]) -> int:
    """Wait for a child; if we are interrupted, stop it and everything it started before passing that on."""
    try:
        return child.wait()
    except BaseException:
        stop_group(child)
        raise


def stop_group(child: subprocess.Popen[Any], seconds: float = STOP_SECONDS) -> None:
    """Ask a child's process group to end, wait, kill what is left of it. The child leads its own session."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=seconds)
            if not _group_lives(child.pid):
                return


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
