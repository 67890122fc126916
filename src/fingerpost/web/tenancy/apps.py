from __future__ import annotations

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "fingerpost.web.tenancy"
    label = "tenancy"
    verbose_name = "Organisations and accounts"
