"""The NHS design system's own macros, called from Python.

They need an environment that forgives missing values; ours does not (a misspelt name in one of our templates
is an error), so the two are kept apart and meet in `design_system`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from django.utils.functional import Promise
from jinja2 import ChainableUndefined, Environment, PackageLoader
from markupsafe import Markup

_MACROS = {"button": "button", "details": "details", "table": "tables"}
# Long lists of choices, most of them drawn the same way on every page: a macro takes half a millisecond for each.
_KEPT = frozenset({"checkboxes", "radios", "select"})


def design_system(component: str, params: dict[str, Any]) -> Markup:
    """HTML of one design-system component ("input", "date-input" ...) with its documented options."""
    plain = _plain(params)
    if component in _KEPT:
        return _kept(_Drawing(component, _frozen(plain), plain))
    return _draw(component, plain)


def _draw(component: str, plain: dict[str, Any]) -> Markup:
    return Markup(_macro(component)(plain).strip())  # noqa: S704 - the macros escape their options


@dataclass(frozen=True)
class _Drawing:
    """What is drawn; two are the same when all their options are."""

    component: str
    key: Hashable
    plain: dict[str, Any] = field(compare=False)


@lru_cache(maxsize=512)
def _kept(drawing: _Drawing) -> Markup:
    return _draw(drawing.component, drawing.plain)


def _frozen(value: Any) -> Hashable:
    """The options as a key. The type counts: text that is HTML already is drawn unescaped, and 1 is not True."""
    if isinstance(value, dict):
        return tuple((key, _frozen(part)) for key, part in value.items())
    if isinstance(value, list):
        return (list, *map(_frozen, value))
    return (type(value), value)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("nhsuk_frontend_jinja"),
        undefined=ChainableUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def _macro(component: str) -> Callable[[dict[str, Any]], str]:
    folder = _MACROS.get(component, component)
    head, *rest = component.split("-")
    name = head + "".join(part.title() for part in rest)
    macro: Callable[[dict[str, Any]], str] = getattr(
        _environment().get_template(f"nhsuk/components/{folder}/macro.jinja").module, name
    )
    return macro


def _plain(value: Any) -> Any:
    """Translated text made now, and absent options left out: the macros take None for a value."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, Promise) else value
