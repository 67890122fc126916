from __future__ import annotations

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "fingerpost.web.measures"
    label = "measures"
    verbose_name = "Measures"
