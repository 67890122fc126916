from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import pytest
from tests.factories.extracts import scheme_history, write_extract

from fingerpost.cli import indicator
from fingerpost.kernel.errors import FingerpostError, InvalidValue, NotFound, SourceFault

DATA_TO = date(2026, 7, 31)


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("extract") / "out"
    write_extract(folder, scheme_history(), data_to=DATA_TO)
    return folder


def _run(*words: str | Path) -> None:
    parser = argparse.ArgumentParser()
    indicator.register(parser.add_subparsers())
    chosen = parser.parse_args(["indicator", *map(str, words)])
    chosen.call(chosen)


def test_indicator_of_an_extract_prints_the_months(extract: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run("reached_first_contact", "--extract", extract)

    text = capsys.readouterr().out
    assert "As known on 2026-07-31." in text
    assert "2026-01           40" in text
    assert "still maturing: complete from 2026-08-25" in text


def test_indicator_as_of_an_earlier_day_counts_what_was_known_then(
    extract: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run("reached_first_contact", "--extract", extract, "--as-of", "2026-02-28", "--format", "csv")

    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[:2] for line in lines[1:]] == [
        ["2026-01-01", "maturing"],
        ["2026-02-01", "maturing"],
    ]


def test_indicator_to_a_file_writes_once(extract: Path, tmp_path: Path) -> None:
    words = (
        "reached_first_contact",
        "--extract",
        extract,
        "--format",
        "json",
        "--output",
        tmp_path / "a.json",
    )
    _run(*words)
    before = (tmp_path / "a.json").read_bytes()

    with pytest.raises(InvalidValue, match="cannot be written"):
        _run(*words)
    assert before.startswith(b"{") and (tmp_path / "a.json").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "error", "says"),
    [
        (("no_such", "--extract", "EXTRACT"), NotFound, "reached_first_contact"),
        (("reached_first_contact", "--extract", "nowhere"), SourceFault, "fingerpost extract"),
        (
            ("reached_first_contact", "--extract", "EXTRACT", "--as-of", "2026-08-01"),
            InvalidValue,
            "2026-07-31",
        ),
    ],
)
def test_indicator_with_wrong_words_says_what_was_expected(
    extract: Path, words: tuple[str, ...], error: type[FingerpostError], says: str
) -> None:
    with pytest.raises(error, match=says):
        _run(*(str(extract) if word == "EXTRACT" else word for word in words))
