"""Passwords that are long and yet the first that a guesser tries.

Lists of common passwords hold hardly any as long as ours must be. People reach the length by writing a common one
twice, or by putting digits behind it; so that is what is looked for. Nothing is asked of which characters are in it.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_FEWEST_CHARACTERS = 5  # different ones
_LONGEST_PLAIN_RUN = 0.6  # of the password: "abcdefghij12"
_SHORTEST_NAME = 4
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop")
_SWAPS = str.maketrans("@0134$5!7", "aoleassit")
_PRODUCT = "fingerpost"


class PredictablePasswordValidator(CommonPasswordValidator):
    """Refuses a common password that was only made longer, rows of keys, and one's own name with digits."""

    def validate(self, password: str, user: Any = None) -> None:
        plain = password.strip().lower()
        known = self._names(user)
        letters = re.sub(r"[\W\d_]+", "", plain)
        cores = {_core(one) for one in (plain, plain.translate(_SWAPS), letters)}
        if (
            len(set(plain)) < _FEWEST_CHARACTERS
            or _longest_run(plain) >= _LONGEST_PLAIN_RUN * len(plain)
            or any(core in self.passwords or core in known for core in cores if core)
        ):
            raise ValidationError(
                _(
                    "This password is one of the first that somebody would guess."
                    " Take three words that do not belong together."
                ),
                code="password_too_predictable",
            )

    def get_help_text(self) -> str:
        return _("Not a common word that was only made longer.")

    @staticmethod
    def _names(user: Any) -> set[str]:
        told = f"{getattr(user, 'name', '')} {getattr(user, 'email', '')}".lower()
        words = {word for word in re.split(r"[^a-z]+", told) if len(word) >= _SHORTEST_NAME}
        return words | {_PRODUCT}


def _core(password: str) -> str:
    """What is left without the digits and signs around it, and written once if it was written again and again."""
    inner = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password)
    for length in range(1, len(inner) // 2 + 1):
        times, rest = divmod(len(inner), length)
        if not rest and inner == inner[:length] * times:
            return inner[:length]
    return inner


def _longest_run(password: str) -> int:
    """Characters that follow each other in the alphabet, in counting or on a keyboard, either way round."""
    longest = run = 1
    for before, after in pairwise(password):
        run = run + 1 if _follow(before, after) or _follow(after, before) else 1
        longest = max(longest, run)
    return longest


def _follow(first: str, second: str) -> bool:
    if first.isalnum() and ord(second) - ord(first) in (0, 1):
        return True
    return first + second == "90" or any(first + second in row for row in _ROWS)
