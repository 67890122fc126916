"""OpenID Connect with one configured provider: where it is asked, and what of its answer is believed.

Only the signed ID token is believed. Nothing is fetched but from the issuer's own origin, or one named beside it,
and no page waits for it. Why not the accounts package's: docs/decisions/0085-sign-in-through-a-provider.md.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
import requests

from fingerpost.kernel.errors import SourceFault
from fingerpost.web.pages import provider

# Signatures that only the provider can make. "none" and those made with a shared secret are never read, whatever a
# token or a published key says of itself.
_ALGORITHMS = {"RS256": "RSA", "RS384": "RSA", "RS512": "RSA", "PS256": "RSA", "ES256": "EC", "ES384": "EC"}
SKEW = 60  # seconds that clocks may differ
OLDEST = 600  # seconds since a token was made: it was made for this very moment
_TIMEOUT = (3, 5)
_MOST_BYTES = 1_000_000
_KEPT_FOR = 600  # seconds for which what the provider publishes is not asked again
_KEYS_ASKED_AGAIN_AFTER = 10  # seconds, for a key that nobody has seen
_LONGEST_TEXT = 255
_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUT_TYPES = frozenset(("logout+jwt", "application/logout+jwt", "jwt"))
_kept: dict[str, tuple[float, dict[str, Any]]] = {}


@dataclass(frozen=True)
class Identity:
    """Who it is at the provider, whether it says that a second proof was given there, and when it was last asked."""

    issuer: str
    subject: str
    second_proof: bool
    signed_in_at: float | None
    email: str  # only one that the provider says is confirmed; it links nothing, and is held against an invitation
    session: str  # its own name for that browser's session there, by which it ends one later; may be empty


@dataclass(frozen=True)
class Ended:
    """What the provider says has ended: one session there, or all of an account."""

    issuer: str
    subject: str  # empty: whoever had the session
    session: str  # empty: every one
    token_id: str


def authorisation_address(*, state: str, nonce: str, verifier: str, anew: bool = False) -> str:
    """Where the browser is sent to sign in; `anew`: whether or not somebody is signed in there already."""
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": provider.asked()["client_id"],
        "redirect_uri": provider.return_address(),
        "scope": "openid email",
        "state": state,
        "nonce": nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if anew:
        asked |= {"prompt": "login", "max_age": "0"}
    address = _endpoint(_published(), "authorization_endpoint")
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(asked)}"


def identity(*, answer: Mapping[str, str], nonce: str, verifier: str) -> Identity:
    """Exchange the code of the provider's answer and believe what it signs, or raise `SourceFault`."""
    published = _published()
    named = answer.get("iss")
    if named is None and published.get("authorization_response_iss_parameter_supported"):
        raise _fault("the answer does not say whose it is")
    if named is not None and named != _issuer():
        raise _fault("the answer is another provider's")
    given = _fetch(
        _endpoint(published, "token_endpoint"),
        form={
            "grant_type": "authorization_code",
            "code": answer.get("code", ""),
            "redirect_uri": provider.return_address(),
            "code_verifier": verifier,
        },
    )
    claims = _claims(str(given.get("id_token", "")), published)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise _fault("the token was made for another sign-in")
    _check_rules(claims)
    return Identity(
        _issuer(),
        claims["sub"],
        _proves_twice(claims),
        signed_in_at=_signed_in_at(claims),
        email=_confirmed_address(claims),
        session=_short_text(claims.get("sid")),
    )


def signed_in_anew(found: Identity, *, since: float) -> bool:
    """Whether the provider has asked for a sign-in since then. One that does not say when may not have."""
    asked = found.signed_in_at
    return asked is not None and since - SKEW <= asked <= time.time() + SKEW


def ended(token: str) -> Ended:
    """Believe what a token of OpenID Connect Back-Channel Logout 1.0 says has ended, or raise `SourceFault`."""
    claims = _verified(
        token, _published(), ["iss", "aud", "iat", "exp", "jti", "events"], types=_LOGOUT_TYPES
    )
    if "nonce" in claims:
        raise _fault("the token was made for a sign-in, and not for its end")
    if not isinstance(claims["events"], dict) or not isinstance(claims["events"].get(_LOGOUT), dict):
        raise _fault("the token does not say that something has ended")
    said = {name: _short_text(claims.get(name)) for name in ("sub", "sid", "jti")}
    if any(name in claims and not text for name, text in said.items()):
        raise _fault("the token does not say in a text of the usual length what has ended")
    if not said["sub"] and not said["sid"]:
        raise _fault("the token does not say who or what has ended")
    return Ended(_issuer(), said["sub"], said["sid"], said["jti"])


def _claims(token: str, published: dict[str, Any]) -> dict[str, Any]:
    """Of an ID token."""
    claims = _verified(token, published, ["iss", "sub", "aud", "exp", "iat", "nonce"])
    client = provider.asked()["client_id"]
    others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if others else client) != client:
        raise _fault("the token was made for another application")
    if not _short_text(claims["sub"]):
        raise _fault("the token does not say who it is")
    return claims


def _verified(
    token: str, published: dict[str, Any], required: list[str], *, types: frozenset[str] | None = None
) -> dict[str, Any]:
    """The claims of a token that this provider has just made for us."""
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in _ALGORITHMS:
            raise _fault("the token is not signed in a way that only the provider can")
        if types is not None and str(header.get("typ", "JWT")).lower() not in types:
            raise _fault("the token is of another kind")
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key(published, header, algorithm),
            algorithms=[algorithm],
            issuer=_issuer(),
            audience=provider.asked()["client_id"],
            leeway=SKEW,
            options={"require": required},
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as fault:
        raise _fault(f"the token is refused ({type(fault).__name__})") from fault
    if not isinstance(claims["iat"], int | float) or time.time() - claims["iat"] > OLDEST:
        raise _fault("the token is an old one")
    return claims


def _short_text(said: object) -> str:
    return said if isinstance(said, str) and len(said) <= _LONGEST_TEXT else ""


def _key(published: dict[str, Any], header: dict[str, Any], algorithm: str) -> Any:
    """The one published key that can have made the signature; a new one is asked for when none of those kept can."""
    address = _endpoint(published, "jwks_uri")
    found = _fitting(_document(address), header, algorithm)
    if not found:
        found = _fitting(_document(address, at_most=_KEYS_ASKED_AGAIN_AFTER), header, algorithm)
    if len(found) != 1:
        raise _fault("the token is signed with a key that the provider does not publish")
    return jwt.PyJWK(found[0], algorithm=algorithm).key


def _fitting(keys: dict[str, Any], header: dict[str, Any], algorithm: str) -> list[dict[str, Any]]:
    every = [key for key in keys.get("keys", []) if isinstance(key, dict)]
    return [
        key
        for key in every
        if key.get("kty") == _ALGORITHMS[algorithm]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and ("kid" not in header or key.get("kid") == header["kid"])
    ]


def _check_rules(claims: dict[str, Any]) -> None:
    """What this installation asks of everybody who comes through the provider."""
    asked = provider.asked()
    if asked["email_domains"]:
        domain = _confirmed_address(claims).rpartition("@")[2].lower()
        if domain not in asked["email_domains"]:
            raise _fault("the account there has no confirmed address of your organisation")
    for name, value in asked["claims"]:
        if not _says(claims, name, value):
            raise _fault(f"the account there does not have {name}={value}")


def _proves_twice(claims: dict[str, Any]) -> bool:
    return any(_says(claims, name, value) for name, value in provider.asked()["second_proof"])


def _confirmed_address(claims: dict[str, Any]) -> str:
    address = claims.get("email") if claims.get("email_verified") is True else None
    return address if isinstance(address, str) else ""


def _signed_in_at(claims: dict[str, Any]) -> float | None:
    said = claims.get("auth_time")
    return float(said) if isinstance(said, int | float) and not isinstance(said, bool) else None


def _says(claims: dict[str, Any], name: str, value: str) -> bool:
    held = claims.get(name)
    return value in held if isinstance(held, list) else held == value or (held is True and value == "true")


def _published() -> dict[str, Any]:
    """What the issuer says of itself. It must be itself: a document of another issuer names other endpoints."""
    found = _document(f"{_issuer().rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != _issuer():
        raise _fault("its configuration is of another issuer")
    return found


def _endpoint(published: dict[str, Any], name: str) -> str:
    address = str(published.get(name, ""))
    if provider.origin_of(address) not in provider.origins():
        raise _fault(f"its {name} is neither at the issuer nor at an address in FINGERPOST_OIDC_ORIGINS")
    return address


def _document(address: str, *, at_most: float = _KEPT_FOR) -> dict[str, Any]:
    now = time.monotonic()
    held = _kept.get(address)
    if held is None or now - held[0] > at_most:
        held = _kept[address] = (now, _fetch(address))
    return held[1]


def _fetch(address: str, *, form: dict[str, str] | None = None) -> dict[str, Any]:
    """A JSON object. No redirect is followed, no proxy of the environment asked, and no answer read without end."""
    asked = provider.asked()
    basic = (asked["client_id"], asked["client_secret"]) if form is not None else None
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(
                "GET" if form is None else "POST",
                address,
                data=form,
                auth=basic,
                timeout=_TIMEOUT,
                allow_redirects=False,
                stream=True,
            )
            body = answer.raw.read(_MOST_BYTES, decode_content=True)
            found = json.loads(body) if answer.status_code == requests.codes.ok else None
    except (requests.RequestException, OSError, ValueError, RecursionError) as fault:
        raise _fault(f"it cannot be asked ({type(fault).__name__})") from fault
    if not isinstance(found, dict):
        raise _fault(f"it answered {answer.status_code} and nothing that can be used")
    return found


def _issuer() -> str:
    issuer: str = provider.asked()["issuer"]
    return issuer


def _fault(why: str) -> SourceFault:
    return SourceFault(
        f"The sign-in provider: {why}.",
        expected="an answer made for this sign-in, by the provider in FINGERPOST_OIDC_ISSUER",
        remedy="see docs/how-to/sign-in-through-your-employer.md",
    )
