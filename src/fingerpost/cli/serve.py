"""`fingerpost serve`: answer web requests with granian, in place of this process."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from fingerpost.cli.verb import Verbs, add_verb, set_up_django

PROCESSES, THREADS = 2, 4
APPLICATION = "fingerpost.web.config.asgi:application"
LOGGING = Path(__file__).with_name("granian_logging.json")  # as its own, and nothing about anybody


def register(verbs: Verbs) -> None:
    parser = add_verb(verbs, "serve", "Answer web requests. Stops when asked to.", _serve)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on (default 8000)")
    parser.add_argument(
        "--processes", type=int, default=PROCESSES, metavar="N", help="how many processes (default 2)"
    )
    parser.add_argument(
        "--threads", type=int, default=THREADS, metavar="N", help="requests at once in each (default 4)"
    )


def _serve(chosen: argparse.Namespace) -> None:
    _check_start()
    words = server_words(host=chosen.host, port=chosen.port, processes=chosen.processes)
    os.environ["FINGERPOST_THREADS"] = str(chosen.threads)
    os.execv(sys.executable, [*words, APPLICATION])  # noqa: S606


def server_words(*, host: str, port: int, processes: int) -> list[str]:
    """The command line of the server, all but the application: benchmarks start a peer with the same.

    Head of a request: at most 100 names (the server's own limit), 32 kB, and 15 seconds to send it.
    """
    words = [sys.executable, "-m", "granian", "--interface", "asginl", "--host", host, "--port", str(port)]
    words += [
        "--http",
        "1",
        "--no-ws",
        "--http1-buffer-size",
        "32768",
        "--http1-header-read-timeout",
        "15000",
    ]
    words += ["--workers", str(processes), "--workers-kill-timeout", "10", "--respawn-failed-workers"]
    return [*words, "--log-level", "warning", "--log-config", str(LOGGING)]


def _check_start() -> None:
    """Tell a missing or unsafe setting here, in words: granian would start again and again, with tracebacks."""
    set_up_django()
    from fingerpost.web.config.doctor import refuse_unsafe_start

    refuse_unsafe_start()
