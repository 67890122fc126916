from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import NotFound
from fingerpost.web.casework import api as casework
from fingerpost.web.connections.enums import ConnectionStatus, ReplyKind
from fingerpost.web.connections.lifecycle import AWAITING_ANSWER, BACK_WITH_WORKER, ENDS
from fingerpost.web.connections.models import Connection, ProviderReply, SharedDetails
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.geography import api as geography
from fingerpost.web.people import api as people

_WITH = ("listing", "person", "case", "journey", "consent")
_STEPS = re.compile(
    r"wheelchair|step[- ]?free|stairs|\bsteps\b|walker|walking frame|zimmer|scooter", re.IGNORECASE
)
_CAME = Count("replies", filter=Q(replies__kind=ReplyKind.CAME, replies__undone_at=None))
_DID_NOT_COME = Count("replies", filter=Q(replies__kind=ReplyKind.DID_NOT_COME, replies__undone_at=None))


def connection(actor: Actor, *, connection_id: UUID) -> Connection:
    """One connection of the actor's scheme, with `times_came` and `times_not`. Raises `NotFound`."""
    found = _for_staff().filter(id=connection_id).first()
    if found is None:
        raise NotFound(
            _("There is no such connection here, or it is not your scheme's."),
            remedy=_("Look for it on the person's page."),
        )
    return found


def connections_of_case(actor: Actor, *, case_id: UUID, mistakes: bool = False) -> list[Connection]:
    """Every connection of a case, newest first, each with `times_came` and `times_not`."""
    found = _for_staff().filter(case_id=case_id)
    if not mistakes:
        found = found.exclude(status=ConnectionStatus.ENTERED_IN_ERROR)
    return list(found.order_by("-connected_at", "-id"))


def open_connections(actor: Actor, *, case_id: UUID) -> list[Connection]:
    """What is open when a case is about to close."""
    return list(_for_staff().filter(case_id=case_id).exclude(status__in=ENDS).order_by("connected_at", "id"))


def waiting_on_others(actor: Actor, *, worker_id: UUID | None = None) -> QuerySet[Connection]:
    """Connections of a worker's open cases where somebody else must answer, longest wait first."""
    waiting = {*AWAITING_ANSWER, ConnectionStatus.WAITING_LIST}
    return _in_open_cases(actor, worker_id).filter(status__in=waiting).order_by("asked_at", "id")


def returned(actor: Actor, *, worker_id: UUID | None = None) -> QuerySet[Connection]:
    """What came back (said yes or no, full, no answer, stopped) and nobody has taken note of, oldest first."""
    back = _in_open_cases(actor, worker_id).filter(status__in=BACK_WITH_WORKER, seen_at=None)
    return back.order_by("status_at", "id")


def replies_of(actor: Actor, *, connection_id: UUID) -> list[ProviderReply]:
    """What the provider has said, newest first, undone answers included."""
    return list(ProviderReply.objects.filter(connection_id=connection_id).order_by("-id"))


def last_reply(actor: Actor, *, connection_id: UUID) -> ProviderReply | None:
    """The newest answer that stands."""
    standing = ProviderReply.objects.filter(connection_id=connection_id, undone_at=None)
    return standing.select_related("connection").order_by("-id").first()


def details(actor: Actor, *, connection_id: UUID) -> SharedDetails | None:
    """What the provider may read. None when nothing is shared, or (for a link) not now to be read.

    A way of contact that the person has forbidden since is left out, whatever was once agreed.
    """
    found = SharedDetails.objects.filter(connection_id=connection_id).first()
    if found is not None:
        found.fields = people.without_forbidden(found.person_id, found.fields)
    return found


def connection_for_link(actor: Actor) -> Connection | None:
    """The one connection that the holder of a link reaches; None when the link has none any more.

    Neither the person nor the case is read with it: the holder sees neither.
    """
    if actor.kind != "link":
        return None
    return Connection.objects.select_related("listing", "journey").first()


def open_questions(actor: Actor) -> list[Connection]:
    """What providers have been asked and have not answered, in the scope's schemes; oldest first."""
    asked = Connection.objects.filter(
        status__in=[*AWAITING_ANSWER, ConnectionStatus.ACCEPTED], asked_at__isnull=False
    )
    return list(asked.order_by("asked_at", "id"))


def search_for_case(
    actor: Actor, *, case: casework.Case, criteria: directory.SearchCriteria, at: datetime
) -> directory.SearchResults:
    """Search the directory from where the person lives, unless another place is asked for.

    Without a postcode that the gazetteer knows there are no distances; nothing is hidden because of it.
    """
    if criteria.near is None and case.person.postcode:
        postcode = case.person.postcode
        criteria = replace(criteria, near=geography.locate(postcode), lives_in=geography.codes_of(postcode))
    criteria = replace(
        criteria,
        rather_speaks=case.person.language,
        needs_step_free=needs_step_free(case.person.access_needs),
    )
    return directory.search(actor, criteria, at=at)


def needs_step_free(access_needs: str) -> bool:
    """Whether somebody's own words about access say that steps are in the way."""
    return bool(_STEPS.search(access_needs))


def live_by_listing(actor: Actor, *, case_id: UUID) -> dict[UUID, Connection]:
    """Open connections of a case by listing, so that a search can say "connected already"."""
    found = Connection.objects.filter(case_id=case_id).exclude(status__in=ENDS)
    return {one.listing_id: one for one in found}


def _for_staff() -> QuerySet[Connection]:
    return Connection.objects.select_related(*_WITH).annotate(times_came=_CAME, times_not=_DID_NOT_COME)


def _in_open_cases(actor: Actor, worker_id: UUID | None) -> QuerySet[Connection]:
    found = _for_staff().filter(scheme_id__in=actor.organisation_ids, case__status=casework.CaseStatus.OPEN)
    return found.filter(case__worker_id=worker_id) if worker_id else found
