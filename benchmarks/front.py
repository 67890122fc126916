"""What our front costs: requests a second and processor time, beside the same pages on granian's own WSGI interface.

One process with four threads each, four clients that keep their lines open, three kinds of request. Both servers run at
once and are asked in turn, and must give the same answer. Asserts no time; fails when an answer differs.
Usage: python3 run.py prove front [--seconds 4] [--rounds 5]
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median

from fingerpost.cli.serve import server_words
from fingerpost.localstack.environ import child_environment
from fingerpost.localstack.places import Places
from fingerpost.localstack.ports import HOST, free_port, wait_for_page
from fingerpost.localstack.processes import Service

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(Path(__file__).parent))

from _load.serving import peak_memory, processor_seconds  # noqa: E402 - its folder is put on the path just above

CLIENTS, THREADS = 4, 4
FIRST_PORT = 8750
CHANGING = (b"date:", b"server:")  # headers that say when, and by which interface
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Asked:
    """One kind of request, as it travels."""

    name: str
    path: str
    size: int = 0

    @property
    def sent(self) -> bytes:
        method, body = ("POST", b"x" * self.size) if self.size else ("GET", b"")
        length = f"Content-Length: {self.size}\r\n" if self.size else ""
        return f"{method} {self.path} HTTP/1.1\r\nHost: {HOST}\r\n{length}\r\n".encode() + body


ASKED = (
    Asked("empty page", "/"),
    Asked("form of 2 kB", "/taken/", 2048),
    Asked("upload of 5 MB", "/taken/", 5 * MEGABYTE),
)


@dataclass
class Found:
    """What one server did with one kind of request; a number for each round."""

    rates: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)  # seconds for each request
    latencies: list[float] = field(default_factory=list)
    answers: set[bytes] = field(default_factory=set)


def main() -> int:
    chosen = _arguments()
    places = Places.of(ROOT)
    places.make_state()
    found: dict[tuple[str, str], Found] = {}
    with ExitStack() as running:
        servers = {name: _started(running, places, name) for name in ("front", "peer")}
        _show_machine()
        for asked in ASKED:
            for turn in range(chosen.rounds + 1):  # the first warms up
                for name, (port, service) in servers.items():
                    measured = found.setdefault((asked.name, name), Found())
                    _measure(measured, port, service, asked, chosen.seconds if turn else 1.0, keep=turn > 0)
        memory = {name: peak_memory(service) for name, (_, service) in servers.items()}
    return _show(found, memory)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=4.0, help="of each round (default 4)")
    parser.add_argument("--rounds", type=int, default=5, help="of each server (default 5)")
    return parser.parse_args()


def _started(running: ExitStack, places: Places, name: str) -> tuple[int, Service]:
    """A server with one process. The peer's threads wait for bodies themselves, in the server's own interface."""
    port = free_port(FIRST_PORT)
    words = server_words(host=HOST, port=port, processes=1)
    if name == "peer":
        words[words.index("asginl")] = "wsgi"
        words += ["--blocking-threads", str(THREADS)]
    application = "_load.empty:application" if name == "front" else "_load.empty:pages"
    environ = child_environment({"PYTHONPATH": str(Path(__file__).parent)})
    log = places.logs / f"front-{name}.log"
    service = Service(f"the {name}", [*words, application], log=log, cwd=places.root, environ=environ)
    running.callback(service.stop)
    why = wait_for_page(f"http://{HOST}:{port}/", seconds=60, alive=service.alive)
    if why:
        raise SystemExit(f"The {name} was started, but {why}: see {log}")
    return port, service


def _measure(found: Found, port: int, service: Service, asked: Asked, seconds: float, *, keep: bool) -> None:
    """One round. Clients are processes: the threads of one would wait for each other, not for the server."""
    before = processor_seconds(service)
    with multiprocessing.Pool(CLIENTS) as clients:
        told = clients.starmap(_ask_on, [(port, asked.sent, seconds)] * CLIENTS)
    spent = processor_seconds(service) - before
    found.answers |= {answer for _, answers in told for answer in answers}
    if keep:
        latencies = [each for client, _ in told for each in client]
        found.rates.append(len(latencies) / max(sum(client) for client, _ in told))
        found.processor.append(spent / len(latencies))
        found.latencies += latencies


def _ask_on(port: int, sent: bytes, seconds: float) -> tuple[list[float], set[bytes]]:
    """One client on one line: the seconds of each request, and the answers there were."""
    took, answers, until = [], set(), time.monotonic() + seconds
    with socket.create_connection((HOST, port), timeout=30) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while time.monotonic() < until:
            began = time.perf_counter()
            line.sendall(sent)
            answer = _answer(line)
            took.append(time.perf_counter() - began)
            answers.add(answer)
    return took, {_lasting(answer) for answer in answers}


def _answer(line: socket.socket) -> bytes:
    """Head and body, by the length that the head tells."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += _piece(line)
    head = said.partition(b"\r\n\r\n")[0].lower()
    length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(said) < len(head) + 4 + length:
        said += _piece(line)
    return said


def _piece(line: socket.socket) -> bytes:
    piece = line.recv(65536)
    if not piece:
        raise SystemExit("FAULT a server closed a line that was to stay open")
    return piece


def _lasting(answer: bytes) -> bytes:
    """An answer without what differs from second to second; headers stand in no order."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *heads = head.split(b"\r\n")
    kept = sorted(each.lower() for each in heads if not each.lower().startswith(CHANGING))
    return b"\r\n".join([status, *kept, b"", body])


def _show_machine() -> None:
    packages = ", ".join(f"{name} {version(name)}" for name in ("Django", "granian", "a2wsgi"))
    print(f"machine: {os.cpu_count()} cores shared, {platform.system()} {platform.machine()}")
    print(f"versions: Python {platform.python_version()}, {packages}")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}", flush=True)


def _show(found: dict[tuple[str, str], Found], memory: dict[str, list[tuple[str, int]]]) -> int:
    faults = []
    print(
        f"\n{CLIENTS} clients; the ratio is of the front to the peer, in the same round; its median, (least, most)"
    )
    print("request, server           a second   p50 ms   p95 ms   ms of processor each")
    for asked in ASKED:
        pair = [found[asked.name, name] for name in ("front", "peer")]
        for name, one in zip(("front", "peer"), pair, strict=True):
            ordered = sorted(one.latencies)
            p50, p95 = (1000 * ordered[int(len(ordered) * share)] for share in (0.5, 0.95))
            print(
                f"{f'{asked.name}, {name}'.ljust(24)} {median(one.rates):9.0f} {p50:8.2f} {p95:8.2f}"
                f" {1000 * median(one.processor):12.2f}"
            )
        rates, spent = _ratios(pair[0].rates, pair[1].rates), _ratios(pair[0].processor, pair[1].processor)
        print(f"{f'{asked.name}, ratio'.ljust(24)} rate {rates}; processor {spent}")
        if len(pair[0].answers | pair[1].answers) != 1:
            faults.append(f"{asked.name}: the answers differ: {pair[0].answers} and {pair[1].answers}")
        [size] = {len(answer) for answer in pair[1].answers} or {0}
        print(f"{''.ljust(24)} {len(asked.sent)} bytes sent, about {size} answered")
    for name, processes in memory.items():
        print(f"peak memory, {name}: " + ", ".join(f"{what} {size} MB" for what, size in processes))
    print(f"load of the machine after: {os.getloadavg()[0]:.1f}")
    for fault in faults:
        print(f"FAULT {fault}")
    return 1 if faults else 0


def _ratios(own: Sequence[float], peer: Sequence[float]) -> str:
    each = sorted(one / other for one, other in zip(own, peer, strict=True))
    return f"{median(each):.2f} ({each[0]:.2f}, {each[-1]:.2f})"


if __name__ == "__main__":
    sys.exit(main())
