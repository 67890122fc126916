"""What import contracts cannot see: foreign keys, paired fields, managers, signals."""

from __future__ import annotations

import ast
import configparser
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

import fingerpost

SOURCE = Path(fingerpost.__file__).parent
ROOT = SOURCE.parents[1]
WEB = SOURCE / "web"
DOMAIN = {
    "tenancy",
    "geography",
    "messaging",
    "people",
    "directory",
    "gaps",
    "pathway",
    "referrals",
    "casework",
    "measures",
    "connections",
    "feedback",
}
OURS = [
    m
    for m in apps.get_models()
    if m.__module__.startswith("fingerpost.web.") and not hasattr(m, "pgh_tracked_model")
]


def _layers() -> dict[str, int]:
    """The number of each web layer, 0 at the top, as the import contract lists them."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    lines = config["importlinter:contract:web"]["layers"].split("\n")
    found = {}
    for number, line in enumerate(filter(None, map(str.strip, lines))):
        for name in line.split("|"):
            found[name.strip()] = number
    return found


def test_every_domain_app_is_a_listed_container() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    listed = {
        c.strip().rpartition(".")[2]
        for c in config["importlinter:contract:domain-apps"]["containers"].split("\n")
        if c.strip()
    }
    with_models = {m._meta.app_label for m in OURS} - {"foundation", "audit"}
    assert listed == DOMAIN
    assert with_models <= DOMAIN


def test_every_domain_app_has_a_protected_door() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    protected = {
        line.strip().split(".")[2]
        for section in config.sections()
        if config[section].get("type") == "protected"
        for line in config[section]["protected_modules"].split("\n")
        if line.strip()
    }
    assert protected == DOMAIN


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_foreign_keys_point_down_the_layers(model: type[models.Model]) -> None:
    layers = _layers()
    here = layers[model._meta.app_label]
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey):
            target = field.related_model._meta.app_label
            assert target == model._meta.app_label or layers.get(target, 99) > here, f"{field} points up"


def _fields_of(condition: models.Q) -> set[str]:
    found: set[str] = set()
    for child in condition.children:
        found |= _fields_of(child) if isinstance(child, models.Q) else {child[0].split("__")[0]}
    return found


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_paired_fields_are_held_together_by_a_constraint(model: type[models.Model]) -> None:
    """When and who belong together: both set or neither, said by one constraint over the two columns."""
    names = {f.name for f in model._meta.get_fields()}
    held = [_fields_of(c.condition) for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
    for name in names:
        partner = f"{name.removesuffix('_at')}_by"
        if name.endswith("_at") and partner in names:
            required = not model._meta.get_field(name).null and not model._meta.get_field(partner).null
            assert required or any({name, partner} <= fields for fields in held), (
                f"{model._meta.label}.{name}"
            )


def _python(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*.py") if "migrations" not in p.parts]


def test_signals_cross_no_app() -> None:
    """Only the ground floor listens to the framework, and nobody sends or receives between apps."""
    allowed = {WEB / "foundation" / "apps.py"}
    found = [
        p
        for p in _python(WEB)
        if p not in allowed
        and ("django.db.models.signals" in p.read_text() or "django.dispatch" in p.read_text())
    ]
    assert found == []


def test_objects_are_queried_only_in_models_selectors_and_actions() -> None:
    # `delivery` is the action of the outbox: the attempt itself. `cache` is how the framework writes its own table.
    rooms = ("models", "selectors", "actions", "delivery", "links", "submissions", "base", "cache")
    faults = []
    for path in _python(WEB):
        if any(part.removesuffix(".py").startswith(rooms) for part in path.relative_to(WEB).parts[1:]):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in (
                "objects",
                "_base_manager",
                "_default_manager",
            ):
                faults.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert faults == []


def test_surfaces_and_apps_enter_other_apps_by_their_door_only() -> None:
    faults = []
    for path in _python(WEB):
        home = path.relative_to(WEB).parts[0]
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("fingerpost.web."):
                faults += _tunnels(path, home, node)
    assert faults == []


def _tunnels(path: Path, home: str, node: ast.ImportFrom) -> list[str]:
    parts = (node.module or "").split(".")[2:]
    app, rest = parts[0], parts[1:]
    if app == home or app not in DOMAIN:
        return []
    names = [alias.name for alias in node.names]
    middleware = rest == ["middleware"]
    if rest == ["api"] or middleware or (not rest and names == ["api"]):
        return []
    return [f"{path.relative_to(SOURCE)}:{node.lineno} imports {node.module} ({', '.join(names)})"]


def test_the_clock_is_read_only_in_the_kernel() -> None:
    faults = []
    for path in _python(SOURCE):
        if path.is_relative_to(SOURCE / "kernel") or path.is_relative_to(SOURCE / "localstack"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("now", "today", "utcnow")
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in ("datetime", "date", "timezone")
            ):
                faults.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert faults == []


WRITES = {"save", "update", "create", "bulk_create", "bulk_update", "delete", "record"}


def _writes(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
        for node in ast.walk(function)
    )


def _let_out(app: Path) -> dict[str, set[str]]:
    """Names that an app's door lets out, by the module of actions they come from."""
    found: dict[str, set[str]] = {}
    for node in ast.parse((app / "api.py").read_text()).body:
        if isinstance(node, ast.ImportFrom) and ".actions" in (node.module or ""):
            found.setdefault(str(node.module), set()).update(a.name for a in node.names)
    return found


@pytest.mark.parametrize("app", sorted(DOMAIN))
def test_actions_let_out_are_keyword_only_and_say_who_acts(app: str) -> None:
    faults = []
    for module, names in _let_out(WEB / app).items():
        path = SOURCE.joinpath(*module.split(".")[1:])
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.FunctionDef) or node.name not in names or not _writes(node):
                continue
            if node.args.args or "by" not in {a.arg for a in node.args.kwonlyargs}:
                faults.append(f"{path.relative_to(SOURCE)}: {node.name}")
    assert faults == []


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_what_is_about_a_person_keeps_its_history_or_never_changes(model: type[models.Model]) -> None:
    is_tracked = any(hasattr(r.related_model, "pgh_tracked_model") for r in model._meta.related_objects)
    may_change = bool({"UPDATE", "DELETE"} & set(model.wall.grants))  # type: ignore[attr-defined]
    assert is_tracked or not model.data.about_a_person or not may_change  # type: ignore[attr-defined]


def test_case_is_marked_as_a_mistake_only_with_what_stands_on_it() -> None:
    """`casework` knows nothing of connections and letters: only `feedback` may call its part."""
    callers = {
        str(path.relative_to(WEB))
        for path in WEB.rglob("*.py")
        if "casework.mark_case_entered_in_error(" in path.read_text()
    }
    assert callers == {"feedback/actions.py"}
