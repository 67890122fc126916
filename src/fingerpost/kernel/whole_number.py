"""Whole numbers as an address or a hidden field carries them: anybody may have written what stands there."""

from __future__ import annotations


def whole_number(text: str, *, most: int, otherwise: int) -> int:
    """The number, and `most` for any above it, however many digits it has; `otherwise` for what is no number."""
    if not (text.isascii() and text.isdigit()):
        return otherwise
    digits = text.lstrip("0") or "0"
    return min(int(digits), most) if len(digits) <= len(str(most)) else most
