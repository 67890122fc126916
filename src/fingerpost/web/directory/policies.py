from __future__ import annotations

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.policies import as_bool
from fingerpost.web.tenancy.api import Permission


def check_can_import(actor: Actor) -> None:
    _require(
        actor, Permission.IMPORT_DIRECTORY, reason=_("Your role does not change what the directory lists.")
    )


def check_can_search(actor: Actor) -> None:
    _require(actor, Permission.SEARCH_DIRECTORY, reason=_("Your role does not use the directory."))


def check_can_vouch_for_email(actor: Actor) -> None:
    """Staff who deal with providers, or keep the directory, may say that an address is right."""
    _require(
        actor,
        Permission.CONNECT,
        Permission.IMPORT_DIRECTORY,
        reason=_("Your role does not say which addresses are right."),
    )


def check_can_answer_for_email(actor: Actor) -> None:
    """Whoever an address belongs to, by a link sent to it; or staff whom they told."""
    if actor.kind != "link":
        check_can_vouch_for_email(actor)


def check_can_report(actor: Actor) -> None:
    """Whoever uses a listing, its provider by a link, and jobs may add what they learnt."""
    if actor.kind not in ("link", "system"):
        _require(
            actor,
            Permission.CONNECT,
            Permission.SIGNPOST,
            Permission.IMPORT_DIRECTORY,
            reason=_("Your role does not report on listings."),
        )


def check_can_speak(actor: Actor) -> None:
    """Whoever keeps the directory, its provider by a link, and jobs may say what is right."""
    if actor.kind not in ("link", "system"):
        check_can_import(actor)


def _require(actor: Actor, *permissions: Permission, reason: str) -> None:
    if not any(actor.has(permission) for permission in permissions):
        raise NotAllowed(reason, reason="no_permission", remedy=_("Ask a colleague whose role allows it."))


can_import = as_bool(check_can_import)
can_search = as_bool(check_can_search)
can_vouch_for_email = as_bool(check_can_vouch_for_email)
can_report = as_bool(check_can_report)
can_speak = as_bool(check_can_speak)
