from __future__ import annotations

import json
import random
import string
import subprocess
from pathlib import Path

import pytest

from fingerpost.localstack.checks.leaks import leaks, line_fault
from fingerpost.localstack.checks.lock_shapes import (
    lock_shape_faults,
    npm_lock_faults,
    package_faults,
    requirement_faults,
)
from fingerpost.localstack.checks.locks import _difference
from fingerpost.localstack.places import Places

ROOT = Path(__file__).parents[3]
RANDOM = "".join(random.Random(7).choices(string.ascii_letters + string.digits, k=32))
HOST = "ex" + "ample.org"


@pytest.mark.parametrize(
    "line",
    [
        f'SECRET_KEY = "{RANDOM}"',
        f"db_password: '{RANDOM}'",
        f'{{"api_key": "{RANDOM}"}}',
        f'TOKEN: str = "{RANDOM}"',
        f'url = "postgresql://someone:{RANDOM}@host/name"',
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "x = 'ghp" + "_" + "a1B2" * 9 + "'",
        "path = '/ho" + "me/someone/project'",
        "path = '/Us" + "ers/Someone/project'",
        "path = '/ro" + "ot/.config'",
    ],
)
def test_line_that_looks_like_a_leak_is_found(line: str) -> None:
    assert line_fault(line) is not None


@pytest.mark.parametrize(
    "line",
    [
        "password = read_password_from_environment()",
        'PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]',
        'SECRET_KEY = "tests-only-tests-only-tests-only-tests-only"',
        'help_text = "password must be at least 12 signs"',
        'address = "postgresql://fingerpost_app:password@localhost/fingerpost"',
        f'password = "{RANDOM}"  # not-a-secret: shows the shape',
        'redirect("/home/")',
        'href="/root"',
        f"commit = '{RANDOM}'",
    ],
)
def test_ordinary_line_is_left_alone(line: str) -> None:
    assert line_fault(line) is None


def test_path_of_this_checkout_is_found_in_files_that_git_would_add(tmp_path: Path) -> None:
    root = tmp_path / "checkout"
    root.mkdir()
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / ".gitignore").write_text("ignored.txt\n")
    for name in ("ignored.txt", "new.txt"):
        (root / name).write_text(f"fine\nsee {root}/file\n")
    assert leaks(Places.of(root, {})) == ["new.txt:2: a path of one machine"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (f"--index-url https://{HOST}/simple", "new.txt:1: an index option"),
        (f"--extra-index-url {HOST}", "new.txt:1: an index option"),
        ("-f wheels", "new.txt:1: an index option"),
        (f"thing @ https://{HOST}/thing.whl", "new.txt:1: an address or direct link"),
        (f"git+ssh://{HOST}/thing", "new.txt:1: an address or direct link"),
        (f"# from https://{HOST}", "new.txt:1: an address or direct link"),
    ],
)
def test_requirement_with_an_address_is_a_fault(tmp_path: Path, line: str, what: str) -> None:
    file = tmp_path / "new.txt"
    file.write_text(f"{line}\n")
    assert what in requirement_faults(file)


def test_requirement_with_hashes_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "base.txt"
    file.write_text(
        "-r base.in\nthing[extra]==1.0 ; sys_platform == 'linux' \\\n"
        "    --hash=sha256:00ff\n    # via -r base.in\n"
    )
    assert requirement_faults(file) == []


def test_npm_lock_entry_with_an_address_or_without_a_hash_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "package-lock.json"
    entries = {
        "": {"name": "fingerpost"},
        "node_modules/good": {"version": "1.0.0", "integrity": "sha512-x"},
        "node_modules/placed": {"version": "1.0.0", "integrity": "sha512-x", "resolved": "anything"},
        "node_modules/linked": {"version": f"git+ssh://{HOST}/x", "integrity": "sha512-x"},
        "node_modules/bare": {"version": "1.0.0"},
    }
    file.write_text(json.dumps({"packages": entries}))
    assert npm_lock_faults(file) == [
        "package-lock.json: node_modules/placed has a 'resolved' address",
        "package-lock.json: node_modules/linked is a direct link",
        "package-lock.json: node_modules/bare has no integrity hash",
    ]


def test_package_that_is_a_link_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "package.json"
    file.write_text(
        json.dumps(
            {"dependencies": {"a": "1.0.0", "b": f"https://{HOST}/b.tgz"}, "devDependencies": {"c": "x/c"}}
        )
    )
    assert package_faults(file) == ["package.json: b is a direct link", "package.json: c is a direct link"]


def test_lock_files_of_this_checkout_name_no_address() -> None:
    assert lock_shape_faults(Places.of(ROOT, {})) == []


def test_lock_that_differs_from_its_compilation_is_shown_line_by_line(tmp_path: Path) -> None:
    for folder, pin in (("kept", "1.0"), ("made", "2.0")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "base.txt").write_text(f"same==1\nthing=={pin}\n")
    found = _difference(tmp_path / "kept", tmp_path / "made", "base.txt")
    assert found[-2:] == ["-thing==1.0", "+thing==2.0"]
    assert _difference(tmp_path / "kept", tmp_path / "kept", "base.txt") == []
