from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "fingerpost.web.people"
    label = "people"
    verbose_name = "People"

    def ready(self) -> None:
        from fingerpost.web.messaging.api import register_guard
        from fingerpost.web.people.rules import guard_outbox

        register_guard(guard_outbox)
