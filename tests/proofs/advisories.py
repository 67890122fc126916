"""Every pinned package against the known advisories in a copy of a database, whose date is told.

Usage: python3 run.py prove advisories FOLDER_OR_ZIP [...]

A database is a folder or zip file of OSV records as JSON: what the OSV project offers for PyPI and npm as "all.zip",
or a checkout of GitHub's advisory database. Nothing is fetched: an installation that may not reach the internet can
be looked at too, and what was compared with what is on the screen. Exit code 1 when a package that is installed has
an advisory, 2 when nothing could be compared.
"""

from __future__ import annotations

import argparse
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from fingerpost.localstack.checks.materials import Material, materials
from fingerpost.localstack.places import Places

ROOT = Path(__file__).resolve().parents[2]
OLD = 30  # days; an older copy is told to be old
_REGISTRIES = {"PyPI": "pypi", "npm": "npm"}


@dataclass(frozen=True)
class Found:
    """One package of ours to which a record applies, or may: then `sure` is false."""

    package: Material
    record: str
    about: str
    sure: bool = True


@dataclass
class Comparison:
    records: int = 0
    newest: str = ""
    about_ours: int = 0
    found: list[Found] | None = None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", nargs="*", type=Path, help="folders or zip files of OSV records")
    chosen = parser.parse_args()
    missing = [str(one) for one in chosen.database if not one.exists()]
    if missing or not chosen.database:
        print(f"Nothing was compared: {', '.join(missing) or 'no database was named'}.")
        print("What to do: fetch a copy of the OSV records of PyPI and npm, and name it here.")
        return 2
    ours = materials(Places.of(ROOT))
    done = compare(ours, (record for one in chosen.database for record in records_in(one)))
    return tell(done, len(ours), datetime.now(UTC))


def tell(done: Comparison, packages: int, now: datetime) -> int:
    """Print what was compared with what, and every finding; returns the exit code."""
    if not done.records:
        print("Nothing was compared: there are no OSV records for PyPI or npm there.")
        return 2
    newest = datetime.fromisoformat(done.newest)
    age = (now - (newest if newest.tzinfo else newest.replace(tzinfo=UTC))).days
    print(f"{packages} packages, {done.records} records, of which {done.about_ours} are about one of ours.")
    print(f"The newest record is of {newest.date()}, {age} days ago.")
    if age > OLD:
        print("THE DATABASE IS OLD: what was found since then is not in it.")
    for one in done.found or []:
        doubt = "" if one.sure else " (the versions could not be compared)"
        print(f"FOUND {one.package.address} [{one.package.scope}]: {one.record} {one.about}{doubt}")
    print(f"{len(done.found or [])} found.")
    return 1 if done.found else 0


def records_in(place: Path) -> Iterator[dict[str, Any]]:
    """Every JSON record of a folder or zip file."""
    if place.is_dir():
        for file in sorted(place.rglob("*.json")):
            yield from _record(file.read_bytes())
        return
    with zipfile.ZipFile(place) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                yield from _record(archive.read(name))


def _record(content: bytes) -> Iterator[dict[str, Any]]:
    found = json.loads(content)
    if isinstance(found, dict) and "affected" in found and "withdrawn" not in found:
        yield found


def compare(ours: Iterable[Material], records: Iterable[Mapping[str, Any]]) -> Comparison:
    """What the records say about our packages at our versions."""
    pinned = {(one.registry, one.name): one for one in ours}
    done, found = Comparison(), {}
    for record in records:
        about = [one for one in record["affected"] if _registry(one)]
        if not about:
            continue
        done.records += 1
        done.newest = max(done.newest, str(record.get("modified") or record.get("published") or "1970-01-01"))
        for affected in about:
            package = pinned.get((_registry(affected), _name(affected)))
            if package is None:
                continue
            done.about_ours += 1
            hit = applies(affected, package.version)
            if hit is not False:
                told = str(record.get("summary") or str(record.get("details", "")).strip().partition("\n")[0])
                found[package.address, record["id"]] = Found(package, record["id"], told[:120], hit is True)
    done.found = [found[key] for key in sorted(found)]
    return done


def _registry(affected: Mapping[str, Any]) -> str:
    return _REGISTRIES.get(str(affected.get("package", {}).get("ecosystem", "")), "")


def _name(affected: Mapping[str, Any]) -> str:
    name = str(affected["package"]["name"])
    return name.lower().replace("_", "-").replace(".", "-") if _registry(affected) == "pypi" else name


def applies(affected: Mapping[str, Any], version: str) -> bool | None:
    """Whether a record is about this version; None when that cannot be told."""
    if version in affected.get("versions", ()):
        return True
    ranges = [one for one in affected.get("ranges", ()) if one.get("type") in ("ECOSYSTEM", "SEMVER")]
    try:
        return any(_within(one["events"], Version(version)) for one in ranges)
    except InvalidVersion:
        return None


def _within(events: Iterable[Mapping[str, str]], version: Version) -> bool:
    """OSV's rule: in order of versions, each event that is not above ours opens or closes."""
    inside = False
    for kind, at in sorted(
        ((kind, at) for event in events for kind, at in event.items() if kind != "limit"), key=_place
    ):
        here = Version(at) if at != "0" else None
        if kind == "introduced" and (here is None or version >= here):
            inside = True
        if here is not None and (
            (kind == "fixed" and version >= here) or (kind == "last_affected" and version > here)
        ):
            inside = False
    return inside


def _place(event: tuple[str, str]) -> tuple[Version, str]:
    return Version(event[1]), event[0]


if __name__ == "__main__":
    sys.exit(main())
