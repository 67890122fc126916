"""Hostile files and feeds at full size through the command line: each ends in a clear report, with seconds and memory.

Fails when one ends in a fault of ours, leaves a listing behind, or takes over 90 seconds or 1,200 megabytes.
Usage: python3 run.py prove hostile_files [--only WORDS]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fingerpost.localstack.django import django_environment, program
from fingerpost.localstack.places import Places
from fingerpost.localstack.postgres import APP, OWNER, Cluster, ensure_cluster
from fingerpost.localstack.templates import ensure_template

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from tests.factories.feeds import Answer

MOST_SECONDS, MOST_MEGABYTES = 90.0, 1200
DATABASE = "hostile_files"
_A_SYSTEM = (
    "INSERT INTO tenancy_system (id, name, slug, email_domain_for_tests)"
    " VALUES ('0190a5a0-0000-7000-8000-000000000009', 'Hostile', 'hostile', true);"
)


@dataclass(frozen=True)
class Ended:
    """How one attempt ended."""

    code: int
    said: str
    seconds: float
    megabytes: float
    listings: int


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="only what has these words in its name")
    chosen = parser.parse_args()
    places = Places.of(ROOT)
    places.make_state()
    with ensure_cluster(places.state / "hostile" / "postgres") as cluster:
        cluster.drop_database(DATABASE)
        cluster.create_database(DATABASE, template=ensure_template(places, cluster))
        cluster.ask(_A_SYSTEM, database=DATABASE, role=OWNER)
        os.environ |= {
            "DATABASE_URL": cluster.url(APP, DATABASE),
            "DJANGO_SETTINGS_MODULE": "fingerpost.web.config.settings.test",
        }
        import django

        django.setup()
        attempt = _Attempt(places, cluster)
        faults = [
            fault for name, run in _attempts(attempt) if chosen.only in name for fault in _judge(name, run())
        ]
    print("\n".join(faults))
    return 1 if faults else 0


def _attempts(attempt: _Attempt) -> Iterator[tuple[str, Callable[[], Ended]]]:
    from tests.factories import hostile

    for name, files in hostile.texts().items():
        yield name, lambda files=files: attempt.files(files)  # type: ignore[misc]
    for name, content in hostile.workbooks().items():
        yield name, lambda content=content: attempt.files({"list.xlsx": content})  # type: ignore[misc]
    yield "10,000 times the same id (lands)", lambda: attempt.files(hostile.duplicates(10_000))
    yield "rules without end (lands)", lambda: attempt.files(hostile.rules())
    yield (
        "a sheet that claims everything (asks for columns)",
        lambda: attempt.files({"list.xlsx": hostile.claiming_everything()}),
    )
    for name, answer in _feeds().items():
        yield name, lambda answer=answer: attempt.feed(answer)  # type: ignore[misc]


def _feeds() -> dict[str, Answer]:
    """Feeds by what is wrong with them."""
    from tests.factories import hostile
    from tests.factories.feeds import JSON, OrukFeed, Reply

    packed = {**JSON, "Content-Encoding": "gzip"}
    bomb = hostile.bomb_of_gzip(2_000 * hostile.MEGABYTE)
    line = b'{"contents": [{"id": "' + b"a" * (100 * hostile.MEGABYTE) + b'"}]}'
    wide = hostile.wide_page(5_000_000)
    rules = OrukFeed(hostile.services_of_rules(), whole=True)

    def endless(_path: str, asked: dict[str, str]) -> Reply:
        first = int(asked.get("page", "1")) * 5000
        found = [{"id": f"e{n}", "name": f"Endless {n}", "schedules": []} for n in range(first, first + 5000)]
        return Reply({"contents": found, "page_number": first // 5000, "total_pages": 10**9})

    def inside(_path: str, _asked: dict[str, str]) -> Reply:
        return Reply(status=302, headers={**JSON, "Location": "http://169.254.169.254/latest/meta-data"})

    return {
        "feed: a bomb of gzip": lambda _path, _asked: Reply(bomb, headers=packed),
        "feed: one line of 100 megabytes": lambda _path, _asked: Reply(line),
        "feed: five million items of nothing": lambda _path, _asked: Reply(wide),
        "feed: sends on to a private address": inside,
        "feed: does not end": endless,
        "feed: rules without end (lands)": rules,
    }


class _Attempt:
    """Runs the command as an administrator would, in a process of its own, and looks at what it left."""

    def __init__(self, places: Places, cluster: Cluster) -> None:
        self._places, self._cluster = places, cluster
        self._number = 0

    def files(self, files: Mapping[str, bytes]) -> Ended:
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                (Path(folder) / name).write_bytes(content)
            only = next(iter(files))
            path = folder if only == "services.csv" else str(Path(folder) / only)
            terms = ["--terms"] if only.endswith(".jsonld") else []
            return self._run(path, *terms)

    def feed(self, answer: Answer) -> Ended:
        from tests.factories.feeds import serving

        with serving(answer) as server:
            return self._run("--feed", server.address, "--kind", "oruk3", inside=server.host)

    def _run(self, *words: str, inside: str = "") -> Ended:
        self._number += 1
        before = self._listings()
        with self._output() as output:
            command = program(self._places, "directory", "import", *words, "--source", f"h{self._number}")
            environ = django_environment(
                self._places,
                "local",
                DATABASE_URL=self._cluster.url(APP, DATABASE),
                FINGERPOST_FEED_HOSTS_INSIDE=inside,
            )
            began = time.monotonic()
            child = subprocess.Popen(
                [*command, "--rejects", os.devnull],
                cwd=self._places.root,
                env=environ,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            megabytes = 0.0
            while child.poll() is None:
                megabytes = max(megabytes, _most_held(child.pid))
                time.sleep(0.02)
            seconds = time.monotonic() - began
            output.seek(0)
            said = output.read().decode(errors="replace")
        return Ended(child.returncode, said, seconds, megabytes, self._listings() - before)

    def _listings(self) -> int:
        [number] = self._cluster.ask("SELECT count(*) FROM directory_listing;", database=DATABASE, role=OWNER)
        return int(number)

    @contextmanager
    def _output(self) -> Iterator[object]:
        with tempfile.TemporaryFile() as stream:
            yield stream


def _most_held(pid: int) -> float:
    """The most memory that a process has held since it began. Not `ru_maxrss`, which counts its parent's too."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def _judge(name: str, ended: Ended) -> list[str]:
    told = [line for line in ended.said.splitlines() if line.strip() and not line.startswith("page ")]
    print(
        f"{name[:50]:50} {ended.seconds:6.1f} s {ended.megabytes:6.0f} MB  {ended.listings:6} listings",
        flush=True,
    )
    print(f"    {(told or ['(nothing said)'])[0][:150]}", flush=True)
    lands = "(lands)" in name
    wrong = {
        "it ended in a fault of ours": "Traceback" in ended.said or ended.code < 0,
        "it was not refused": not lands and ended.code == 0,
        "it did not land": lands and (ended.code != 0 or not ended.listings),
        "it left listings behind": not lands and ended.listings > 0,
        "it took too long": ended.seconds > MOST_SECONDS,
        "it took too much memory": ended.megabytes > MOST_MEGABYTES,
    }
    return [f"{name}: {words}" for words, is_so in wrong.items() if is_so]


if __name__ == "__main__":
    sys.exit(main())
