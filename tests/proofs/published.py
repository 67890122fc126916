"""The published directory, asked 200 strange questions of each kind and taken home 200 times: never a fault of ours.

Usage: python3 run.py prove published
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
        "--timeout=3600",
        "tests/integration/published/test_strange_questions.py",
        "tests/integration/published/test_package.py",
        "tests/integration/published/test_parity.py",
        "tests/integration/published/test_nothing_hidden_comes_out.py",
    ]
    environ["FINGERPOST_PUBLISHED_EXAMPLES"] = "200"
    return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
