from __future__ import annotations

from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "fingerpost.web.public"
    label = "public"
    verbose_name = "The directory for everybody"
