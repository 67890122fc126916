"""Whole stories in a real browser, each by keyboard alone, on a small phone or without scripts: all is in reach.

The same tests as in the suite, which does each in one manner. Usage: python3 run.py prove manners
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Run the long form; further words go to pytest."""
    files = [f"tests/system/test_{name}.py" for name in ("access", "manners", "passkeys", "steward")]
    environ = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    environ["FINGERPOST_EVERY_MANNER"] = "yes"
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-q", *files, *sys.argv[1:]],
        cwd=ROOT,
        env=environ,
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
