from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from fingerpost.localstack.demo import DemoOptions, run_demo
from fingerpost.localstack.demo.accounts import accounts_file, read_accounts, screen
from fingerpost.localstack.django import secret_key
from fingerpost.localstack.failures import LocalFailure
from fingerpost.localstack.locks import FileLock
from fingerpost.localstack.places import Places

ROWS = [
    {
        "role": "clinician",
        "name": "Dr Asha Rowe",
        "email": "asha@example.test",
        "password": "three plain words",
        "note": "x",
    },
    {"role": "link_worker", "name": "Sam", "email": "sam@example.test", "password": "three plain words"},
]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    found = Places(root=tmp_path, state=tmp_path / "state")
    found.make_state()
    return found


def test_screen_shows_the_address_and_each_account_in_columns(places: Places) -> None:
    accounts_file(places).write_text(json.dumps(ROWS))
    lines = screen("http://127.0.0.1:8000/", read_accounts(places)).splitlines()
    assert lines[1] == "Fingerpost is ready: http://127.0.0.1:8000/"
    table = [line for line in lines if "Sign in as" in line or "@" in line]
    assert [line.split()[0] for line in table] == ["Role", "Clinician", "Link"]
    assert len({line.index(word) for line, word in zip(table, ("E-mail", "asha@", "sam@"), strict=True)}) == 1
    assert max(map(len, lines)) <= 100
    assert len(lines) < 24


@pytest.mark.parametrize("content", [None, "not json", '[{"role": "gp"}]', "5"])
def test_list_of_accounts_that_cannot_be_read_is_told(places: Places, content: str | None) -> None:
    if content is not None:
        accounts_file(places).write_text(content)
    with pytest.raises(LocalFailure, match=r"demo-accounts\.json cannot be read"):
        read_accounts(places)


def test_second_demo_from_one_folder_is_told_where_the_first_is(places: Places) -> None:
    first = FileLock(places.state / "demo.lock")
    first.acquire()
    places.demo.mkdir()
    (places.demo / "running.json").write_text('{"address": "http://127.0.0.1:8765/"}')
    with pytest.raises(LocalFailure, match=r"already runs from this folder at http://127\.0\.0\.1:8765/"):
        run_demo(places, DemoOptions())
    first.release()


def test_signing_key_is_made_once_and_private(places: Places) -> None:
    file = places.demo / "secret-key"
    key = secret_key(file)
    assert len(key) >= 40
    assert secret_key(file) == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_interrupt_during_a_step_stops_its_program(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    step = f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    program = (
        "import signal, sys; from pathlib import Path\n"
        "from fingerpost.localstack.commands import run_logged\n"
        "signal.signal(signal.SIGTERM, signal.default_int_handler)\n"
        f"run_logged([sys.executable, '-c', {step!r}], log=Path({str(tmp_path / 'log')!r}), advice='-')"
    )
    with subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE) as child:
        while not (pid_file.exists() and pid_file.read_text()):
            assert child.poll() is None
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=30)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)
