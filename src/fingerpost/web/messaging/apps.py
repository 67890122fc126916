from __future__ import annotations

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "fingerpost.web.messaging"
    label = "messaging"
    verbose_name = "Messages"
