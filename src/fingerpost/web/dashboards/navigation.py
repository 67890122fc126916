"""What the pages of counts add to the header."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fingerpost.web.pages.navigation import NavItem, register
from fingerpost.web.tenancy.api import Permission

register(NavItem(label=_("Funnel"), route="dashboards:funnel", permission=Permission.SEE_FUNNEL, order=50))
register(NavItem(label=_("Gaps"), route="dashboards:gaps", permission=Permission.SEE_FUNNEL, order=52))
