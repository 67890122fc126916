"""What the pages of practices and schemes add to the header."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fingerpost.web.pages.navigation import NavItem, PersonSearch, register, register_person_search
from fingerpost.web.tenancy.api import Permission

register_person_search(
    PersonSearch(route="staff:find_person", permission=Permission.SEARCH_PEOPLE, field="words")
)

# Practice
register(
    NavItem(
        label=_("Refer someone"),
        route="staff:refer",
        permission=Permission.REFER,
        order=10,
        under=("staff:refer_known", "staff:referred"),
    ),
    NavItem(
        label=_("My referrals"),
        route="staff:my_referrals",
        permission=Permission.SEE_OWN_REFERRALS,
        order=20,
        under=("staff:my_referral", "staff:take_back", "staff:referral_mistake"),
    ),
    # Within reach from every page, after a role's own work.
    NavItem(label=_("Signposted"), route="staff:signposted", permission=Permission.SIGNPOST, order=30),
)
