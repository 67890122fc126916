"""The peer: Django with views that return the same few bytes, no middleware, no database, no template."""

from __future__ import annotations

from hashlib import sha256

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

from fingerpost.web.config.front import in_front

THREADS = 4


def page(request: HttpRequest) -> HttpResponse:
    return _told("<!doctype html><title>Empty</title><p>Nothing.")


def taken(request: HttpRequest) -> HttpResponse:
    """What arrived, so that a server that loses some of it answers differently."""
    return _told(f"{len(request.body)} {sha256(request.body).hexdigest()}")


def _told(words: str) -> HttpResponse:
    """With its length, as our own pages have it: without, each server would cut it into pieces in its own way."""
    return HttpResponse(words, headers={"Content-Length": str(len(words))})


urlpatterns = [path("", page), path("taken/", taken)]
settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["127.0.0.1"],
    SECRET_KEY="empty",
    USE_TZ=True,
    DATA_UPLOAD_MAX_MEMORY_SIZE=None,
)
pages = get_wsgi_application()
application = in_front(pages, threads=THREADS)
