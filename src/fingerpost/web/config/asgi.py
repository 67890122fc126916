"""What `fingerpost serve` starts: the pages of `wsgi.py`, on a few threads, behind their front."""

from __future__ import annotations

from django.conf import settings

from fingerpost.web.config.front import in_front
from fingerpost.web.config.wsgi import application as pages

application = in_front(pages, threads=settings.FINGERPOST_THREADS)
