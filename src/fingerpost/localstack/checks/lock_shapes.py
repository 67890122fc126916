"""Lock files and their sources name packages, versions and hashes: no index, no address, no direct link.

Everything is matched by its shape, so that no host has to be named here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from fingerpost.localstack.places import Places

_OPTION = re.compile(r"(?:^|\s)(--(?:extra-)?index-url|--find-links|--trusted-host|--pre\b|-i\s|-f\s)")
_ADDRESS = re.compile(r"\w+://|\bgit\+|\s@\s")
_UV_TABLE = re.compile(r"^\s*(?:\[\[?tool\.uv\.index|index-url|extra-index-url|find-links|default-index)\b")
_NPM_SETTING = re.compile(r"^\s*(?:.*:)?(?:registry|_auth\w*|proxy|https-proxy|cafile)\s*=", re.IGNORECASE)
_DEPENDENCIES = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "overrides")


def lock_shape_faults(places: Places) -> list[str]:
    """Every address, index option or direct link, as `file:line: what`."""
    root = places.root
    files = [file for kind in ("*.in", "*.txt") for file in sorted(places.requirements.glob(kind))]
    faults = [fault for file in files for fault in requirement_faults(file)]
    faults += list(_lines(root / "pyproject.toml", _UV_TABLE, "an index setting"))
    faults += list(_lines(root / ".npmrc", _NPM_SETTING, "a registry setting"))
    faults += package_faults(root / "package.json") + npm_lock_faults(root / "package-lock.json")
    return faults


def requirement_faults(file: Path) -> list[str]:
    """Faults of one requirements file; comments are free text, addresses in them still count."""
    return [*_lines(file, _OPTION, "an index option"), *_lines(file, _ADDRESS, "an address or direct link")]


def package_faults(file: Path) -> list[str]:
    """Dependencies of `package.json` that are not plain versions."""
    found = json.loads(file.read_text())
    named = [(name, version) for kind in _DEPENDENCIES for name, version in found.get(kind, {}).items()]
    return [f"{file.name}: {name} is a direct link" for name, version in named if not _is_version(version)]


def npm_lock_faults(file: Path) -> list[str]:
    """Entries of `package-lock.json` with a `resolved` address, a link for a version, or no integrity."""
    faults = []
    for place, entry in json.loads(file.read_text())["packages"].items():
        if "resolved" in entry:
            faults.append(f"{file.name}: {place} has a 'resolved' address")
        if not _is_version(entry.get("version", "0")):
            faults.append(f"{file.name}: {place} is a direct link")
        if place and "integrity" not in entry:
            faults.append(f"{file.name}: {place} has no integrity hash")
    return faults


def _is_version(value: object) -> bool:
    return isinstance(value, str) and not re.search(r"[:/]", value)


def _lines(file: Path, shape: re.Pattern[str], what: str) -> Iterator[str]:
    if file.exists():
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            if shape.search(line):
                yield f"{file.name}:{number}: {what}"
