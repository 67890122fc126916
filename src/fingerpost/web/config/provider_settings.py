"""What `FINGERPOST_OIDC_*` says of the provider through which accounts may sign in; every fault is told at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from fingerpost.web.config.environment import Environment, pairs, text, web_address, words

_ISSUER = "FINGERPOST_OIDC_ISSUER"
_BELONGING = tuple(
    f"FINGERPOST_OIDC_{name}"
    for name in ("CLIENT_ID", "CLIENT_SECRET", "NAME", "ORIGINS", "EMAIL_DOMAINS", "CLAIMS", "SECOND_PROOF")
)


def sign_in_provider(env: Environment) -> dict[str, Any] | None:
    """Everything about the provider through which accounts may sign in; None when no issuer is named."""
    issuer = env.read(
        _ISSUER,
        an_issuer,
        shape="the issuer of the provider through which staff may sign in, exactly as it writes itself",
        example="https://login.example.org/realms/staff",
        default="",
    )
    needed: dict[str, Any] = {} if issuer else {"default": ""}
    no_words: list[str] = []
    no_pairs: list[tuple[str, str]] = []
    asked = {
        "issuer": issuer,
        "client_id": env.read(
            "FINGERPOST_OIDC_CLIENT_ID",
            text,
            shape="what the provider calls us",
            example="fingerpost",
            **needed,
        ),
        "client_secret": env.read(
            "FINGERPOST_OIDC_CLIENT_SECRET",
            text,
            shape="the secret that the provider gave us",
            example="a-long-random-text",
            **needed,
        ),
        "name": env.read(
            "FINGERPOST_OIDC_NAME",
            text,
            shape="the name on the button of the sign-in page",
            example="Example Trust account",
            **needed,
        ),
        "origins": env.read(
            "FINGERPOST_OIDC_ORIGINS",
            origins,
            shape="further addresses, beside the issuer's, that the provider uses, without paths, comma between",
            example="https://token.example.org",
            default=no_words,
        ),
        "email_domains": env.read(
            "FINGERPOST_OIDC_EMAIL_DOMAINS",
            domains,
            shape="the only domains of confirmed addresses that are let in, comma between",
            example="example.nhs.uk",
            default=no_words,
        ),
        "claims": env.read(
            "FINGERPOST_OIDC_CLAIMS",
            pairs,
            shape="what must all hold of an account there, comma between",
            example="tid=0f2e,groups=fingerpost",
            default=no_pairs,
        ),
        "second_proof": env.read(
            "FINGERPOST_OIDC_SECOND_PROOF",
            pairs,
            shape="what says that a second proof was given there, any of them, comma between",
            example="amr=mfa",
            default=no_pairs,
        ),
    }
    _tell_what_stands_alone(env)
    return asked if issuer else None


def _tell_what_stands_alone(env: Environment) -> None:
    """Without an issuer all else means nothing: whoever set it thinks that staff can sign in through it."""
    alone = [name for name in _BELONGING if env.source.get(name, "").strip()]
    if alone and not env.source.get(_ISSUER, "").strip():
        env.faults.append(
            f"{_ISSUER} is not set, and {', '.join(alone)} says something about it. Set it as well, for example:"
            f" {_ISSUER}=https://login.example.org/realms/staff - or unset them"
        )


def an_issuer(raw: str) -> str:
    """Letter for letter as given: it is compared with what the provider signs."""
    parts = urlsplit(web_address(raw))
    if parts.query or parts.fragment or "?" in raw or "#" in raw:
        raise ValueError("it has a ? or a #, which no issuer has")
    if "@" in parts.netloc:
        raise ValueError("it has a name or a password in it")
    return raw


def origins(raw: str) -> list[str]:
    """Scheme, name and port alone: where they lead is the provider's to say."""
    found = []
    for each in words(raw):
        parts = urlsplit(web_address(each))
        if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError("one of them has more than a name and a port")
        found.append(f"{parts.scheme}://{parts.netloc}".lower())
    return found


def domains(raw: str) -> list[str]:
    found = [each.removeprefix("@").lower() for each in words(raw)]
    for each in found:
        if "." not in each.strip(".") or any(sign in each for sign in "@/:* ") or each.startswith("."):
            raise ValueError("one of them is not what stands after the @ of an address")
    return found
