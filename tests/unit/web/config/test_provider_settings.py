"""Each bad form of what is said about a sign-in provider; all of them at once, by name, with what to write instead."""

from __future__ import annotations

from typing import Any

import pytest

from fingerpost.kernel.errors import ConfigurationError
from fingerpost.web.config import doctor
from fingerpost.web.config.environment import Environment
from fingerpost.web.config.provider_settings import sign_in_provider

P = "FINGERPOST_OIDC_"
GOOD = {
    f"{P}ISSUER": "https://login.example.org/realms/Staff",
    f"{P}CLIENT_ID": "fingerpost",
    f"{P}CLIENT_SECRET": "s3cret=with,signs",
    f"{P}NAME": "Example Trust account",
}


def read(**changes: str) -> dict[str, Any] | None:
    env = Environment({**GOOD, **{f"{P}{name}": value for name, value in changes.items()}})
    found = sign_in_provider(env)
    env.finish()
    return found


def faults(**changes: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read(**changes)
    return [line.strip() for line in str(caught.value).splitlines() if line.startswith("  ")]


def test_nothing_set_is_off() -> None:
    env = Environment({})
    assert sign_in_provider(env) is None
    env.finish()


def test_everything_is_read_as_it_is_meant() -> None:
    assert read(
        ORIGINS="https://Token.example.org/, https://keys.example.org:8443",
        EMAIL_DOMAINS="@Example.NHS.uk, fells.example",
        CLAIMS="tid=0f2e, groups=a=b",
        SECOND_PROOF="amr=mfa,acr=2",
    ) == {
        "issuer": "https://login.example.org/realms/Staff",
        "client_id": "fingerpost",
        "client_secret": "s3cret=with,signs",
        "name": "Example Trust account",
        "origins": ["https://token.example.org", "https://keys.example.org:8443"],
        "email_domains": ["example.nhs.uk", "fells.example"],
        "claims": [("tid", "0f2e"), ("groups", "a=b")],
        "second_proof": [("amr", "mfa"), ("acr", "2")],
    }


BAD = {
    "issuer without a scheme": ("ISSUER", "login.example.org", "not a web address"),
    "issuer of another scheme": ("ISSUER", "ftp://login.example.org", "not a web address"),
    "issuer without a host": ("ISSUER", "https://", "not a web address"),
    "issuer with a query": ("ISSUER", "https://login.example.org/?tenant=1", "? or a #"),
    "issuer with an empty query": ("ISSUER", "https://login.example.org/?", "? or a #"),
    "issuer with a fragment": ("ISSUER", "https://login.example.org/#x", "? or a #"),
    "issuer with a password": ("ISSUER", "https://me:pass-word@login.example.org", "a name or a password"),
    "issuer of no form": ("ISSUER", "https://[::1", "malformed"),
    "no client id": ("CLIENT_ID", "", "is not set"),
    "no client secret": ("CLIENT_SECRET", "  ", "is not set"),
    "no name": ("NAME", "", "is not set"),
    "origin without a scheme": ("ORIGINS", "token.example.org", "not a web address"),
    "origin with a path": (
        "ORIGINS",
        "https://a.example,https://b.example/token",
        "more than a name and a port",
    ),
    "origin with a query": ("ORIGINS", "https://b.example?x=1", "more than a name and a port"),
    "origin that only looks like the issuer": (
        "ORIGINS",
        "https://login.example.org@evil.example",
        "more than a",
    ),
    "domain that is an address": ("EMAIL_DOMAINS", "ann@example.org", "after the @"),
    "domain of one word": ("EMAIL_DOMAINS", "example", "after the @"),
    "domain with a star": ("EMAIL_DOMAINS", "*.example.org", "after the @"),
    "domain that begins with a dot": ("EMAIL_DOMAINS", ".example.org", "after the @"),
    "domains with blanks between": ("EMAIL_DOMAINS", "a.example b.example", "after the @"),
    "claim without a value": ("CLAIMS", "groups=", "not name=value"),
    "claim without a name": ("CLAIMS", "=fingerpost", "not name=value"),
    "claim of one word": ("CLAIMS", "tid=0f2e,groups", "not name=value"),
    "second proof of one word": ("SECOND_PROOF", "mfa", "not name=value"),
}


@pytest.mark.parametrize(("name", "value", "why"), BAD.values(), ids=BAD.keys())
def test_bad_form_is_told_by_name_with_an_example(name: str, value: str, why: str) -> None:
    [told] = faults(**{name: value})
    assert told.startswith(f"{P}{name} ") and why in told
    assert f"for example: {P}{name}=" in told
    assert "pass-word" not in told and GOOD[f"{P}CLIENT_SECRET"] not in told


def test_all_faults_are_told_at_once() -> None:
    told = faults(
        CLIENT_ID="",
        CLIENT_SECRET="",
        NAME="",
        ORIGINS="token",
        EMAIL_DOMAINS="example",
        CLAIMS="groups",
        SECOND_PROOF="mfa",
    )
    assert [line.split(" ")[0].removeprefix(P) for line in told] == [
        "CLIENT_ID",
        "CLIENT_SECRET",
        "NAME",
        "ORIGINS",
        "EMAIL_DOMAINS",
        "CLAIMS",
        "SECOND_PROOF",
    ]


def test_what_stands_without_an_issuer_is_told_as_one_fault() -> None:
    [told] = faults(ISSUER="")
    assert told.startswith(f"{P}ISSUER is not set, and {P}CLIENT_ID, {P}CLIENT_SECRET, {P}NAME says")
    assert "unset them" in told
    # A malformed issuer is that fault alone.
    assert len(faults(ISSUER="login.example.org")) == 1


def found(settings: Any, **changes: Any) -> dict[str, str]:
    settings.FINGERPOST_OIDC = {**(read() or {}), **changes}
    both = (doctor._provider(), doctor._proof_at_provider())
    return {one.said: f"{one.state}: {one.remedy}" for one in both}


def test_doctor_finds_a_sound_provider_sound(settings: Any) -> None:
    told = found(settings, second_proof=[("amr", "mfa"), ("acr", "2")])
    assert all(state.startswith("ok") for state in told.values())
    assert any("second proof given there counts" in said for said in told)
    settings.FINGERPOST_OIDC = None
    assert {doctor._provider().state, doctor._proof_at_provider().state} == {"ok"}


def test_doctor_tells_every_fault_of_a_provider_at_once(settings: Any) -> None:
    told = found(
        settings,
        issuer="http://login.example.org",
        origins=["http://token.example.org", "https://keys.example.org"],
        second_proof=[("groups", "mfa")],
    )
    [plain] = [said for said in told if "unencrypted" in said]
    assert "http://login.example.org, http://token.example.org" in plain and "keys" not in plain
    assert told[plain].startswith("fail: set FINGERPOST_OIDC_ISSUER")
    [proof] = [said for said in told if "other than amr or acr" in said]
    assert told[proof].startswith("warn: put FINGERPOST_OIDC_SECOND_PROOF right")
    assert "s3cret" not in str(told)
