"""Every form of every page, each box by itself, filled with 15 kinds of hostile values: never a fault of ours.

Usage: python3 run.py prove forms
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "0",
        "-q",
        "tests/integration/attacks/test_every_form.py",
    ]
    return subprocess.run(
        command, cwd=ROOT, env={**environ, "FINGERPOST_LONG_ATTACKS": "yes"}, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
