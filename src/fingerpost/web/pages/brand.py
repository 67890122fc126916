"""The organisation's name, logo and colour: settings, neutral unless an organisation sets its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

DEFAULT_COLOUR = "#1d4f4c"
LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
_LEAST_CONTRAST = 4.5
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_LIGHT, _DARK = "#ffffff", "#212b32"


@dataclass(frozen=True)
class Brand:
    """What the header and footer show. `logo` is the path of an SVG or PNG file, or empty."""

    organisation: str = ""
    product: str = "Fingerpost"
    logo: str = ""
    colour: str = DEFAULT_COLOUR
    footer: str = ""

    @property
    def text_colour(self) -> str:
        """White or near-black, whichever is read more easily on the colour."""
        return max((_LIGHT, _DARK), key=lambda text: contrast(text, self.colour))

    @property
    def is_own_colour(self) -> bool:
        return self.colour.lower() != DEFAULT_COLOUR


def brand() -> Brand:
    """The brand of this installation, from the `FINGERPOST_BRAND` setting."""
    return Brand(**getattr(settings, "FINGERPOST_BRAND", {}))


def faults(chosen: Brand) -> list[str]:
    """Everything wrong with the brand, in words; empty when it can be used."""
    found = []
    if not _HEX.fullmatch(chosen.colour):
        found.append(f"the colour is {chosen.colour!r}; write it as #rrggbb, like {DEFAULT_COLOUR}")
    elif contrast(chosen.text_colour, chosen.colour) < _LEAST_CONTRAST:
        found.append(f"no text can be read on the colour {chosen.colour}; choose a darker or a lighter one")
    if chosen.logo and Path(chosen.logo).suffix.lower() not in LOGO_TYPES:
        found.append(f"the logo {Path(chosen.logo).name!r} is neither an SVG nor a PNG file")
    elif chosen.logo and not Path(chosen.logo).is_file():
        found.append(f"the logo {Path(chosen.logo).name!r} cannot be read; give the full path of the file")
    return found


def stylesheet(chosen: Brand) -> str:
    """CSS that sets the custom properties of the brand."""
    return f":root {{\n  --fp-brand: {chosen.colour};\n  --fp-brand-text: {chosen.text_colour};\n}}\n"


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two #rrggbb colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
