"""A tree of 100,000 lines, the most there may be, is read and checked line by line; prints the seconds of each kind."""

from __future__ import annotations

import os
import sys
import time

import django

LINES = 100_000
LONGEST = 60.0
HEADING = "code,name,kind,part of,part of since,opened on,closed on\n"


def main() -> int:
    # No database is asked; the words of a fault need the settings.
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "fingerpost.web.config.settings.test",
        "DATABASE_URL": "postgresql://nobody@/none",
    }
    django.setup()
    from fingerpost.web.tenancy.tree_lists import tree_in

    kinds = {
        "networks": "".join(
            f"U{number:06d},Network {number},network,QVA,,2019-07-01,\n" for number in range(LINES)
        ),
        "faults": f"U0,=1,castle,{'Q' * 20},never,2020-01-01,2019-01-01\n" * LINES,
        "one code": "U10001,North,network,QVA,,,\n" * LINES,
        "nothing": "\n" * LINES * 10,
    }
    slow = 0
    for name, lines in kinds.items():
        began = time.perf_counter()
        read = tree_in("tree.csv", (HEADING + lines).encode())
        assert read.read == len(read.rows) + read.lines_rejected
        took = time.perf_counter() - began
        slow += took > LONGEST
        print(f"{name}: {read.read:,} lines, {read.lines_rejected:,} rejected, {took:.1f} s")
    return slow


if __name__ == "__main__":
    sys.exit(main())
