"""Finding Chromium for the system tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from fingerpost.localstack.commands import run_logged
from fingerpost.localstack.environ import child_environment
from fingerpost.localstack.failures import LocalFailure
from fingerpost.localstack.places import Places

VARIABLE = "FINGERPOST_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PACKAGES = ("chromium", "fonts-liberation")
_ADVICE = (
    f"install Chromium or Google Chrome so that one of {', '.join(NAMES)} can be run, "
    f"or set {VARIABLE} to the path of its program."
)


def find_chromium(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The program of a Chromium that starts; a path that was set but does not start is a `LocalFailure`."""
    chosen = environ.get(VARIABLE, "").strip()
    if chosen:
        if _starts(chosen):
            return Path(chosen)
        raise LocalFailure(f"{VARIABLE} is {chosen}, which does not start as a browser.", _ADVICE)
    found = (shutil.which(name, path=environ.get("PATH")) for name in NAMES)
    return next((Path(path) for path in found if path and _starts(path)), None)


def ensure_chromium(places: Places) -> tuple[Path, bool]:
    """Chromium's program, and whether it was there. Root on Debian gets it by apt, others advice."""
    if found := find_chromium():
        return found, True
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise LocalFailure("the system tests need Chromium, and none was found.", _ADVICE)
    log, quiet = places.logs / "chromium.log", child_environment({"DEBIAN_FRONTEND": "noninteractive"})
    for words in (["update"], ["install", "-y", "--no-install-recommends", *_PACKAGES]):
        run_logged(["apt-get", *words], log=log, advice=_ADVICE, environ=quiet)
    if found := find_chromium():
        return found, False
    raise LocalFailure("apt-get installed Chromium, but it does not start.", _ADVICE, log)


def _starts(program: str) -> bool:
    """Whether the program answers: on some systems the name is only a stub that asks for an installer."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and "chrom" in done.stdout.lower()
