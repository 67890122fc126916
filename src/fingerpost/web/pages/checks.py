"""System checks: a brand that nobody could read is refused at start, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from fingerpost.web.pages.brand import brand, faults


@register
def brand_can_be_read(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    return [
        Error(
            f"FINGERPOST_BRAND: {fault}",
            hint="Set FINGERPOST_COLOUR and FINGERPOST_LOGO in the environment.",
            id="pages.E001",
        )
        for fault in faults(brand())
    ]
