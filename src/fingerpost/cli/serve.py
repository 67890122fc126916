"""`fingerpost serve`: answer web requests with granian, in place of this process."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from fingerpost.cli.verb import Verbs, add_verb, set_up_django

PROCESSES, THREADS = 2, 4
APPLICATION = "fingerpost.web.config.wsgi:application"
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
    words = server_words(
        host=chosen.host, port=chosen.port, processes=chosen.processes, threads=chosen.threads
    )
    os.execv(sys.executable, [*words, APPLICATION])  # noqa: S606


def server_words(*, host: str, port: int, processes: int, threads: int) -> list[str]:
    """The command line of the server, all but the application: benchmarks start a peer with the same."""
    words = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--no-ws",
    ]
    words += ["--workers", str(processes), "--blocking-threads", str(threads)]
    words += ["--workers-kill-timeout", "10", "--respawn-failed-workers"]
    return [*words, "--log-level", "warning", "--log-config", str(LOGGING)]


def _check_start() -> None:
    """Tell a missing or unsafe setting here, in words: granian would start again and again, with tracebacks."""
    set_up_django()
    from fingerpost.web.config.doctor import refuse_unsafe_start

    refuse_unsafe_start()
