"""Every route asked as every role from here and from elsewhere: a status, no foreign word, nothing written.

The same tests as in the suite, which asks each page as one of the roles from elsewhere, another for each page.
Usage: python3 run.py prove routes
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Run the long form; further words go to pytest."""
    environ = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    environ["FINGERPOST_EVERY_ASKER"] = "yes"
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-q", "tests/integration/routes", *sys.argv[1:]],
        cwd=ROOT,
        env=environ,
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
