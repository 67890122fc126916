from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.policies import as_bool
from fingerpost.web.tenancy.api import Permission

LINK_PURPOSE = "listing"  # of the links that whoever runs a listing is sent


def check_can_import(actor: Actor) -> None:
    _require(
        actor, Permission.IMPORT_DIRECTORY, reason=_("Your role does not change what the directory lists.")
    )


def check_can_search(actor: Actor) -> None:
    """What is published anybody may search; of those who have signed in, whoever works with it."""
    if actor.kind != "public":
        _require(actor, Permission.SEARCH_DIRECTORY, reason=_("Your role does not use the directory."))


def check_can_save_searches(actor: Actor) -> None:
    """Whoever searches with an account, in the organisation that they act for."""
    saver_at(actor)


def saver_at(actor: Actor) -> UUID:
    """The organisation in which somebody saves searches. Raises `NotAllowed`."""
    check_can_search(actor)
    if actor.user_id is None or actor.organisation_id is None:
        raise NotAllowed(
            _("Only somebody who has signed in for an organisation saves searches."), reason="no_account"
        )
    return actor.organisation_id


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


def check_can_ask_owners(actor: Actor) -> None:
    """Questions go out by jobs, in the name of the directory's keepers."""
    if actor.kind != "system":
        raise NotAllowed(_("Questions to owners go out by themselves."), reason="no_permission")


def check_can_take_risk(actor: Actor) -> None:
    """Whoever leads a team answers for connecting somebody although papers are missing."""
    _require(
        actor,
        Permission.TRIAGE,
        reason=_("Your role does not take this risk: the papers of this group are missing or have ended."),
    )


def check_owns(actor: Actor, listing_id: UUID) -> None:
    """The holder of this very listing's link. The wall holds it a second time: no row of another is written."""
    link = links.open_link(actor.link_id) if actor.kind == "link" and actor.link_id else None
    if link is None or not actor.has(LINK_PURPOSE) or link.subject_id != listing_id:
        raise NotAllowed(_("This link is for something else."), reason="other_purpose")


def _require(actor: Actor, *permissions: Permission, reason: str) -> None:
    if not any(actor.has(permission) for permission in permissions):
        raise NotAllowed(reason, reason="no_permission", remedy=_("Ask a colleague whose role allows it."))


can_import = as_bool(check_can_import)
can_search = as_bool(check_can_search)
can_save_searches = as_bool(check_can_save_searches)
can_vouch_for_email = as_bool(check_can_vouch_for_email)
can_report = as_bool(check_can_report)
can_take_risk = as_bool(check_can_take_risk)
can_speak = as_bool(check_can_speak)
