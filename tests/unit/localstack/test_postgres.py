"""The launcher against the real PostgreSQL of the wheel: roles, sharing, killing, moving, removing."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fingerpost.localstack.failures import LocalFailure
from fingerpost.localstack.postgres import (
    APP,
    MAINTENANCE,
    OWNER,
    SUPERUSER,
    Cluster,
    ensure_cluster,
    programs_in,
)
from fingerpost.localstack.postgres.placement import SOCKET_BYTES, SOCKET_NAME, socket_fits


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    found = ensure_cluster(tmp_path_factory.mktemp("with space") / "state", durable=False)
    with found:
        found.create_database("example")
        yield found
    found.destroy()


@pytest.fixture(scope="module")
def sturdy_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    found = ensure_cluster(tmp_path_factory.mktemp("sturdy") / "state")
    yield found
    found.destroy()


@pytest.fixture
def own_cluster(sturdy_cluster: Cluster) -> Iterator[Cluster]:
    """A running cluster that a test may kill and stop, and that keeps what was committed."""
    sturdy_cluster.start()
    yield sturdy_cluster
    sturdy_cluster.stop()


def server_pid(cluster: Cluster) -> int:
    return int((cluster.placement.data / "postmaster.pid").read_text().split()[0])


def test_roles_have_only_the_rights_they_need(cluster: Cluster) -> None:
    rows = cluster.ask(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication FROM pg_roles "
        "WHERE rolname LIKE 'fingerpost%' AND rolname <> 'fingerpost_cluster' ORDER BY 1;"
    )
    assert rows == [f"{APP}|f|f|f|f|f", f"{MAINTENANCE}|f|t|f|f|f", f"{OWNER}|f|f|f|f|f"]


def test_owner_makes_tables_and_app_cannot(cluster: Cluster) -> None:
    cluster.ask("CREATE TABLE made_by_owner (id int);", database="example", role=OWNER)
    with pytest.raises(LocalFailure, match="permission denied for schema public"):
        cluster.ask("CREATE TABLE made_by_app (id int);", database="example", role=APP)
    with pytest.raises(LocalFailure, match="permission denied for table"):
        cluster.ask("SELECT * FROM made_by_owner;", database="example", role=APP)


def test_app_cannot_become_another_role(cluster: Cluster) -> None:
    for role in (OWNER, MAINTENANCE, SUPERUSER):
        with pytest.raises(LocalFailure, match="permission denied to set role"):
            cluster.ask(f"SET ROLE {role};", database="example", role=APP)


def test_maintenance_passes_row_policies_and_owner_under_force_does_not(cluster: Cluster) -> None:
    cluster.ask(
        "CREATE TABLE walled (id int); INSERT INTO walled VALUES (1);"
        "ALTER TABLE walled ENABLE ROW LEVEL SECURITY; ALTER TABLE walled FORCE ROW LEVEL SECURITY;",
        database="example",
        role=OWNER,
    )
    question = "SELECT count(*) FROM walled;"
    assert cluster.ask(question, database="example", role=OWNER) == ["0"]
    assert cluster.ask(question, database="example", role=MAINTENANCE) == ["1"]


def test_address_of_the_app_carries_only_its_own_password(cluster: Cluster) -> None:
    address = cluster.url(APP, "example")
    assert cluster.passwords[APP] in address
    assert not any(cluster.passwords[role] in address for role in (OWNER, MAINTENANCE, SUPERUSER))
    assert len(set(cluster.passwords.values())) == 4


def test_wrong_password_is_refused(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cluster.passwords, APP, "guess")
    with pytest.raises(LocalFailure, match="password authentication failed"):
        cluster.ask("SELECT 1;", database="example", role=APP)


def test_passwords_are_readable_by_their_owner_only(cluster: Cluster) -> None:
    assert stat.S_IMODE((cluster.state / "passwords.json").stat().st_mode) == 0o600


def test_server_listens_on_its_private_socket_only(cluster: Cluster) -> None:
    assert cluster.ask("SHOW listen_addresses;") == [""]
    assert stat.S_IMODE(cluster.placement.socket_folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.placement.folder.stat().st_mode) == 0o700


def test_server_never_runs_as_root(cluster: Cluster) -> None:
    assert Path(f"/proc/{server_pid(cluster)}").stat().st_uid != 0


def test_new_database_has_the_extensions_and_unicode_case_rules(cluster: Cluster) -> None:
    rows = cluster.ask(
        "SELECT lower('ÀÉŴ'), unaccent('Ŵyn'), similarity('a', 'a');", database="example", role=APP
    )
    assert rows == ["àéŵ|Wyn|1"]


def test_clone_of_a_template_is_open_to_the_app_and_separate(cluster: Cluster) -> None:
    cluster.create_database("original")
    cluster.ask(f"CREATE TABLE t (i int); GRANT ALL ON t TO {APP};", database="original", role=OWNER)
    cluster.create_database("copy", template="original")
    cluster.ask("INSERT INTO t VALUES (1);", database="copy", role=APP)
    assert cluster.ask("SELECT count(*) FROM t;", database="original", role=APP) == ["0"]
    before = cluster.identity("copy")
    cluster.drop_database("copy")
    assert cluster.identity("copy") is None
    cluster.create_database("copy")
    assert cluster.identity("copy") not in (None, before)


@pytest.mark.parametrize("name", ["", "Capital", "9lives", "a-b", "a;DROP TABLE x", "x" * 64])
def test_database_name_that_needs_quoting_is_refused(cluster: Cluster, name: str) -> None:
    with pytest.raises(LocalFailure, match="cannot be the name of a database"):
        cluster.create_database(name)


def test_server_is_shared_and_stopped_by_its_last_user(own_cluster: Cluster) -> None:
    second = ensure_cluster(own_cluster.state)
    pid = server_pid(own_cluster)
    second.start()
    assert server_pid(second) == pid
    own_cluster.stop()
    assert second.running()
    second.stop()
    assert not second.running()


def test_cluster_in_use_cannot_be_destroyed(own_cluster: Cluster) -> None:
    with pytest.raises(LocalFailure, match="still uses this database server"):
        ensure_cluster(own_cluster.state).destroy()
    assert own_cluster.running()


def test_killed_server_starts_again_with_what_was_committed(own_cluster: Cluster) -> None:
    own_cluster.drop_database("kept")
    own_cluster.create_database("kept")
    own_cluster.ask("CREATE TABLE t AS SELECT 42 AS answer;", database="kept", role=OWNER)
    os.kill(server_pid(own_cluster), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while own_cluster.running() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (own_cluster.placement.data / "postmaster.pid").exists()
    own_cluster.stop()
    with ensure_cluster(own_cluster.state) as again:
        assert again.ask("SELECT answer FROM t;", database="kept", role=OWNER) == ["42"]


def test_process_number_taken_by_a_stranger_does_not_block_the_start(own_cluster: Cluster) -> None:
    own_cluster.stop()
    file = own_cluster.placement.data / "postmaster.pid"
    file.write_text(f"{os.getppid()}\n{own_cluster.placement.data}\n")
    own_cluster.start()
    assert server_pid(own_cluster) != os.getppid()


def test_interrupted_making_of_the_cluster_is_begun_again(tmp_path: Path) -> None:
    found = ensure_cluster(tmp_path / "state", durable=False)
    half = found.placement.folder / "data.partial"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    (found.placement.folder / "password").write_text("half\n")
    (found.placement.data / "base").mkdir(parents=True)
    with found:
        assert found.ask("SELECT 1;") == ["1"]
    found.destroy()


def test_interrupted_removal_leaves_nothing_that_counts(own_cluster: Cluster) -> None:
    own_cluster.stop()
    own_cluster.placement.data.rename(own_cluster.placement.folder / "data.removed")
    (own_cluster.placement.folder / "data.removed" / "global" / "pg_control").unlink()
    own_cluster.start()
    assert own_cluster.databases() == ["postgres"]


def test_interrupt_while_the_server_starts_leaves_no_server(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from fingerpost.localstack.postgres import ensure_cluster\n"
        "print('go', flush=True)\n"
        "with ensure_cluster(Path(sys.argv[1]), durable=False): print('up', flush=True); sys.stdin.read()"
    )
    folders = set()
    for wait in (0.02, 0.3, 0.9):
        with subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "state")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(wait)
            child.send_signal(signal.SIGINT)
            child.wait(timeout=30)
        found = ensure_cluster(tmp_path / "state", durable=False)
        assert not found.running()
        assert not (found.placement.data / "postmaster.pid").exists()
        folders.add(found.placement.folder)
    assert len(folders) == 1
    found.destroy()
    assert not found.placement.folder.exists()


def test_copied_state_folder_gets_a_cluster_of_its_own(own_cluster: Cluster, tmp_path: Path) -> None:
    own_cluster.stop()
    shutil.copytree(own_cluster.state, tmp_path / "copy")
    other = ensure_cluster(tmp_path / "copy")
    assert other.placement.folder != own_cluster.placement.folder
    other.destroy()


def test_destroy_leaves_no_file_outside_the_state_folder(tmp_path: Path) -> None:
    found = ensure_cluster(tmp_path / "state", durable=False)
    found.start()
    found.destroy()
    assert not found.running()
    assert not found.placement.folder.exists()


def test_socket_path_is_measured_in_bytes() -> None:
    room = SOCKET_BYTES - len(f"/socket/{SOCKET_NAME}") - 1
    assert socket_fits(Path("/" + "x" * room))
    assert not socket_fits(Path("/" + "x" * (room + 1)))
    assert not socket_fits(Path("/" + "é" * (room // 2 + 1)))


def test_path_too_long_for_a_socket_is_placed_elsewhere(tmp_path: Path) -> None:
    found = ensure_cluster(tmp_path / ("x" * 100) / "state", durable=False)
    assert found.placement.private
    assert socket_fits(found.placement.folder)
    found.destroy()


def test_role_that_does_not_exist_is_named(cluster: Cluster) -> None:
    with pytest.raises(LocalFailure, match="no database role 'postgres'"):
        cluster.url("postgres", "example")


def test_programs_of_the_machine_are_named_or_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(LocalFailure, match="no PostgreSQL server"):
        programs_in(tmp_path)
    program = tmp_path / "postgres"
    program.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.18 (Debian)'\n")
    program.chmod(0o755)
    found = programs_in(tmp_path)
    assert (found.version, found.programs) == ("15.18", tmp_path)
