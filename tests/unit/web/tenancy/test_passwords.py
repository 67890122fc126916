"""What is asked of a password: length, and that it is not one of the first to be guessed. No composition."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

WORKER = SimpleNamespace(name="Amina Yusuf", email="amina.yusuf@allerwold-link.example")


@pytest.mark.parametrize(
    "password",
    [
        "three grey geese",
        "alllowercaseletters",
        "ÄÖÜäöüßéèê Ωλ",
        "correct horse battery staple",
        "abc river lamp",
        "allerwold-fingerpost",
    ],
)
def test_long_password_is_taken_whatever_it_is_made_of(password: str) -> None:
    validate_password(password, WORKER)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "elevenchars",
        "passwordpassword",
        "password1234",
        "Password2026!",
        "p@ssw0rd2026!",
        "123456789012",
        "210987654321",
        "qwertyuiop12",
        "abcdefghijkl",
        "aaaaaaaaaaaa",
        "abababababab",
        "Fingerpost2026",
        "sunshine!!!!",
        "2026 sunshine",
        "Amina12345678",
        "yusuf-yusuf-1",
    ],
)
def test_password_that_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, WORKER)  # type: ignore[arg-type]
