from __future__ import annotations

from django.apps import AppConfig


class GapsConfig(AppConfig):
    name = "fingerpost.web.gaps"
    label = "gaps"
    verbose_name = "Gaps"
