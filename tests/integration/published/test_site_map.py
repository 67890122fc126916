"""What search engines are told, and the ways between a listing's public page, its e-mail and the box for anybody."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from html import unescape

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.listings import listing_called
from tests.factories.published import listing_id
from tests.factories.world import World, a_case

from fingerpost.kernel import clock
from fingerpost.web.connections import api as connections
from fingerpost.web.directory import api as directory
from fingerpost.web.directory import models
from fingerpost.web.public import site_map

pytestmark = pytest.mark.django_db
_SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LONG_AGO = datetime(2025, 1, 2, 12, tzinfo=UTC)
BASE = "https://fingerpost.example"


@pytest.fixture(autouse=True)
def _own_address(settings: object) -> None:
    settings.FINGERPOST_BASE_URL = BASE  # type: ignore[attr-defined]


def get(world: World, path: str, **heads: str) -> HttpResponse:
    with clock.fixed(world.at):
        return Client().get(path, **heads)  # type: ignore[arg-type]


def tags(response: HttpResponse, tag: str) -> list[str]:
    assert response.status_code == 200, response.content
    assert response["Content-Type"].startswith("application/xml")
    root = ET.fromstring(response.content)
    return [one.text or "" for one in root.iter(f"{_SPACE}{tag}")]


def close(world: World, name: str) -> None:
    with world.as_("administrator") as steward:
        directory.set_status(
            listing_id=listing_called(world, name).id,
            status=directory.ListingStatus.INACTIVE,
            by=steward,
            at=world.at,
        )


def test_map_names_every_published_listing_and_no_other(world: World) -> None:
    assert tags(get(world, "/sitemap.xml"), "loc") == [f"{BASE}/sitemap-1.xml"]
    before = tags(get(world, "/sitemap-1.xml"), "loc")
    assert before[0] == f"{BASE}/help-near-you/" and len(before) == 6
    for place in before:
        assert get(world, place.removeprefix(BASE)).status_code == 200
    gone = f"{BASE}/help-near-you/{listing_called(world, 'Hill Walks').id}/"
    close(world, "Hill Walks")
    assert set(before) - set(tags(get(world, "/sitemap-1.xml"), "loc")) == {gone}


def test_map_says_the_day_of_the_last_true_change(world: World) -> None:
    lunch = listing_id(world, "lunch")
    with world.as_("administrator"):
        models.ListingChange.objects.filter(listing=lunch).update(changed_at=LONG_AGO)
    entries = re.findall(r"<loc>([^<]*)</loc><lastmod>([^<]*)</lastmod>", _text(get(world, "/sitemap-1.xml")))
    said = dict(entries)
    assert len(said) == 5
    assert said[f"{BASE}/help-near-you/{lunch}/"] == "2025-01-02"


def _text(response: HttpResponse) -> str:
    return re.sub(r">\s+<", "><", response.content.decode())


def test_map_comes_in_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_map.ListingMap, "limit", 2)
    maps = tags(get(world, "/sitemap.xml"), "loc")
    assert maps == [f"{BASE}/sitemap-{number}.xml" for number in (1, 2, 3)]
    found = [place for one in maps for place in tags(get(world, one.removeprefix(BASE)), "loc")]
    assert len(found) == len(set(found)) == 6
    for number in ("0", "4", "99999999999999999999", "9" * 5000):
        assert get(world, f"/sitemap-{number}.xml").status_code == 404


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap-1.xml", "/robots.txt"])
def test_host_of_whoever_asks_stands_in_no_answer(world: World, path: str, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    answer = get(world, path, HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example")
    assert answer.status_code == 200 and b"evil" not in answer.content and BASE.encode() in answer.content
    assert answer["Cache-Control"] == "public, max-age=3600"


def test_where_nothing_is_published_nothing_is_mapped(world: World, settings: object) -> None:
    settings.FINGERPOST_PUBLISHES = [("other.example", "nobody")]  # type: ignore[attr-defined]
    assert get(world, "/sitemap.xml").status_code == 404
    assert get(world, "/sitemap-1.xml").status_code == 404
    assert get(world, "/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_robots_may_read_the_public_pages_and_no_search(world: World) -> None:
    lines = get(world, "/robots.txt").content.decode().splitlines()
    assert lines == [
        "User-agent: *",
        "Allow: /help-near-you/",
        "Disallow: /help-near-you/?",
        "Allow: /sitemap",
        "Allow: /static/",
        "Disallow: /",
        "",
        f"Sitemap: {BASE}/sitemap.xml",
    ]


def test_map_is_a_fixed_number_of_queries(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    get(world, "/sitemap-1.xml")
    counts = set()
    for limit in (2, 5000):
        monkeypatch.setattr(site_map.ListingMap, "limit", limit)
        with CaptureQueriesContext(connection) as asked:
            get(world, "/sitemap-1.xml")
        counts.add(len(asked))
    assert len(counts) == 1


def test_one_press_leads_from_the_listing_to_the_box_and_back(world: World) -> None:
    lunch = listing_id(world, "lunch")
    page = get(world, f"/help-near-you/{lunch}/").content.decode()
    [where] = re.findall(r'href="([^"]+)"[^>]*>Suggest a change<', page)
    box = get(world, where)
    text = unescape(box.content.decode())
    assert box.status_code == 200 and "Wednesday Lunch Club" in text and "<textarea" in text
    assert f'href="/help-near-you/{lunch}/"' in text
    thanks = unescape(get(world, f"{where}thanks/").content.decode())
    assert f'href="/help-near-you/{lunch}/"' in thanks


def test_box_leads_to_no_page_that_is_not_published_here(world: World, settings: object) -> None:
    lunch = listing_id(world, "lunch")
    settings.FINGERPOST_PUBLISHES = [("other.example", "nobody")]  # type: ignore[attr-defined]
    text = get(world, f"/p/suggest/{lunch}/").content.decode()
    assert "<textarea" in text and "/help-near-you/" not in text


def test_listed_places_in_an_e_mail_lead_to_their_public_page_where_there_is_one(
    world: World, settings: object
) -> None:
    case = a_case(world, email="amina@home.example")
    lunch = listing_called(world, "Wednesday Lunch Club")
    with world.as_("worker") as actor:
        letter = connections.write_list(actor, case=case, listing_ids=[lunch.id])
        page = f"{BASE}/help-near-you/{lunch.id}/"
        assert page in letter.composed.text and f'href="{page}"' in letter.composed.html
        settings.FINGERPOST_PUBLISHES = [("other.example", "nobody")]  # type: ignore[attr-defined]
        letter = connections.write_list(actor, case=case, listing_ids=[lunch.id])
    assert "/help-near-you/" not in letter.composed.text + letter.composed.html
