"""The Python environment: `.venv`, filled by uv from the hashed requirement files."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from fingerpost.localstack.commands import run_logged
from fingerpost.localstack.environ import child_environment
from fingerpost.localstack.locks import exclusive
from fingerpost.localstack.places import Places
from fingerpost.localstack.stamps import Stamp, digest

DEMO, TESTS = "base", "dev"
_VERSION = (3, 11)
_NETWORK = (
    "check that this machine reaches the Python package index (pip's settings and PIP_* variables are used)"
)
_VENV_ADVICE = (
    "install the 'venv' part of Python 3.11 (on Debian and Ubuntu: apt-get install python3.11-venv), "
    "check that the disk has room, then try again."
)


def ensure_packages(places: Places, level: str) -> bool:
    """Make `.venv` hold what `requirements/<level>.txt` lists, and the project. True if it already did.

    The tests' packages include the demo's, with the same pins, so they satisfy the demo too.
    """
    places.make_state()
    with exclusive(places.state / "setup.lock"):
        if any(_stamp(places).matches(_wanted(places, each)) for each in dict.fromkeys((level, TESTS))):
            return True
        ensure_environment(places)
        _install(places, level)
        _stamp(places).write(_wanted(places, level))
        return False


def ensure_environment(places: Places) -> None:
    """Create `.venv`; one that is broken or came here with a moved folder is made again."""
    made_for = Stamp(places.venv / ".fingerpost-root")
    moved = made_for.path.exists() and not made_for.matches(str(places.root))
    if _works(places.python) and not moved:
        return
    _stamp(places).clear()
    if places.venv.exists():
        shutil.rmtree(places.venv)
    log = places.logs / "venv.log"
    run_logged([sys.executable, "-m", "venv", "--without-pip", places.venv], log=log, advice=_VENV_ADVICE)
    made_for.write(str(places.root))


def ensure_uv(places: Places) -> Path:
    """The path of uv, installed by pip at its pinned hash into an environment of its own."""
    lock, home = places.requirements / "uv.txt", places.tools / "uv"
    program, stamp = home / "bin" / "uv", Stamp(home / ".fingerpost-stamp")
    wanted = digest([lock], str(home))
    if program.exists() and stamp.matches(wanted):
        return program
    if home.exists():
        shutil.rmtree(home)
    log = places.logs / "uv.log"
    run_logged([sys.executable, "-m", "venv", home], log=log, advice=_VENV_ADVICE)
    pip = [home / "bin" / "python", "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes"]
    run_logged([*pip, "-r", lock], log=log, advice=f"{_NETWORK}, then try again.")
    stamp.write(wanted)
    return program


def _install(places: Places, level: str) -> None:
    uv, log = ensure_uv(places), places.logs / "packages.log"
    target = ["--python", places.python]
    advice = f"{_NETWORK} and that the disk has 2 GB of room, then try again."
    lock = places.requirements / f"{level}.txt"
    run_logged(
        [uv, "pip", "sync", *target, "--require-hashes", lock], log=log, advice=advice, cwd=places.root
    )
    itself = ["--no-deps", "--no-build-isolation", "--editable", places.root]
    run_logged([uv, "pip", "install", *target, *itself], log=log, advice=advice, cwd=places.root)


def _stamp(places: Places) -> Stamp:
    return Stamp(places.venv / ".fingerpost-stamp")


def _wanted(places: Places, level: str) -> str:
    """What the environment is made from: of the project's own file, only the parts that installing reads."""
    project = tomllib.loads((places.root / "pyproject.toml").read_text("utf-8"))
    parts = (project["project"], project["build-system"], project["tool"]["setuptools"])
    lock = places.requirements / f"{level}.txt"
    return digest([lock], level, str(places.root), *(json.dumps(part, sort_keys=True) for part in parts))


def _works(python: Path) -> bool:
    if not python.exists():
        return False
    question = "import sys; print(*sys.version_info[:2])"
    done = subprocess.run(
        [str(python), "-c", question], env=child_environment(), capture_output=True, text=True, check=False
    )
    return done.stdout.split() == [str(part) for part in _VERSION]
