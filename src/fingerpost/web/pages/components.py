"""The NHS design system's own macros, called from Python.

They need an environment that forgives missing values; ours does not (a misspelt name in one of our templates
is an error), so the two are kept apart and meet in `design_system`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.utils.functional import Promise
from jinja2 import ChainableUndefined, Environment, PackageLoader
from markupsafe import Markup

_MACROS = {"button": "button", "details": "details", "table": "tables"}


def design_system(component: str, params: dict[str, Any]) -> Markup:
    """HTML of one design-system component ("input", "date-input" ...) with its documented options."""
    return Markup(_macro(component)(_plain(params)).strip())  # noqa: S704 - the macros escape their options


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
