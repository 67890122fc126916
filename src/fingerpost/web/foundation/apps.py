from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FoundationConfig(AppConfig):
    name = "fingerpost.web.foundation"
    label = "foundation"
    verbose_name = "Foundation"

    def ready(self) -> None:
        from fingerpost.web.foundation import walls_sync

        # Walls span apps, so they cannot belong to one app's migration.
        post_migrate.connect(walls_sync.after_migrate, sender=self, dispatch_uid="fingerpost.raise_walls")
