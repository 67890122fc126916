"""Seconds from a clean clone to the first page, and for a second start, step by step.

The clone gets a home folder of its own and empty caches, so that every package is fetched anew.
Usage: python3 run.py prove start [--keep] [--limit-first 480] [--limit-second 5]
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STEP = re.compile(r"\[\d+/\d+\] (?P<title>.+?) \.\.\. .+ \((?P<seconds>[\d.]+) s\)")
READY = "Fingerpost is ready:"
KEPT_VARIABLES = (
    "PATH",
    "LANG",
    "PIP_CERT",
    "SSL_CERT_FILE",
    "PIP_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "HTTPS_PROXY",
    "NO_PROXY",
)


@dataclass
class Start:
    """One start of the demo: seconds to the screen with the address, and by step."""

    total: float = 0.0
    steps: dict[str, float] = field(default_factory=dict)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave the clone where it is")
    parser.add_argument("--limit-first", type=float, default=480.0, metavar="SECONDS")
    parser.add_argument("--limit-second", type=float, default=5.0, metavar="SECONDS")
    chosen = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="fingerpost start "))
    try:
        began = time.monotonic()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(scratch / "clone")], check=True)
        print(f"clone: {time.monotonic() - began:.1f} s; {os.cpu_count()} cores", flush=True)
        first = start_demo(scratch, "first")
        second = start_demo(scratch, "second")
    finally:
        if not chosen.keep:
            remove(scratch)
    show(first, second)
    return 0 if first.total <= chosen.limit_first and second.total <= chosen.limit_second else 1


def start_demo(scratch: Path, name: str) -> Start:
    """Start the demo, wait until its page is up, and stop it as a person would, with an interrupt."""
    home = scratch / "home"
    home.mkdir(exist_ok=True)
    environ = {key: os.environ[key] for key in KEPT_VARIABLES if key in os.environ} | {"HOME": str(home)}
    found, began = Start(), time.monotonic()
    command = [sys.executable, "run.py", "demo"]
    with subprocess.Popen(
        command,
        cwd=scratch / "clone",
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as child:
        try:
            said = read_until_ready(child, found, began)
        finally:
            child.send_signal(signal.SIGINT)
            child.communicate(timeout=120)
    if not found.total:
        raise SystemExit(f"The {name} start failed:\n{said}")
    return found


def read_until_ready(child: subprocess.Popen[str], found: Start, began: float) -> str:
    said = []
    assert child.stdout is not None
    for line in child.stdout:
        said.append(line)
        if step := STEP.match(line):
            found.steps[step["title"]] = float(step["seconds"])
        if line.startswith(READY):
            found.total = time.monotonic() - began
            break
    return "".join(said)


def remove(scratch: Path) -> None:
    """Remove the clone and the private folder of its database."""
    clone = scratch / "clone"
    python = clone / ".venv" / "bin" / "python"
    if (clone / ".fingerpost" / "demo").exists() and python.exists():
        code = "import sys; from pathlib import Path; sys.path.insert(0, 'src')\n"
        code += "from fingerpost.localstack.places import Places\n"
        code += "from fingerpost.localstack.demo.fresh import remove_demo\n"
        code += "remove_demo(Places.of(Path.cwd(), {}))"
        subprocess.run([str(python), "-c", code], cwd=clone, check=False)
    shutil.rmtree(scratch, ignore_errors=True)


def show(first: Start, second: Start) -> None:
    width = max(len(title) for title in [*first.steps, "to the first page"])
    print(f"{'step'.ljust(width)}  {'first':>8}  {'second':>8}")
    for title, seconds in first.steps.items():
        print(f"{title.ljust(width)}  {seconds:7.1f}s  {second.steps.get(title, 0.0):7.1f}s")
    print(f"{'to the first page'.ljust(width)}  {first.total:7.1f}s  {second.total:7.1f}s")


if __name__ == "__main__":
    sys.exit(main())
