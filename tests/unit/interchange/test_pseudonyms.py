from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

import pytest

from fingerpost.interchange.errors import PseudonymError
from fingerpost.interchange.keys import ProjectKey
from fingerpost.interchange.pseudonyms import Kind, Pseudonymiser

KEY = ProjectKey(bytes(range(32)))
ID = UUID("01900000-0000-7000-8000-000000000001")


def test_pseudonym_of_an_id_is_hmac_sha256_as_documented() -> None:
    # Worked with the standard library apart from our code: the form that decision 0041 fixes.
    secret = hmac.new(bytes(range(32)), b"fingerpost/project/camber-2027", hashlib.sha256).digest()
    message = b"fingerpost/v1/person\x00" + str(ID).encode()
    expected = hmac.new(secret, message, hashlib.sha256).hexdigest()[:32]

    assert Pseudonymiser(KEY, project="camber-2027").of(Kind.PERSON, ID) == expected


def test_pseudonym_of_a_uuid_equals_that_of_its_text() -> None:
    names = Pseudonymiser(KEY, project="camber-2027")

    assert names.of(Kind.PERSON, ID) == names.of(Kind.PERSON, str(ID))


@pytest.mark.parametrize("value", ["", " x", "x\n"])
def test_pseudonym_of_an_empty_or_padded_id_is_refused(value: str) -> None:
    with pytest.raises(PseudonymError):
        Pseudonymiser(KEY, project="camber-2027").of(Kind.PERSON, value)


@pytest.mark.parametrize("project", ["", "ab", "Camber", "camber 2027", "-camber", "x" * 64])
def test_pseudonymiser_with_a_malformed_project_name_is_refused(project: str) -> None:
    with pytest.raises(PseudonymError, match="3 to 63"):
        Pseudonymiser(KEY, project=project)


def test_pseudonymiser_repr_and_fingerprint_do_not_hold_the_key() -> None:
    names = Pseudonymiser(KEY, project="camber-2027")

    assert bytes(range(32)).hex() not in repr(names) + names.fingerprint
    assert len(names.fingerprint) == 16


def test_of_optional_keeps_nothing_as_nothing() -> None:
    assert Pseudonymiser(KEY, project="camber-2027").of_optional(Kind.PERSON, None) is None
