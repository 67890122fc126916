from __future__ import annotations

import pickle
import stat
from pathlib import Path

import pytest

from fingerpost.interchange.errors import UnsafeKeyError
from fingerpost.interchange.keys import ProjectKey, key_from_environment, make_key, parse_key, read_key


def test_make_key_writes_a_file_only_its_owner_may_read(tmp_path: Path) -> None:
    path = tmp_path / "project.key"
    made = make_key(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path).reveal() == made.reveal()


def test_make_key_twice_makes_two_keys(tmp_path: Path) -> None:
    assert make_key(tmp_path / "a").reveal() != make_key(tmp_path / "b").reveal()


def test_make_key_over_an_existing_file_is_refused_and_leaves_it(tmp_path: Path) -> None:
    path = tmp_path / "project.key"
    make_key(path)
    before = path.read_bytes()

    with pytest.raises(UnsafeKeyError, match="exists already"):
        make_key(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o644, 0o666])
def test_read_key_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "project.key"
    make_key(path)
    path.chmod(mode)

    with pytest.raises(UnsafeKeyError, match="by others"):
        read_key(path)


def test_read_key_of_a_folder_or_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeKeyError):
        read_key(tmp_path)
    with pytest.raises(UnsafeKeyError, match="cannot be read"):
        read_key(tmp_path / "absent")


@pytest.mark.parametrize(
    "text", ["", "hunter2", "fingerpost-key-v1:" + "ab" * 31, "fingerpost-key-v1:" + "00" * 32]
)
def test_parse_key_malformed_or_feeble_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(UnsafeKeyError) as refused:
        parse_key(text, source="the test")
    assert not text or text not in str(refused.value)


def test_key_from_environment_takes_the_file_before_the_text(tmp_path: Path) -> None:
    path = tmp_path / "project.key"
    made = make_key(path)
    other = "fingerpost-key-v1:" + bytes(range(32)).hex()

    environment = {"FINGERPOST_PSEUDONYM_KEY_FILE": str(path), "FINGERPOST_PSEUDONYM_KEY": other}
    assert key_from_environment(environment).reveal() == made.reveal()
    assert key_from_environment({"FINGERPOST_PSEUDONYM_KEY": other}).reveal() == bytes(range(32))
    with pytest.raises(UnsafeKeyError, match="No project key"):
        key_from_environment({})


def test_project_key_does_not_show_or_pickle_itself() -> None:
    key = ProjectKey(bytes(range(32)))

    assert repr(key) == "ProjectKey(secret)"
    with pytest.raises(TypeError):
        pickle.dumps(key)
