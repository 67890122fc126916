"""Which public pages there are, for search engines: those of published listings, at our own address.

The address comes from the settings, never from a header: whoever asks under another name gets no pages of theirs.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from fingerpost.kernel.errors import NotFound
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.links import absolute
from fingerpost.web.pages.everybody import has_directory
from fingerpost.web.public.views import for_anybody

PER_MAP = 5000  # well below the 50,000 of the protocol, so that each is written in a moment
_FRESH_SECONDS = 3600


class ListingMap(Sitemap):
    """Published listings, each with the day of its last true change."""

    limit = PER_MAP

    def __init__(self, actor: Actor) -> None:
        super().__init__()
        self.actor = actor

    def items(self):  # type: ignore[no-untyped-def]  # Sitemap has no types
        return directory.published_changes(self.actor)

    def location(self, item: tuple[UUID, datetime | None]) -> str:
        return reverse("public:listing", args=[item[0]])

    def lastmod(self, item: tuple[UUID, datetime | None]) -> datetime | None:
        return item[1]

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.FINGERPOST_BASE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.FINGERPOST_BASE_URL).scheme


@for_anybody
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The maps there are: one for each five thousand listings."""
    pages = ListingMap(actor).paginator.page_range
    maps = [SitemapIndexItem(absolute(reverse("public_map:page", args=[number]))) for number in pages]
    return _written("sitemap_index.xml", {"sitemaps": maps})


@for_anybody
def page_of_map(request: HttpRequest, actor: Actor, page: int) -> HttpResponse:
    """One map; the first begins with the page where one looks."""
    listings = ListingMap(actor)
    if not 1 <= page <= listings.paginator.num_pages:
        raise NotFound("There is no such map.", expected="one that /sitemap.xml names")
    urls = listings.get_urls(page=page)
    if page == 1:
        urls = [{"location": absolute(reverse("public:look"))}, *urls]
    return _written("sitemap.xml", {"urlset": urls})


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: the public pages, and no search for words; nothing where nothing is published."""
    lines = []
    if has_directory(request):
        look = reverse("public:look")
        lines = [f"Allow: {look}", f"Disallow: {look}?", "Allow: /sitemap", f"Allow: {settings.STATIC_URL}"]
    lines.append("Disallow: /")
    if len(lines) > 1:
        lines += ["", f"Sitemap: {absolute(reverse('public_map:index'))}"]
    text = "\n".join(["User-agent: *", *lines, ""])
    return _kept(HttpResponse(text, content_type="text/plain; charset=utf-8"))


def _written(template: str, context: dict[str, object]) -> HttpResponse:
    text = render_to_string(template, context, using="django")
    return _kept(HttpResponse(text, content_type="application/xml; charset=utf-8"))


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = f"public, max-age={_FRESH_SECONDS}"
    return response
