"""Routes on which nobody acts as the account that is signed in, if any: as the holder of a link, or as anybody."""

from __future__ import annotations

from django.http import HttpRequest

_APPS = frozenset({"portal", "openreferral", "public"})
_DESK = frozenset({"staff:desk", "staff:desk_sent", "staff:set_up_desk"})


def acts_as_link_holder(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and (match.app_name in _APPS or match.view_name in _DESK)
