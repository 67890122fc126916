from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from fingerpost.web.pages import forms
from fingerpost.web.pages.listing import Column, Listing


class Filters(forms.FilterForm):
    need = forms.ChoicesField(label="Need", use="test", choices=[("a", "Company"), ("b", "Money")])
    worker = forms.SelectField(label="Worker", use="test", choices=[("w", "Amina")])


COLUMNS = [
    Column("name", "Name", order=("family", "given")),
    Column("waiting", "Waiting", order=("-age",)),
    Column("x", "X"),
]


def listed(address: str = "") -> Listing:
    request = RequestFactory().get(f"/queue/{address}")
    return Listing(request, COLUMNS, default_sort="-waiting", filters=Filters(request.GET))


def test_order_of_an_address_names_fields_with_their_signs() -> None:
    assert listed("?sort=name").order == ["family", "given"]
    assert listed("?sort=-name").order == ["-family", "-given"]
    assert listed().order == ["age"]


@pytest.mark.parametrize(
    "address", ["?sort=secret", "?sort=x", "?sort=--name", "?page=-1", "?page=1e9", "?need=zzz&page=²"]
)
def test_nonsense_in_the_address_is_ignored(address: str) -> None:
    listing = listed(address)
    page: Any = listing.page(list(range(3)))
    assert listing.order in (["age"], ["-family", "-given"])
    assert (page.number, listing.chosen) == (1, {})


def test_page_beyond_the_end_shows_the_last() -> None:
    page = listed("?page=99").page(list(range(60)))
    assert (page.number, page.first, page.last, list(page)) == (3, 51, 60, list(range(50, 60)))


def test_addresses_keep_everything_else() -> None:
    listing = listed("?need=a&need=b&sort=name&page=3&stray=1")
    assert listing.href(page=2) == "/queue/?need=a&need=b&sort=name&page=2"
    assert listing.sort_href(COLUMNS[0]) == "/queue/?need=a&need=b&sort=-name"
    assert listing.cleared_href() == "/queue/?sort=name"


def test_chip_takes_one_filter_away() -> None:
    chips = listed("?need=a&need=b&worker=w").chips()
    assert [(chip.text, chip.href) for chip in chips] == [
        ("Company", "/queue/?need=b&worker=w"),
        ("Money", "/queue/?need=a&worker=w"),
        ("Amina", "/queue/?need=a&need=b"),
    ]


def test_page_numbers_leave_gaps_in_long_lists() -> None:
    assert listed("?page=7").page(list(range(500))).numbers() == [1, 0, 6, 7, 8, 0, 20]
    assert listed().page([]).numbers() == [1]
