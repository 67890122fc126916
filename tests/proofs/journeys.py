"""300 random journeys of up to 60 actions: nothing illegal, one event for each change, and the events tell it all.

The same test as in the suite, which takes the same eight each time. Usage: python3 run.py prove journeys
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def main() -> int:
    """Run the long form; further words go to pytest."""
    words = ["-n", "0", "-q", "--timeout=3000", "tests/integration/lost/test_lifecycles.py", *sys.argv[1:]]
    environ = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    environ["FINGERPOST_EXPLORE"] = "1"
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words], cwd=ROOT, env=environ, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
