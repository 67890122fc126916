"""Secrets, and paths of one machine, in files that would be committed: matched by shape.

A line that must look like a secret ends with a comment holding `not-a-secret` and the reason.
"""

from __future__ import annotations

import math
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from fingerpost.localstack.places import Places

ALLOWED = "not-a-secret"
_LARGEST = 2_000_000
_BITS_PER_SIGN = 3.5
_SKIPPED = {".png", ".jpg", ".pdf", ".ico", ".woff2", ".mo", ".parquet", ".zip"}
_LOCKS = {"package-lock.json", "base.txt", "dev.txt", "uv.txt", "node.txt"}

_KEY_BLOCK = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_TOKEN = re.compile(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|AKIA[0-9A-Z]{16}|xox[abpr]-[A-Za-z0-9-]{20,}|sk-[A-Za-z0-9]{32,}"
    r"|eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{15,})"
)
_ASSIGNMENT = re.compile(
    r"(?i)\b\w*(?:secret|passwd|password|token|api_?key|private_?key|credential)\w*[\"']?\s*(?::\s*\w+\s*)?[:=]\s*"
    r"[\"']([A-Za-z0-9+/=_\-.]{16,})[\"']"
)
_URL_PASSWORD = re.compile(r"\w+://[^\s/:@\"']+:([A-Za-z0-9+/=_\-.]{16,})@")
_HOME_PATH = re.compile(
    r"(?<![\w.{/])/(?:home/[a-z][\w.-]*|Users/[A-Za-z][\w.-]*|root)/[\w.]|\b[A-Z]:\\Users\\"
)


def leaks(places: Places) -> list[str]:
    """Every suspicious line, as `file:line: what`. The value itself is never repeated."""
    own = [str(folder) for folder in (places.root, places.root.parent) if len(folder.parts) > 1]
    machine = re.compile(
        "|".join([_HOME_PATH.pattern, *(rf"(?<!\w){re.escape(path)}(?=/|\b)" for path in own)])
    )
    return [
        fault for file in committed_files(places.root) for fault in file_faults(file, places.root, machine)
    ]


def committed_files(root: Path) -> list[Path]:
    """Files that git holds or would add, without those it ignores."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=False,
    )
    found = [root / name.decode() for name in done.stdout.split(b"\0") if name]
    if done.returncode != 0:
        found = [
            file
            for file in root.rglob("*")
            if not any(part[0] == "." for part in file.relative_to(root).parts)
        ]
    return [file for file in found if file.is_file() and file.suffix not in _SKIPPED]


def file_faults(file: Path, root: Path, machine: re.Pattern[str]) -> Iterator[str]:
    """Faults of one file."""
    if file.name in _LOCKS or file.stat().st_size > _LARGEST:
        return
    for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), start=1):
        what = line_fault(line, machine)
        if what:
            yield f"{file.relative_to(root)}:{number}: {what}"


def line_fault(line: str, machine: re.Pattern[str] = _HOME_PATH) -> str | None:
    """What is wrong with one line, or None."""
    if machine.search(line):
        return "a path of one machine"
    if ALLOWED in line:
        return None
    if _KEY_BLOCK.search(line):
        return "a private key"
    if _TOKEN.search(line):
        return "a token"
    values = _ASSIGNMENT.findall(line) + _URL_PASSWORD.findall(line)
    return "a secret, by the look of it" if any(_is_random(value) for value in values) else None


def _is_random(value: str) -> bool:
    """Whether a text has letters and digits as a generator mixes them: at least 3.5 bits for each sign."""
    if not (re.search(r"\d", value) and re.search(r"[A-Za-z]", value)):
        return False
    counts = Counter(value)
    bits = -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())
    return bits >= _BITS_PER_SIGN
