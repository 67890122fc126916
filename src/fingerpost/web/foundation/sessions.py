"""Sessions whose table holds no key and no words: who reads it, or a backup, is signed in by nothing and told nothing.

The cookie carries the key; the row is found by its digest. What is in it (a sentence to say once, which names somebody;
words that were searched for; a form that waits for a second proof) is encrypted. Only the synchronous half is kept, as
the server is WSGI.
"""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.fernet import InvalidToken
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession

from fingerpost.web.foundation.secrets import cipher

_PURPOSE = "session"
_LENGTH = 40  # of the column; 160 bits


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> AbstractBaseSession | None:
        key = self.session_key
        if key is None:
            return None
        self._session_key = digest(key)
        found: AbstractBaseSession | None = super()._get_session_from_db()  # type: ignore[misc]
        if found is not None:  # otherwise the key has been dropped: no such session
            self._session_key = key
        return found

    def encode(self, session_dict: dict[str, Any]) -> str:
        return cipher(_PURPOSE).encrypt(self.serializer().dumps(session_dict)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Nothing when the key has changed meanwhile: whoever it was signs in again."""
        try:
            found: dict[str, Any] = self.serializer().loads(cipher(_PURPOSE).decrypt(session_data))
        except (InvalidToken, ValueError):
            return {}
        return found

    def exists(self, session_key: str) -> bool:
        return super().exists(digest(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = digest(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            super().delete(digest(key))


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:_LENGTH]
