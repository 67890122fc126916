"""Words that may reach a reader, kept so that they can still be translated.

The kernel has no gettext of its own. It marks its sentences with `N_` (Babel collects that keyword) and keeps
a sentence and its values apart in a `Phrase`, so that a surface can translate the one and then fill it in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

__all__ = ["N_", "Phrase", "in_words"]


def N_(text: str) -> str:  # noqa: N802 - the name that message collectors know
    """Mark a plain sentence for translation and give it back unchanged."""
    return text


class Phrase(str):
    """A finished English sentence that remembers its template and values.

    >>> Phrase("It has {count} digits.", count=9)
    'It has 9 digits.'
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, object]

    def __new__(cls, template: str, **values: object) -> Self:
        phrase = super().__new__(cls, template.format(**values))
        phrase.template = template
        phrase.values = values
        return phrase

    def __reduce__(self) -> tuple[Callable[..., Phrase], tuple[str, dict[str, object]]]:
        return _rebuild, (self.template, self.values)


def _rebuild(template: str, values: dict[str, object]) -> Phrase:
    return Phrase(template, **values)


def in_words(text: object, translate: Callable[[str], str] = str) -> str:
    """The text as a reader should see it; `translate` is a gettext function. Lazy strings pass through."""
    if isinstance(text, Phrase):
        return translate(text.template).format(**text.values)
    if type(text) is str and text:
        return translate(text)
    return str(text)
