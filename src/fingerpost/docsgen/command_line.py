"""The command line, from its parser. Not argparse's own help: that is as wide as the terminal it is printed on."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from fingerpost.docsgen.markdown import page, table


def render(parser: argparse.ArgumentParser) -> str:
    """The page. The parser is handed in, because the command line lies above this package."""
    return page("The command line", parser.description or "", parser.epilog or "", *_verbs(parser))


def _verbs(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Each verb that does something, groups entered."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for verb in action.choices.values():
                if not any(isinstance(one, argparse._SubParsersAction) for one in verb._actions):
                    yield _verb(verb)
                yield from _verbs(verb)


def _verb(verb: argparse.ArgumentParser) -> str:
    rows = [
        (_name(action), "yes" if action.required else "", action.help or "")
        for action in verb._actions
        if not isinstance(action, argparse._HelpAction) and action.help != argparse.SUPPRESS
    ]
    parts = [f"## `{verb.prog}`", (verb.description or "").rstrip(".") + "."]
    if rows:
        parts.append(table(("Word", "Needed", "What it is"), rows))
    return "\n\n".join(parts)


def _name(action: argparse.Action) -> str:
    what = action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest)
    if not action.option_strings:
        return f"`{what}`"
    takes = (
        ""
        if action.nargs == 0
        else f" {what}"
        if action.metavar or action.choices
        else f" {action.dest.upper()}"
    )
    return f"`{', '.join(action.option_strings)}{takes}`"
