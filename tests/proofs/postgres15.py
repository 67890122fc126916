"""The walls and the attacks on PostgreSQL 15, the oldest version that is supported, where this machine has it.

Usage: python3 run.py prove postgres15 [--programs FOLDER]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
USUAL = (
    Path("/usr/lib/postgresql/15/bin"),
    Path("/usr/pgsql-15/bin"),
    Path("/opt/homebrew/opt/postgresql@15/bin"),
)
TRIED = ("tests/integration/walls", "tests/integration/attacks", "tests/architecture/test_walls_declared.py")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=Path, help="the folder of 'postgres' and 'initdb'")
    chosen = parser.parse_args()
    among = [chosen.programs] if chosen.programs else list(USUAL)
    found = next((folder for folder in among if (folder / "postgres").is_file()), None)
    if found is None:
        print(
            f"skipped: no PostgreSQL 15 server in {', '.join(map(str, among))}; install it, or name its --programs."
        )
        return 0
    said = subprocess.run(
        [found / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    print(f"{said}, in {found}", flush=True)
    if said.split()[2].split(".")[0] != "15":
        print("That is another version: name the folder of PostgreSQL 15 with --programs.")
        return 1
    words = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", *TRIED]
    environ = {k: v for k, v in os.environ.items() if k not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")}
    environ["FINGERPOST_TEST_PG_BIN"] = str(found)
    return subprocess.run(words, cwd=ROOT, env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
