"""Small pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def page(title: str, *parts: str) -> str:
    """A whole page: its title, the remark that it is generated, and its parts, a blank line between each."""
    head = [
        f"# {title}",
        "<!-- Written by `fingerpost docs` from the code. Change the code, not this page. -->",
    ]
    return "\n\n".join([*head, *(part.strip("\n") for part in parts if part.strip())]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; bars and line breaks in cells are made harmless."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    return "\n".join(lines)


def code(text: object) -> str:
    """Text as code; empty stays empty."""
    return f"`{text}`" if str(text) else ""


def _cell(value: object) -> str:
    return " ".join(str(value).replace("|", "\\|").split()) or "-"
