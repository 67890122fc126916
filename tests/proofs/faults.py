"""A crash before and after each statement of each action: all of it happened or none.

The same tests as in the suite, at every statement instead of some; the connection is cut in every action.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Run the long form; further words go to pytest."""
    words = ["-n", "0", "-q", "--timeout=3000", "tests/integration/lost/test_faults.py", *sys.argv[1:]]
    environ = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    environ["FINGERPOST_EVERY_STATEMENT"] = "1"
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words], cwd=ROOT, env=environ, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
