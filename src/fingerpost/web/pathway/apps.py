from __future__ import annotations

from django.apps import AppConfig


class PathwayConfig(AppConfig):
    name = "fingerpost.web.pathway"
    label = "pathway"
    verbose_name = "Pathway"
