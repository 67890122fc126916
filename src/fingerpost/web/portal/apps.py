from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "fingerpost.web.portal"
    label = "portal"
    verbose_name = "Provider pages"
