from __future__ import annotations

import argparse
from enum import Enum
from pathlib import Path
from types import ModuleType

import pytest
from django.apps import apps

from fingerpost.cli.main import build_parser, main
from fingerpost.docsgen import command_line
from fingerpost.docsgen.lifecycles import diagram, lifecycles, lifecycles_in
from fingerpost.docsgen.markdown import table
from fingerpost.docsgen.reference import differing, render_all, write
from fingerpost.docsgen.settings import settings_in
from fingerpost.web.tenancy.api import Permission, Role


class Light(Enum):
    RED = "red"
    GREEN = "green"
    BROKEN = "broken"


def _module(**names: object) -> ModuleType:
    module = ModuleType("lifecycle")
    vars(module).update(names)
    return module


CHANGES = {
    Light.RED: frozenset({Light.GREEN, Light.BROKEN}),
    Light.GREEN: frozenset({Light.RED}),
    Light.BROKEN: frozenset(),
}


def test_lifecycle_with_its_owners_and_start_is_found_and_drawn_in_order() -> None:
    module = _module(
        TRANSITIONS=CHANGES,
        OWNERS={Light.RED: "town"},
        START=(Light.RED,),
        NOT_ONE={Light.RED: "x"},
        ENDS=frozenset(CHANGES),
    )
    (found,) = lifecycles_in(module, app="street")

    assert (found.name, found.owners[Light.RED]) == ("Light", "town")
    assert diagram(found).splitlines() == [
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> red",
        "    red --> green",
        "    red --> broken",
        "    green --> red",
        "    broken --> [*]",
        "```",
    ]


def test_lifecycle_modules_of_all_apps_are_on_the_page() -> None:
    shown = {one.app for one in lifecycles()}
    for config in apps.get_app_configs():
        path = Path(config.path) / "lifecycle.py"
        # The ground floor holds the reader of lifecycles, not one of its own.
        if path.exists() and config.label != "foundation":
            assert config.label in shown


def test_settings_are_read_from_calls_and_loops() -> None:
    source = """
A = env.read("ONE", text, shape="a name", example="x")
for _alias, _name in (("a", "TWO"), ("b", "THREE")):
    if env.source.get(_name):
        D[_alias] = env.read(_name, text, shape="an address", example="y", default="")
"""
    found = list(settings_in(source, "base"))

    assert [(one.name, one.shape, one.is_needed) for one in found] == [
        ("ONE", "a name", True),
        ("TWO", "an address", False),
        ("THREE", "an address", False),
    ]


def test_command_line_page_enters_groups_and_says_what_is_needed() -> None:
    parser = argparse.ArgumentParser(prog="tool", description="A tool.")
    verbs = parser.add_subparsers()
    inner = verbs.add_parser("data").add_subparsers().add_parser("load", description="Load it")
    inner.add_argument("path", help="a file | folder")
    inner.add_argument("--as", choices=("csv", "json"), required=True)

    text = command_line.render(parser)

    assert "## `tool data load`\n\nLoad it." in text
    assert "| `path` | yes | a file \\| folder |" in text
    assert "| `--as csv\\|json` | yes | - |" in text
    assert "## `tool data`\n" not in text


def test_table_cells_cannot_break_their_table() -> None:
    assert table(("a",), [("x | y\nz",), ("",)]).splitlines()[2:] == ["| x \\| y z |", "| - |"]


def test_every_role_permission_model_and_verb_is_on_a_page() -> None:
    pages = render_all(build_parser())

    assert all(f"`{one}`" in pages["permissions.md"] for one in Permission)
    assert all(str(role.label) in pages["permissions.md"] for role in Role)
    assert "`people.Person`" in pages["personal-data.md"]
    assert "## `fingerpost extract`" in pages["command-line.md"]
    assert "`DATABASE_URL`" in pages["settings.md"]


def test_pages_are_the_same_whatever_language_is_active() -> None:
    from django.utils import translation

    with translation.override("cy"):
        welsh = render_all(build_parser())
    assert welsh == render_all(build_parser())


def test_page_that_is_missing_edited_or_left_over_is_named(tmp_path: Path) -> None:
    wanted = {"a.md": "A\n", "b.md": "B\n"}
    assert {path.name for path in write(tmp_path, wanted)} == {"a.md", "b.md"}
    assert differing(tmp_path, wanted) == []

    (tmp_path / "a.md").write_text("edited")
    (tmp_path / "old.md").write_text("of a page that is gone")
    assert differing(tmp_path, wanted) == ["a.md", "old.md"]
    assert [path.name for path in write(tmp_path, wanted)] == ["a.md", "old.md"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "b.md"]


def test_check_fails_naming_the_pages_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "reference"
    assert main(["docs", "--folder", str(folder)]) == 0
    assert main(["docs", "--check", "--folder", str(folder)]) == 0

    (folder / "pathway.md").write_text("something else")
    assert main(["docs", "--check", "--folder", str(folder)]) == 5
    assert "pathway.md" in capsys.readouterr().err
    assert (folder / "pathway.md").read_text() == "something else"
