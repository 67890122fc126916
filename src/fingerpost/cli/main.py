"""`fingerpost VERB ...`: finds the verbs, runs one, and ends with the exit code of what went wrong."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence

import fingerpost.cli as package
from fingerpost.cli.verb import Verbs
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.foundation.log_safety import without_words

INTERRUPTED = 130
_NOT_VERBS = {"main", "verb", "__main__"}


def build_parser() -> argparse.ArgumentParser:
    """The whole command line, verbs in the order of their names."""
    parser = argparse.ArgumentParser(
        prog="fingerpost",
        description="Social prescribing: from a referral to a community group and back.",
        epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 3 malformed value, 4 setting, 5 source, "
        "6 not found, 7 not allowed, 8 no scope, 9 changed by someone else, 10 wrong order of steps.",
        allow_abbrev=False,
    )
    verbs: Verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name in verb_modules():
        importlib.import_module(f"{package.__name__}.{name}").register(verbs)
    return parser


def verb_modules() -> list[str]:
    """The names of the modules that each bring a verb."""
    found = (module.name for module in pkgutil.iter_modules(package.__path__))
    return sorted(name for name in found if name not in _NOT_VERBS and not name.startswith("_"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Faults of the input end in words, ours in a traceback.

    A traceback goes where the logs go, so it is without the error's own words; FINGERPOST_DEBUG=true shows them.
    """
    chosen = build_parser().parse_args(arguments)
    try:
        return int(chosen.call(chosen) or 0)
    except FingerpostError as error:
        print(f"fingerpost {chosen.verb}: {error.in_words()}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        if error.filename is None:
            raise
        print(f"fingerpost {chosen.verb}: {error.filename}: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"fingerpost {chosen.verb}: interrupted.", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        if os.environ.get("FINGERPOST_DEBUG") == "true":
            raise
        print(without_words(error), file=sys.stderr)
        print(f"fingerpost {chosen.verb}: a fault of Fingerpost's own.", file=sys.stderr)
        return 1


def run() -> None:
    """The entry point of the installed program."""
    sys.exit(main())
