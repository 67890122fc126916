"""A passkey in software: answers what a browser and a security key would, honestly or not."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestedCredentialData, AuthenticatorData

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Passkey:
    """One credential. `verified=False` is a key that asks for a touch and nothing else."""

    origin: str
    domain: str
    verified: bool = True
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    user_handle: str | None = None

    def __post_init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: dict[str, Any]) -> str:
        """The answer to the options of adding a passkey."""
        self.user_handle = options["user"]["id"]
        public = AttestedCredentialData.create(
            Aaguid(b"\0" * 16), self.credential_id, ES256.from_cryptography_key(self.key.public_key())
        )
        data = self._data(ATTESTED, bytes(public))
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": bytes(data)})
        return self._answer(
            {
                "clientDataJSON": websafe_encode(self._said("webauthn.create", options)),
                "attestationObject": websafe_encode(attestation),
            }
        )

    def use(self, options: dict[str, Any]) -> str:
        """The answer to the options of signing in, or of proving it again."""
        data, said = bytes(self._data(0)), self._said("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe_encode(said),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": self.user_handle,
            }
        )

    def _data(self, flags: int, credential: bytes = b"") -> AuthenticatorData:
        flags |= PRESENT | (VERIFIED if self.verified else 0)
        hashed = hashlib.sha256(self.domain.encode()).digest()
        return AuthenticatorData(hashed + bytes([flags]) + (0).to_bytes(4, "big") + credential)

    def _said(self, kind: str, options: dict[str, Any]) -> bytes:
        challenge = websafe_encode(websafe_decode(options["challenge"]))
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, Any]) -> str:
        shown = websafe_encode(self.credential_id)
        whole = {"id": shown, "rawId": shown, "type": "public-key", "clientExtensionResults": {}}
        return json.dumps(whole | {"response": response})
