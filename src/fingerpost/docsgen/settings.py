"""Every setting of the environment, read from the source of the settings modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fingerpost.docsgen.markdown import code, page, table

MODULES = ("base", "local", "production")


@dataclass(frozen=True)
class Setting:
    """One `env.read(...)`: its name, what it should look like, an example, and what stands when it is left out."""

    name: str
    shape: str
    example: str
    default: object
    module: str

    @property
    def is_needed(self) -> bool:
        return self.default is None


def render() -> str:
    """The page. A module that reads a name again replaces what `base` says of it."""
    found = {module: {one.name: one for one in settings_in(_source(module), module)} for module in MODULES}
    production = found["base"] | found["production"]
    intro = (
        "Read from the environment. A missing or malformed one is told by name when a process starts, all at once. "
        "Start with `DJANGO_SETTINGS_MODULE=fingerpost.web.config.settings.production` (what commands use when nothing "
        "is said)."
    )
    return page(
        "Settings",
        intro,
        "## Production\n\n" + _table(production),
        "## The demo and a developer's machine\n\nAs above, but `run.py` sets what is needed, and:\n\n"
        + _table(found["local"]),
    )


def settings_in(source: str, module: str) -> Iterator[Setting]:
    """Every `env.read(...)` of one module, in order. Names that a loop goes over are followed."""
    yield from _settings(ast.parse(source), {}, module)


def _source(module: str) -> str:
    spec = find_spec(f"fingerpost.web.config.settings.{module}")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).read_text(encoding="utf-8")


def _settings(node: ast.AST, known: Mapping[str, Any], module: str) -> Iterator[Setting]:
    if isinstance(node, ast.For):
        for value in ast.literal_eval(node.iter):
            for statement in node.body:
                yield from _settings(statement, {**known, **_bound(node.target, value)}, module)
        return
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "env.read":
        given = {word.arg: _value(word.value, known) for word in node.keywords}
        yield Setting(
            str(_value(node.args[0], known)), given["shape"], given["example"], given.get("default"), module
        )
    for child in ast.iter_child_nodes(node):
        yield from _settings(child, known, module)


def _bound(target: ast.expr, value: Any) -> dict[str, Any]:
    names = [one.id for one in ast.walk(target) if isinstance(one, ast.Name)]
    return dict(zip(names, value if len(names) > 1 else [value], strict=True))


def _value(node: ast.expr, known: Mapping[str, Any]) -> Any:
    return known[node.id] if isinstance(node, ast.Name) else ast.literal_eval(node)


def _table(settings: Mapping[str, Setting]) -> str:
    rows = [
        (code(one.name), one.shape, code(f"{one.name}={one.example}"), _left_out(one))
        for one in settings.values()
    ]
    return table(("Setting", "What it should be", "Example", "When left out"), rows)


def _left_out(setting: Setting) -> str:
    if setting.name in ("FINGERPOST_OWNER_DATABASE_URL", "FINGERPOST_MAINTENANCE_DATABASE_URL"):
        return "that role is not reachable: set it only for the command that needs it"
    if setting.is_needed:
        return "needed"
    if isinstance(setting.default, bool):
        return code(str(setting.default).lower())
    return code(setting.default) if setting.default else "nothing"
