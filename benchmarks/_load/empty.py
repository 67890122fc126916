"""The peer: Django with one view that returns the same few bytes, no middleware, no database, no template."""

from __future__ import annotations

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

from fingerpost.web.config.front import in_front


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!doctype html><title>Empty</title><p>Nothing.")


urlpatterns = [path("", page)]
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="empty", USE_TZ=True)
application = in_front(get_wsgi_application(), threads=4)
