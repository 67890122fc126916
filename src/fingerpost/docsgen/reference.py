"""All reference pages: rendered, written, and compared with what is in the tree."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from django.utils import translation

from fingerpost.docsgen import access, command_line, lifecycles, open_referral, settings, trust, vocabulary
from fingerpost.docsgen.markdown import page
from fingerpost.interchange.dictionary import render_data_dictionary
from fingerpost.interchange.indicators.catalogue import render_indicator_catalogue

PAGES: Mapping[str, tuple[str, Callable[[], str]]] = {
    "data-dictionary.md": ("The data dictionary of the extract", render_data_dictionary),
    "indicators.md": ("The indicators", render_indicator_catalogue),
    "instruments.md": ("The outcome measures", vocabulary.render_instruments),
    "lifecycles.md": ("The lifecycles", lifecycles.render),
    "open-referral.md": ("The published directory", open_referral.render),
    "pathway.md": ("The pathway vocabulary", vocabulary.render_pathway),
    "permissions.md": ("Who may do what", access.render_permissions),
    "personal-data.md": ("What each table holds about people", access.render_personal_data),
    "settings.md": ("The settings", settings.render),
    "trust.md": ("How trust in a listing is computed", trust.render_trust),
}
COMMAND_LINE = "command-line.md"


def render_all(parser: argparse.ArgumentParser) -> dict[str, str]:
    """Every page by file name, in English whatever the reader's language. Needs Django to be set up."""
    with translation.override("en-gb"):
        pages = {name: _tidy(render()) for name, (_title, render) in PAGES.items()}
    return {"README.md": _index(), COMMAND_LINE: _tidy(command_line.render(parser)), **pages}


def write(folder: Path, wanted: Mapping[str, str]) -> list[Path]:
    """Write the pages that differ, take away what is no page any more; returns what changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = differing(folder, wanted)
    for name in changed:
        if name in wanted:
            (folder / name).write_text(wanted[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    return [folder / name for name in changed]


def differing(folder: Path, wanted: Mapping[str, str]) -> list[str]:
    """Names of pages that are missing, differ, or stand there without being wanted."""
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return sorted(name for name in {*there, *wanted} if there.get(name) != wanted.get(name))


def _index() -> str:
    titles = {COMMAND_LINE: "The command line"} | {name: title for name, (title, _render) in PAGES.items()}
    links = "\n".join(f"- [{title}]({name})" for name, title in titles.items())
    return page("Reference", "Every page here is written from the code by `fingerpost docs`.", links)


def _tidy(text: str) -> str:
    """No trailing spaces and one line break at the end, so that editors and tools leave the files alone."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n") + "\n"
