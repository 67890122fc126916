from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from fingerpost.localstack.commands import run_logged
from fingerpost.localstack.environ import child_environment
from fingerpost.localstack.failures import LocalFailure, tail
from fingerpost.localstack.places import Places
from fingerpost.localstack.stamps import Stamp, digest
from fingerpost.localstack.steps import StepFailed, Steps


def test_step_that_succeeds_prints_one_line_with_its_time() -> None:
    out = io.StringIO()
    steps = Steps(total=2, out=out)
    with steps.step("First"):
        pass
    with steps.step("Second") as note:
        note.already()
    first, second = out.getvalue().splitlines()
    assert first.startswith("[1/2] First ... done (")
    assert second.startswith("[2/2] Second ... already done (")


def test_step_that_fails_says_which_why_and_what_to_do_with_the_end_of_its_log(tmp_path: Path) -> None:
    program = [sys.executable, "-c", "print('first'); print('the disk is full'); raise SystemExit(3)"]
    steps = Steps(total=1, out=io.StringIO())
    with pytest.raises(StepFailed) as caught, steps.step("Tables"):
        run_logged(program, log=tmp_path / "logs" / "x.log", advice="make room.")
    text = str(caught.value)
    assert "The step 'Tables' failed." in text
    assert "exited with code 3." in text
    assert "What to do: make room." in text
    assert text.rstrip().endswith("| the disk is full")
    assert "Traceback" not in text
    assert caught.value.__suppress_context__


def test_program_that_is_not_there_is_named_without_a_traceback(tmp_path: Path) -> None:
    with pytest.raises(LocalFailure, match="could not start no-such-program-here: No such file"):
        run_logged(["no-such-program-here"], log=tmp_path / "x.log", advice="install it.")


def test_tail_gives_the_last_lines_that_are_not_blank(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"\n".join(b"line %d" % number for number in range(100)) + b"\n\xff\n\n")
    assert tail(log, 2) == ["line 99", "\N{REPLACEMENT CHARACTER}"]
    assert tail(tmp_path / "absent") == []


def test_stamp_matches_only_the_same_contents_paths_and_facts(tmp_path: Path) -> None:
    file, stamp = tmp_path / "a.txt", Stamp(tmp_path / "deep" / "stamp")
    file.write_text("one")
    stamp.write(digest([file], "fact"))
    assert stamp.matches(digest([file], "fact"))
    assert not stamp.matches(digest([file], "other"))
    file.write_text("two")
    assert not stamp.matches(digest([file], "fact"))
    file.unlink()
    assert digest([file], "fact") != digest([], "fact")
    stamp.clear()
    assert not stamp.matches(digest([], "fact"))


def test_children_get_no_variable_that_would_mislead_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONPATH",
        "VIRTUAL_ENV",
        "DATABASE_URL",
        "PGHOST",
        "PGPASSWORD",
    ):
        monkeypatch.setenv(name, "misleading")
    monkeypatch.setenv("KEPT", "yes")
    found = child_environment({"DATABASE_URL": "ours"})
    assert "misleading" not in found.values()
    assert found["KEPT"] == "yes"
    assert found["DATABASE_URL"] == "ours"


def test_index_and_certificate_of_pip_are_used_by_uv_unless_it_has_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.delenv("UV_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "mirror")
    monkeypatch.setenv("PIP_CERT", "bundle")
    monkeypatch.setenv("SSL_CERT_FILE", "own")
    found = child_environment()
    assert (found["UV_DEFAULT_INDEX"], found["SSL_CERT_FILE"]) == ("mirror", "own")
    monkeypatch.setenv("UV_INDEX_URL", "uv's own")
    assert "UV_DEFAULT_INDEX" not in child_environment()


def test_state_folder_is_in_the_checkout_unless_moved(tmp_path: Path) -> None:
    assert Places.of(tmp_path, {}).state == tmp_path / ".fingerpost"
    assert Places.of(tmp_path, {"FINGERPOST_HOME": "  "}).state == tmp_path / ".fingerpost"
    assert (
        Places.of(tmp_path, {"FINGERPOST_HOME": str(tmp_path / "else where")}).state
        == tmp_path / "else where"
    )
    assert Places.of(tmp_path, {"FINGERPOST_HOME": "here"}).state == Path.cwd() / "here"
