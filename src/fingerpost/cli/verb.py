"""What a verb is made of, and how it gets Django when it needs it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
else:
    Verbs = object

Call: TypeAlias = Callable[[argparse.Namespace], int | None]


def add_verb(verbs: Verbs, name: str, help_text: str, call: Call) -> argparse.ArgumentParser:
    """Add a verb that calls one function with the parsed words; the caller adds its arguments."""
    parser = verbs.add_parser(name, help=help_text, description=help_text, allow_abbrev=False)
    parser.set_defaults(call=call)
    return parser


def add_group(verbs: Verbs, name: str, help_text: str) -> Verbs:
    """Add a word that groups verbs, as `directory` before `import`; hand the result to `add_verb`."""
    parser = verbs.add_parser(name, help=help_text, description=help_text, allow_abbrev=False)
    group: Verbs = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    return group


def set_up_django() -> None:
    """Load settings and apps: `DJANGO_SETTINGS_MODULE`, else production. For use inside a verb only."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fingerpost.web.config.settings.production")
    django.setup()
