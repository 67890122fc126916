"""The program as a person runs it: words in, words and an exit code out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fingerpost.cli.main import main, verb_modules
from fingerpost.localstack.environ import child_environment


def run(*words: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fingerpost.cli", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env=child_environment(environ),
        timeout=60,
    )


def test_help_lists_every_verb_with_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    listed = capsys.readouterr().out.splitlines()
    for name in verb_modules():
        line = next(line for line in listed if line.strip().startswith(name.replace("_", "-")))
        assert len(line.split()) > 1 or listed[listed.index(line) + 1].startswith("   ")


@pytest.mark.parametrize("words", [[], ["no-such-verb"], ["migrate", "--chek"]])
def test_wrong_words_end_with_code_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


def test_missing_settings_are_named_with_an_example_and_end_with_code_4(tmp_path: Path) -> None:
    done = run("serve", folder=tmp_path)
    assert done.returncode == 4
    assert "DATABASE_URL is not set" in done.stderr
    assert "for example: DATABASE_URL=postgresql://" in done.stderr
    assert "Traceback" not in done.stderr


def test_migrating_without_the_owner_is_refused_with_what_to_set(tmp_path: Path) -> None:
    done = run(
        "migrate",
        folder=tmp_path,
        DATABASE_URL="postgresql://fingerpost_app@localhost/fingerpost",
        DJANGO_SETTINGS_MODULE="fingerpost.web.config.settings.local",
    )
    assert done.returncode == 4
    assert "FINGERPOST_OWNER_DATABASE_URL is not set" in done.stderr
    assert "Traceback" not in done.stderr


def test_verbs_do_not_load_django_until_they_run() -> None:
    code = "import sys; from fingerpost.cli import main; main.build_parser(); print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
