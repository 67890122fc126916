"""Encryption of what the database keeps for us but must not be able to read."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def cipher(purpose: str) -> MultiFernet:
    """A cipher for one purpose, from the secret key; earlier keys (`SECRET_KEY_FALLBACKS`) still decrypt."""
    keys = [str(settings.SECRET_KEY), *map(str, settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(_derived(key, purpose)) for key in keys])


def _derived(secret: str, purpose: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"fingerpost.{purpose}".encode())
    return base64.urlsafe_b64encode(kdf.derive(secret.encode()))
