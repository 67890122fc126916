from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from fingerpost.kernel.dates import age_on
from fingerpost.kernel.errors import NotFound
from fingerpost.kernel.london import to_london
from fingerpost.web.casework import api as casework
from fingerpost.web.connections.enums import ConnectionStatus, ReplyKind
from fingerpost.web.connections.lifecycle import AWAITING_ANSWER, BACK_WITH_WORKER, ENDS
from fingerpost.web.connections.models import Connection, ProviderReply, SharedDetails, SuggestionRule
from fingerpost.web.connections.policies import ABOUT_LIST
from fingerpost.web.connections.suggestion_rules import RULES, Rule, Suggestion, Wishes, suggested
from fingerpost.web.directory import api as directory
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.geography import api as geography
from fingerpost.web.messaging import api as messaging
from fingerpost.web.people import api as people

MOST_SUGGESTED = 5
_LOOKED_AT = 60  # of those that help with a need, the best as search orders them
_BY_GOAL = 15
_MOST_TEXTS = 3
_OPEN_GOALS = {casework.GoalStatus.SET, casework.GoalStatus.ON_THE_WAY}
_GENDER = {people.Sex.FEMALE: directory.ForGender.WOMEN, people.Sex.MALE: directory.ForGender.MEN}
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


def lists_sent(actor: Actor, *, case_id: UUID) -> list[messaging.Message]:
    """Lists of places that were sent to the person, newest first, each with how it went."""
    return list(messaging.messages_about(actor, (ABOUT_LIST, case_id)).defer("html"))


def live_by_listing(actor: Actor, *, case_id: UUID) -> dict[UUID, Connection]:
    """Open connections of a case by listing, so that a search can say "connected already"."""
    found = Connection.objects.filter(case_id=case_id).exclude(status__in=ENDS)
    return {one.listing_id: one for one in found}


def _for_staff() -> QuerySet[Connection]:
    return Connection.objects.select_related(*_WITH).annotate(times_came=_CAME, times_not=_DID_NOT_COME)


def _in_open_cases(actor: Actor, worker_id: UUID | None) -> QuerySet[Connection]:
    found = _for_staff().filter(scheme_id__in=actor.organisation_ids, case__status=casework.CaseStatus.OPEN)
    return found.filter(case__worker_id=worker_id) if worker_id else found


def suggest(actor: Actor, *, case: casework.Case, at: datetime) -> list[Suggestion]:
    """Listings for a case, explained by rules: from needs, goals, home, language, access, and what was tried.

    What is open for them already is not suggested again.
    """
    wishes, hits = _wishes_of(actor, case, at)
    return suggested(
        hits,
        wishes,
        {rule.key: rule.weight for rule in SuggestionRule.objects.all()},
        but=set(live_by_listing(actor, case_id=case.id)),
        most=MOST_SUGGESTED,
    )


def suggestion_rules(actor: Actor) -> list[tuple[Rule, SuggestionRule | None]]:
    """Every rule in its order, with what this system has made of its weight."""
    changed = {rule.key: rule for rule in SuggestionRule.objects.all()}
    return [(rule, changed.get(rule.key)) for rule in RULES]


def _wishes_of(actor: Actor, case: casework.Case, at: datetime) -> tuple[Wishes, list[directory.SearchHit]]:
    needs = tuple(case.referral.needs)
    found: dict[UUID, directory.SearchHit] = {}
    if needs:
        by_need = directory.SearchCriteria(needs=needs, per_page=_LOOKED_AT, **_of_person(case, at))
        found |= {
            hit.listing.id: hit for hit in search_for_case(actor, case=case, criteria=by_need, at=at).hits
        }
    goal_hits: dict[UUID, str] = {}
    for words in _in_their_words(actor, case):
        by_goal = directory.SearchCriteria(words=words, per_page=_BY_GOAL, **_of_person(case, at))
        results = search_for_case(actor, case=case, criteria=by_goal, at=at)
        for hit in results.hits:
            # One word of a whole sentence is chance.
            if not results.only_some_words or len(hit.why) > 1:
                found.setdefault(hit.listing.id, hit)
                goal_hits.setdefault(hit.listing.id, words)
    before = Connection.objects.filter(person_id=case.person_id, status__in=ENDS).exclude(
        status=ConnectionStatus.ENTERED_IN_ERROR
    )
    return Wishes(
        needs=needs,
        goal_hits=goal_hits,
        worries_about_money=bool({"money", "food", "benefits"} & set(needs)),
        tried={one.listing_id: one for one in before.order_by("connected_at", "id")},
    ), list(found.values())


def _of_person(case: casework.Case, at: datetime) -> dict[str, Any]:
    sex = people.Sex(case.person.sex)
    return {
        "age": age_on(case.person.birth_date, to_london(at).date()),
        "gender": _GENDER.get(sex, directory.ForGender.ANYONE),
    }


def _in_their_words(actor: Actor, case: casework.Case) -> list[str]:
    """What matters to the person, and the goals that are still open: at most three texts to look for."""
    plan = casework.plan_of(actor, case_id=case.id)
    goals = [goal.words for goal in casework.goals_of(actor, case_id=case.id) if goal.status in _OPEN_GOALS]
    return [words for words in [*goals, plan.what_matters if plan else ""] if words.strip()][:_MOST_TEXTS]
