"""The long-running processes of the demo: started, watched, stopped."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from fingerpost.localstack.commands import stop_group
from fingerpost.localstack.failures import LocalFailure

_SET_PARENT_DEATH_SIGNAL = 1


class Service:
    """One child process in a session of its own, so that a Ctrl-C in the terminal reaches only us."""

    def __init__(
        self, name: str, command: Sequence[object], *, log: Path, cwd: Path, environ: Mapping[str, str]
    ) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            try:
                self._child = subprocess.Popen(
                    [str(word) for word in command],
                    cwd=cwd,
                    env=dict(environ),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=_end_with(os.getpid()),  # noqa: PLW1509  the parent has one thread
                )
            except OSError as error:
                raise LocalFailure(
                    f"could not start {command[0]}: {error.strerror}.", "run the command again."
                ) from None

    @property
    def pid(self) -> int:
        return self._child.pid

    def alive(self) -> bool:
        return self._child.poll() is None

    def failure(self, advice: str) -> LocalFailure:
        """Why it ended, for a service that should not have."""
        return LocalFailure(f"{self.name} ended with code {self._child.returncode}.", advice, self.log)

    def stop(self) -> None:
        stop_group(self._child)


def _end_with(parent: int) -> Callable[[], None] | None:
    """On Linux the kernel ends the child when we die, even by SIGKILL, so that nothing is left behind."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def before_exec() -> None:
        libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec
