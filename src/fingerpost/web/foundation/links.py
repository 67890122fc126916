"""Signed links: single-purpose, expiring, revocable. Following one changes nothing; pressing a button may.

The token is the link's id and a keyed signature; nothing secret is stored. What the holder may reach is decided in
the database: policies compare a row with the subject of the open link, and a revoked or expired link has none.
Threats and answers: docs/decisions/0004-signed-links.md.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import connection
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotFound
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.models import SignedLink
from fingerpost.web.foundation.scope import scope

_SALT = "fingerpost.signed-link"
_ID_BYTES = 16


def issue(
    *,
    purpose: str,
    subject_id: UUID,
    organisation_id: UUID,
    holder_label: str,
    at: datetime,
    lives: timedelta,
    journey_id: UUID | None = None,
    maker_id: UUID | None = None,
) -> SignedLink:
    """Make a link within the current scope."""
    link = SignedLink(
        purpose=purpose,
        subject_id=subject_id,
        organisation_id=organisation_id,
        holder_label=holder_label,
        journey_id=journey_id,
        maker_id=maker_id,
        issued_at=at,
        expires_at=at + lives,
    )
    link.save(force_insert=True)
    return link


def revoke(*, subject_id: UUID, reason: str, at: datetime, purpose: str = "") -> int:
    """End every live link to a subject (of one purpose, or all). Returns how many."""
    links = SignedLink.objects.filter(subject_id=subject_id, revoked_at=None, expires_at__gt=at)
    if purpose:
        links = links.filter(purpose=purpose)
    return links.update(revoked_at=at, revoked_reason=reason)


def token_of(link: SignedLink) -> str:
    return token_for_id(link.id)


def token_for_id(link_id: UUID) -> str:
    body = base64.urlsafe_b64encode(link_id.bytes).decode().rstrip("=")
    return _signer().sign(body)


def id_of(token: str) -> UUID:
    """The link id in a token. Raises `NotFound` when the token was not made here or was altered."""
    try:
        raw = base64.urlsafe_b64decode(_signer().unsign(token) + "==")
        if len(raw) != _ID_BYTES:
            raise ValueError(token)
        return UUID(bytes=raw)
    except (signing.BadSignature, ValueError, binascii.Error) as fault:
        raise NotFound(
            _("This link is not one of ours, or part of it is missing."),
            expected=_("the whole link, as it stands in the e-mail"),
            remedy=_("Open it from the e-mail again, or copy the whole line."),
        ) from fault


def open_link(link_id: UUID) -> SignedLink:
    """Read a link under the scope of its holder. Raises `NotFound`."""
    link = SignedLink._base_manager.filter(id=link_id).first()
    if link is None:
        raise NotFound(
            _("This link is no longer known."),
            expected=_("a link from a recent e-mail"),
            remedy=_("Ask the person who sent it for a new one."),
        )
    return link


def read(token: str) -> SignedLink:
    """The link of a token, read as its holder, live or not. Raises `NotFound` for a token that was not made here."""
    link_id = id_of(token)
    with scope(Actor(kind="link", id=f"link:{link_id}", label="holder of a link", link_id=link_id)):
        return open_link(link_id)


def end(link_id: UUID, *, reason: str, at: datetime) -> bool:
    """End one live link that the scope reaches. False when there is none."""
    live = SignedLink.objects.filter(id=link_id, revoked_at=None, expires_at__gt=at)
    return live.update(revoked_at=at, revoked_reason=reason) > 0


def is_tried_too_often(what: str, *, most: int, every: timedelta) -> bool:
    """Count one try through the open link, in the database, and say whether it is one too many.

    The count stands when the request is answered, also with a refusal; it is shared by all processes.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fp_count_link_use(%s, make_interval(secs => %s))", [what, every.total_seconds()]
        )
        times: int = cursor.fetchone()[0]
    return times > most


def absolute(path: str) -> str:
    """A path as an address for an e-mail; the host is configuration, never the request's header."""
    return settings.FINGERPOST_BASE_URL.rstrip("/") + path


def _signer() -> signing.Signer:
    return signing.Signer(sep="~", salt=_SALT)


def latest_live(*, subject_id: UUID, purpose: str, at: datetime) -> SignedLink | None:
    live = SignedLink.objects.filter(
        subject_id=subject_id, purpose=purpose, revoked_at=None, expires_at__gt=at
    )
    return live.order_by("-issued_at").first()
