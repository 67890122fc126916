from __future__ import annotations

from django.apps import AppConfig


class OpenReferralConfig(AppConfig):
    name = "fingerpost.web.openreferral"
    label = "openreferral"
    verbose_name = "Open Referral UK"
