"""A sign-in provider on loopback that nobody here wrote, and ways in which one could lie.

`oidc-provider-mock` answers, signs and uses up its codes. It knows no PKCE (RFC 7636), which is added in front of it,
as is a second key with which tokens are signed anew once `alter` changes them.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import oidc_provider_mock
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app

Claims = dict[str, Any]
CLIENT, SECRET = "fingerpost", "a-secret-of-the-tests-and-of-nothing-else"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """A WSGI application. What is set on it changes what it says from then on."""

    behind: Any = field(default_factory=oidc_provider_mock.app)
    key: rsa.RSAPrivateKey = field(default_factory=new_key)
    kid: str = "second"
    publishes_key: bool = True
    alter: Callable[[Claims], str] | None = (
        None  # from the claims of the true token, the one that is given out
    )
    says_of_itself: Claims = field(default_factory=dict)
    address: str = ""
    asked: list[str] = field(default_factory=list)
    challenges: dict[str, str] = field(default_factory=dict)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        form = self._form(environ) if path == "/oauth2/token" else {}
        if form and self.challenges.get(form.get("code", "")) != _challenge(form.get("code_verifier", "")):
            start_response("400 Bad Request", [("Content-Type", "application/json")])
            return [b'{"error": "invalid_grant"}']
        body, status, headers = run_wsgi_app(self.behind, environ, buffered=True)
        content = b"".join(body)
        if path == "/oauth2/authorize" and "code=" in headers.get("Location", ""):
            [code] = parse_qs(urlsplit(headers["Location"]).query)["code"]
            self.challenges[code] = parse_qs(environ["QUERY_STRING"])["code_challenge"][0]
        if status.startswith("200") and headers.get("Content-Type") == "application/json":
            content = json.dumps(self._said(path, json.loads(content))).encode()
            headers["Content-Length"] = str(len(content))
        start_response(status, list(headers))
        return [content]

    def _form(self, environ: dict[str, Any]) -> dict[str, str]:
        sent = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(sent)
        return {name: values[0] for name, values in parse_qs(sent.decode()).items()}

    def _said(self, path: str, said: Claims) -> Claims:
        if path == "/jwks" and self.alter is not None and self.publishes_key:
            own = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            said["keys"].append(own | {"kid": self.kid, "use": "sig"})
        if path == "/.well-known/openid-configuration":
            said |= self.says_of_itself
        if path == "/oauth2/token" and self.alter is not None:
            claims = jwt.decode(said["id_token"], options={"verify_signature": False})
            said["id_token"] = self.alter(claims)
        return said

    def signed(self, claims: Claims, **changes: Any) -> str:
        """A token of its second key, with these claims changed; None takes one away."""
        told = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        return jwt.encode(told, self.key, algorithm="RS256", headers={"kid": self.kid})

    def knows(self, subject: str, **claims: Any) -> None:
        requests.put(f"{self.address}/users/{subject}", json=claims, timeout=5).raise_for_status()

    def sign_in(self, address: str, subject: str) -> str:
        """What the browser of this person is sent back to."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
        return answer.headers["Location"]

    def settings(self, **more: Any) -> dict[str, Any]:
        nothing: dict[str, Any] = {"origins": [], "email_domains": [], "claims": [], "second_proof": []}
        own = {"issuer": self.address, "client_id": CLIENT, "client_secret": SECRET, "name": "Fells Trust"}
        return {**nothing, **own, **more}


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@contextmanager
def running_provider() -> Iterator[Provider]:
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # plain http, on loopback only
    provider = Provider()
    server = make_server("127.0.0.1", 0, provider, threaded=True)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
