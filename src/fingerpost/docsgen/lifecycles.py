"""Every lifecycle as a diagram, found in the `lifecycle` module of each domain app."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import ModuleType

from django.apps import apps

from fingerpost.docsgen.markdown import page, table


@dataclass(frozen=True)
class Lifecycle:
    """Which status may follow which, whose move it is, and where it may begin."""

    app: str
    name: str
    transitions: Mapping[Enum, Collection[Enum]]
    owners: Mapping[Enum, str]
    start: Collection[Enum]


def render() -> str:
    """The page."""
    intro = (
        "Which status may follow which. A change that no arrow allows is refused. The labels are what people read; "
        "the codes are what is stored."
    )
    return page("Lifecycles", intro, *(_section(one) for one in lifecycles()))


def lifecycles() -> Iterator[Lifecycle]:
    """Every lifecycle of our apps, by app and name."""
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        if config.name.startswith("fingerpost.web."):
            try:
                module = importlib.import_module(f"{config.name}.lifecycle")
            except ModuleNotFoundError:
                continue
            yield from lifecycles_in(module, app=config.label)


def lifecycles_in(module: ModuleType, *, app: str) -> Iterator[Lifecycle]:
    """The lifecycles among the public names of one module: mappings from a status to statuses of its own kind."""
    for name, value in sorted(vars(module).items()):
        if not name.startswith("_") and _is_lifecycle(value):
            stem = name.removesuffix("TRANSITIONS").removesuffix("_")
            prefix = f"{stem}_" if stem else ""
            owners = getattr(module, f"{prefix}OWNERS", {})
            start = getattr(module, f"{prefix}START", ())
            yield Lifecycle(app, type(next(iter(value))).__name__, value, owners, start)


def _is_lifecycle(value: object) -> bool:
    if not isinstance(value, Mapping) or not value:
        return False
    kinds = {type(key) for key in value}
    followers = [one for many in value.values() if isinstance(many, Collection) for one in many]
    return (
        len(kinds) == 1
        and issubclass(next(iter(kinds)), Enum)
        and all(isinstance(many, frozenset | set) for many in value.values())
        and all(type(one) in kinds for one in followers)
    )


def diagram(lifecycle: Lifecycle) -> str:
    """A Mermaid state diagram."""
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f"    [*] --> {start.value}" for start in _in_order(lifecycle, lifecycle.start)]
    for status, followers in lifecycle.transitions.items():
        lines += [f"    {status.value} --> {to.value}" for to in _in_order(lifecycle, followers)]
        if not followers:
            lines.append(f"    {status.value} --> [*]")
    return "\n".join([*lines, "```"])


def _in_order(lifecycle: Lifecycle, some: Collection[Enum]) -> list[Enum]:
    """Sets have no order of their own; the page must have one."""
    return [status for status in type(next(iter(lifecycle.transitions))) if status in some]


def _section(lifecycle: Lifecycle) -> str:
    rows = [
        (f"`{status.value}`", getattr(status, "label", ""), lifecycle.owners.get(status, ""))
        for status in lifecycle.transitions
    ]
    title = f"## {lifecycle.app}: {lifecycle.name}"
    return "\n\n".join([title, diagram(lifecycle), table(("Status", "What people read", "Whose move"), rows)])
