from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from fingerpost.kernel.ids import new_id
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.formula_signs import guarded, unguarded
from fingerpost.web.openreferral.declaration import MANY, ONE, SHAPES
from fingerpost.web.openreferral.objects import email_address, location, said, web_address
from fingerpost.web.openreferral.schema import openapi, page_schema_of, schema_of

FORMATS = FormatChecker()
_ADDRESSES = st.text(max_size=40).map(lambda text: f"http://{text}") | st.text(max_size=40)


@given(_ADDRESSES)
def test_web_address_is_one_or_nothing(text: str) -> None:
    found = web_address(text)
    assert found == "" or FORMATS.conforms(found, "uri")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("http://example.org/ü", "http://example.org/%C3%BC"),
        ("http://example.org:99999/", ""),
        ("http://[::1/", ""),
        ("javascript:alert(1)", ""),
        ("http://a#b#c", ""),
        ("www.example.org", ""),
    ],
)
def test_web_addresses_as_sources_write_them(written: str, expected: str) -> None:
    assert web_address(written) == expected


@given(st.text(max_size=30))
def test_email_address_is_one_or_nothing(text: str) -> None:
    found = email_address(text)
    assert found == "" or FORMATS.conforms(found, "email")


@given(st.text(max_size=12) | st.sampled_from(["=1", "'=1", "''-", "+44"]))
def test_guarded_text_comes_back_and_never_runs(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_nothing_empty_is_said_and_nought_is_not_nothing() -> None:
    assert said(a="", b=None, c=[], d={}, e=" ", f=0, g=False, h="x") == {"f": 0, "g": False, "h": "x"}


def _place(**fields: object) -> directory.PublishedPlace:
    where = directory.Location(id=new_id(), kind="physical", **fields)
    return directory.PublishedPlace(id=new_id(), description="", location=where)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": "Hall", "town": "Allerwold", "postcode": "QX1 1AA"}, ("Hall", "Allerwold", "GB")),
        (
            {
                "name": "Hall",
                "address": "1 Bell St",
                "town": "T",
                "region": "R",
                "postcode": "9",
                "country": "IE",
            },
            ("1 Bell St", "R", "IE"),
        ),
        ({"name": "Hall", "town": "Allerwold"}, None),
        ({"name": "Hall", "postcode": "QX1 1AA"}, None),
        ({"name": "Hall", "town": "T", "postcode": "60601"}, None),
    ],
)
def test_address_has_all_that_is_required_or_is_left_out(
    fields: dict[str, object], expected: tuple[str, str, str] | None
) -> None:
    found = location(_place(**fields)).get("addresses")
    told = found and (found[0]["address_1"], found[0]["state_province"], found[0]["country"])
    assert (told or None) == expected


def test_every_shape_that_is_named_is_declared() -> None:
    named = {field.of for shape in SHAPES.values() for field in shape if field.kind in (ONE, MANY)}
    assert named <= SHAPES.keys()
    for name in SHAPES:
        Draft202012Validator.check_schema(schema_of(name))
    Draft202012Validator.check_schema(page_schema_of("taxonomy"))
    described = openapi(server="https://x.example")
    assert len([path for path in described["paths"] if path != "/package.zip"]) == 9
