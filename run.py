#!/usr/bin/env python3
"""Runs Fingerpost on this machine, with nothing installed but Python 3.11.

python3 run.py demo            install, start and fill a demo; Ctrl-C stops it
python3 run.py test [...]      the whole test suite; further words go to pytest
python3 run.py check           formatting, lint, types, contracts, lock files, secrets
python3 run.py prove [NAME]    list the long proofs and benchmarks, or run one
python3 run.py lock            compile requirements/*.in into the hashed requirements/*.txt
"""

import argparse
import os
import shutil
import signal
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
NEEDED = (3, 11)


def use_the_right_python():
    """Go on in Python 3.11, or say where it is missing. Written so that any Python 3 understands it."""
    if sys.version_info[:2] == NEEDED:
        return
    other = shutil.which("python3.11")
    if other and os.environ.get("FINGERPOST_PYTHON_TRIED") != other:
        os.environ["FINGERPOST_PYTHON_TRIED"] = other
        os.execv(other, [other, *sys.argv])
    found = ".".join(str(part) for part in sys.version_info[:2])
    sys.exit(
        f"Fingerpost needs Python 3.11; this is {found}, and no 'python3.11' was found.\n"
        "What to do: install Python 3.11, then run 'python3.11 run.py ...'."
    )


def allow_bytecode():
    """Without compiled files every start takes seconds longer, here and in every process from here."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def words_of(arguments):
    """Read the command line. Words after `test`, and after the name of a proof, are passed on untouched."""
    parser = argparse.ArgumentParser(
        prog="run.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="demo | test | check | prove | lock")
    demo = verbs.add_parser("demo", help="install, start and fill a demo", allow_abbrev=False)
    demo.add_argument("--port", type=int, default=8000, help="first port to try (default: 8000)")
    demo.add_argument(
        "--fresh", action="store_true", help="remove the demo's data and start over, after asking"
    )
    demo.add_argument("--yes", action="store_true", help="with --fresh: do not ask")
    verbs.add_parser("test", help="run the whole test suite", add_help=False, allow_abbrev=False)
    verbs.add_parser("check", help="run every check", allow_abbrev=False)
    prove = verbs.add_parser("prove", help="list or run long proofs and benchmarks", allow_abbrev=False)
    prove.add_argument("name", nargs="?", help="the proof to run; none lists them")
    lock = verbs.add_parser(
        "lock", help="compile the hashed requirements and the bill of materials", allow_abbrev=False
    )
    lock.add_argument(
        "--upgrade", action="store_true", help="take the newest versions instead of the present pins"
    )
    known, rest = parser.parse_known_args(arguments)
    if rest and known.verb not in ("test", "prove"):
        parser.error("unknown words: " + " ".join(rest))
    return known, rest


def carry_out(chosen, rest):
    """Do what was asked; returns the exit code. The modules imported here need only the standard library."""
    from pathlib import Path

    from fingerpost.localstack.places import Places

    places = Places.of(Path(ROOT))
    if chosen.verb == "demo":
        from fingerpost.localstack.demo import DemoOptions, run_demo

        return run_demo(places, DemoOptions(port=chosen.port, fresh=chosen.fresh, yes=chosen.yes))
    if chosen.verb == "test":
        from fingerpost.localstack.suite import run_suite

        return run_suite(places, rest)
    if chosen.verb == "check":
        from fingerpost.localstack.checks import run_checks

        return run_checks(places)
    if chosen.verb == "prove":
        from fingerpost.localstack.proofs import run_proof

        return run_proof(places, chosen.name, rest)
    from fingerpost.localstack.checks.locks import compile_locks
    from fingerpost.localstack.checks.materials import write_bill
    from fingerpost.localstack.packages import TESTS, ensure_packages

    places.make_state()
    compile_locks(places, places.requirements, upgrade=chosen.upgrade)
    ensure_packages(places, TESTS)  # licences are read in what is installed
    write_bill(places)
    return 0


def interrupt(_signal, _frame):
    raise KeyboardInterrupt


def main():
    use_the_right_python()
    allow_bytecode()
    chosen, rest = words_of(sys.argv[1:])
    sys.path.insert(0, os.path.join(ROOT, "src"))
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup asks to go on without the terminal
        signal.signal(signal.SIGHUP, interrupt)
    from fingerpost.localstack.failures import LocalFailure
    from fingerpost.localstack.steps import StepFailed

    try:
        return carry_out(chosen, rest)
    except StepFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    except LocalFailure as failure:
        print(failure.report(chosen.verb), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; everything that was started has been stopped.", file=sys.stderr)
        return 130
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        print(f"\nThe step '{chosen.verb}' failed.\n  Why:        {error.strerror}{place}.", file=sys.stderr)
        print(
            "  What to do: check the disk's free space and who owns that path, then try again.",
            file=sys.stderr,
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
