from __future__ import annotations

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "fingerpost.web.staff"
    label = "staff"
    verbose_name = "Staff pages"
