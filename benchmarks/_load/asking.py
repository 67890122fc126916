"""Asking for pages over real HTTP, and the time that takes."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fingerpost.localstack.ports import HOST

Key = tuple[str, str]  # a role and an address


@dataclass
class Times:
    """Seconds of each request for one page."""

    seconds: list[float] = field(default_factory=list)

    def quantile(self, share: float) -> float:
        """The smallest time that at least this share of requests stayed within, in milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


@dataclass(frozen=True)
class Body:
    status: int
    size: int  # bytes as they travel
    location: str


class Asker:
    """One client: a connection that stays open, as a browser's does."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=30)

    def get(self, address: str, cookies: str) -> tuple[Body, float]:
        heads = {"Accept-Encoding": "gzip", "Accept": "text/html", "Cookie": cookies}
        began = time.perf_counter()
        self.connection.request("GET", address, headers=heads)
        answer = self.connection.getresponse()
        size = len(answer.read())
        took = time.perf_counter() - began
        return Body(answer.status, size, answer.getheader("Location", "")), took


def one_client(port: int, pages: Iterable[tuple[Key, str]], times: int) -> dict[Key, tuple[Body, Times]]:
    """Each page `times` times after one that warms up, one request after the other."""
    asker, found = Asker(port), {}
    for key, cookies in pages:
        body, _first = asker.get(key[1], cookies)
        found[key] = (body, Times([asker.get(key[1], cookies)[1] for _ in range(times)]))
    return found


def many_clients(
    port: int, pages: Sequence[tuple[Key, str]], *, clients: int, think: float, seconds: float
) -> tuple[Mapping[Key, Times], list[str]]:
    """Every client asks for one page after another, in its own order, thinking in between."""
    found: dict[Key, Times] = defaultdict(Times)
    faults: list[str] = []
    until = time.monotonic() + seconds
    turn = iter(_shuffled_for_ever(pages))
    lock = threading.Lock()

    def work(number: int) -> None:
        asker = Asker(port)
        time.sleep(think * number / clients)
        while time.monotonic() < until:
            with lock:
                key, cookies = next(turn)
            body, took = asker.get(key[1], cookies)
            with lock:
                found[key].seconds.append(took)
                if body.status != 200:
                    faults.append(f"{key[1]} as {key[0]} answered {body.status} with {clients} clients")
            time.sleep(think)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found, faults


def _shuffled_for_ever(pages: Sequence[tuple[Key, str]]) -> Iterable[tuple[Key, str]]:
    chance = random.Random(1)
    while True:
        yield from chance.sample(pages, len(pages))
