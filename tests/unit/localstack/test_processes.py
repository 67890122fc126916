"""What is started is stopped, whole, and nothing else is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fingerpost.localstack.failures import LocalFailure
from fingerpost.localstack.locks import FileLock
from fingerpost.localstack.ports import HOST, free_port, wait_for_page
from fingerpost.localstack.processes import Service

SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
# Starts a child of its own and then ignores the polite signal.
STUBBORN = f"""
import signal, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {SLEEPER!r}])
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(child.pid, flush=True)
time.sleep(60)
"""
# Starts a service and is then killed without a chance to clean up.
KILLED_PARENT = """
import os, sys
from pathlib import Path
from fingerpost.localstack.processes import Service
log = Path(sys.argv[1])
service = Service("s", [sys.executable, "-c", sys.argv[2]], log=log, cwd=log.parent, environ=os.environ)
print(service.pid, flush=True)
os.kill(os.getpid(), 9)
"""


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def gone(pid: int) -> bool:
    """Whether a process has ended; a dead one that nobody has collected counts as ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return True
    return state == "Z"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Callable[[str], Service]]:
    started: list[Service] = []

    def start(code: str) -> Service:
        log = tmp_path / "service.log"
        made = Service(
            "the test service", [sys.executable, "-c", code], log=log, cwd=tmp_path, environ=os.environ
        )
        started.append(made)
        assert wait_until(lambda: not made.alive() or bool(log.read_text().strip()))
        return made

    yield start
    for each in started:
        each.stop()


def test_stop_ends_a_service_and_nothing_else(service: Callable[[str], Service]) -> None:
    bystander = subprocess.Popen([sys.executable, "-c", SLEEPER])
    try:
        running = service(SLEEPER)
        running.stop()
        assert not running.alive()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_stop_ends_children_of_a_service_that_does_not_listen(
    service: Callable[[str], Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    from fingerpost.localstack import commands

    monkeypatch.setattr(commands.stop_group, "__defaults__", (0.3,))
    running = service(STUBBORN)
    child = int(running.log.read_text().split()[0])
    running.stop()
    assert not running.alive()
    assert wait_until(lambda: gone(child))


def test_service_that_ended_tells_its_code_and_log(service: Callable[[str], Service]) -> None:
    ended = service("raise SystemExit('no such table')")
    assert wait_until(lambda: not ended.alive())
    report = ended.failure("start over.").report("Running")
    assert "the test service ended with code 1." in report
    assert "| no such table" in report


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_service_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    parent = subprocess.run(
        [sys.executable, "-c", KILLED_PARENT, str(log), SLEEPER], capture_output=True, text=True, check=False
    )
    assert parent.returncode == -signal.SIGKILL
    assert wait_until(lambda: gone(int(parent.stdout)))


def test_port_that_is_taken_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) > port


def test_no_free_port_is_told() -> None:
    with pytest.raises(LocalFailure, match="every port"):
        free_port(65536)


def test_waiting_for_a_page_gives_up_when_the_server_has_ended() -> None:
    assert wait_for_page(f"http://{HOST}:1/", seconds=30, alive=lambda: False) == "it ended"
    why = wait_for_page(f"http://{HOST}:1/", seconds=0.1, alive=lambda: True)
    assert why is not None
    assert "did not answer" in why


def test_exclusive_lock_waits_for_every_shared_one(tmp_path: Path) -> None:
    first, second, third = (FileLock(tmp_path / "lock") for _ in range(3))
    first.acquire(shared=True)
    second.acquire(shared=True)
    assert not third.try_acquire()
    first.release()
    assert not third.try_acquire()
    second.release()
    assert third.try_acquire()
    third.release()


def test_lock_of_a_killed_process_is_free_again(tmp_path: Path) -> None:
    code = (
        "import sys, os; from pathlib import Path; from fingerpost.localstack.locks import FileLock\n"
        "lock = FileLock(Path(sys.argv[1])); lock.acquire(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "lock")], check=False)
    assert FileLock(tmp_path / "lock").try_acquire()
