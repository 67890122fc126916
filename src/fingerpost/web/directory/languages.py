"""Languages as people write them and as codes: “Polish”, “polish”, `pl`, `pl-PL` are one. Pure."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import UnknownLocaleError
from django.utils.translation import get_language

# Those most often spoken in England beside English (Census 2021), and British Sign Language; offered in this order.
OFFERED = (
    "pl",
    "ro",
    "pa",
    "ur",
    "pt",
    "es",
    "ar",
    "bn",
    "gu",
    "it",
    "ta",
    "fr",
    "lt",
    "zh",
    "tr",
    "bg",
    "hu",
    "el",
    "so",
    "fa",
    "ru",
    "uk",
    "cy",
    "bfi",
)
_MORE_NAMES = {"bfi": "British Sign Language"}
_ALSO = {"bsl": "bfi", "british sign language": "bfi", "farsi": "fa", "mandarin": "zh", "cantonese": "zh"}


def language_name(language: str) -> str:
    """The name in the reader's language; what was given where it is no code that is known."""
    code = language_code(language)
    return _names(get_language() or "en").get(code) or _MORE_NAMES.get(code) or language


def language_code(language: str) -> str:
    """The code of a language given by code or English name; else what was given, in small letters."""
    said = " ".join(language.lower().split())
    short = said.partition("-")[0]
    if short in _names("en") or short in _MORE_NAMES:
        return short
    return _ALSO.get(said) or _by_name().get(said, said)


def written_as(language: str) -> tuple[str, ...]:
    """What a listing may have written for a language, in small letters."""
    code = language_code(language)
    name = _names("en").get(code) or _MORE_NAMES.get(code, "")
    also = [said for said, meant in _ALSO.items() if meant == code]
    return tuple(dict.fromkeys(part for part in (code, name.lower(), *also) if part))


@cache
def _names(language: str) -> dict[str, str]:
    try:
        found = Locale.parse(language, sep="-").languages
    except (UnknownLocaleError, ValueError):
        found = Locale.parse("en").languages
    return {code: str(name) for code, name in found.items() if "_" not in code}


@cache
def _by_name() -> dict[str, str]:
    return {name.lower(): code for code, name in _names("en").items()}
