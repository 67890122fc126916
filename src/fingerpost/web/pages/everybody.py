"""What is open to everybody: whoever has signed in on this machine, the page is made for anybody.

The host decides whose directory is shown. One address may ask so often in a minute; the count is shared by all
processes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotFound
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.cache import is_tried_too_often
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy.api import published_system

A_MINUTE = timedelta(minutes=1)


class TooOften(Exception):
    """One address has asked more often than it may. Nothing is wrong with what it asked."""


def publishes(request: HttpRequest, system_id: UUID) -> bool:
    """Whether the host that was asked publishes the directory of this system, so that its pages may be led to."""
    system = published_system(_host(request))
    return system is not None and system.pk == system_id


def has_directory(request: HttpRequest) -> bool:
    """Whether anything is published at the host that was asked."""
    return published_system(_host(request)) is not None


def _host(request: HttpRequest) -> str:
    return request.get_host().rpartition(":")[0] or request.get_host()


@contextmanager
def as_anybody(request: HttpRequest) -> Iterator[Actor]:
    """Act as somebody not signed in, in the system that this host publishes. Raises `NotFound`, `TooOften`."""
    system = published_system(_host(request))
    if system is None:
        request.actor = Actor.public()  # type: ignore[attr-defined]
        raise NotFound(
            _("No directory is published at this address."),
            expected=_("an address that FINGERPOST_PUBLISHES names, or an installation with one system"),
            remedy=_("Ask whoever runs this installation."),
        )
    actor = Actor.public(system_id=system.pk)
    request.actor = actor  # type: ignore[attr-defined]
    # Outside the scope, which a refusal rolls back: asking for what is not there counts too.
    most, who = settings.FINGERPOST_OPEN_REQUESTS_A_MINUTE, request.META.get("REMOTE_ADDR", "")
    if is_tried_too_often("published", who, most=most, every=A_MINUTE):
        raise TooOften
    with scope(actor):
        yield actor
