"""Journeys lived through the same actions that the pages call, each at its own time on the injected clock."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.kernel.london import to_london
from fingerpost.web.casework import api as casework
from fingerpost.web.connections import api as connections
from fingerpost.web.demo.founding import Founded
from fingerpost.web.demo.inventing import Invented, Inventor
from fingerpost.web.directory import api as directory
from fingerpost.web.feedback import api as feedback
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.jobs import HeldJobs
from fingerpost.web.foundation.scope import scope
from fingerpost.web.measures import api as measures
from fingerpost.web.referrals import api as referrals
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Role

ITEMS = ("satisfied", "worthwhile", "happy", "anxious")


class NotYet(Exception):
    """The next step lies beyond today: the journey stands where it is."""


@dataclass
class Journey:
    """One invented person on the way. `now` moves on with every step and never past `until`."""

    founded: Founded
    inventor: Inventor
    chance: random.Random
    invented: Invented
    now: datetime
    until: datetime
    practice_id: UUID
    scheme_id: UUID
    jobs: HeldJobs

    @contextmanager
    def acting(self, actor: Actor, *, after: timedelta = timedelta()) -> Iterator[Actor]:
        """Take up an actor at the next moment, then do the jobs of the step: sending, setting letters."""
        self._move(after)
        with clock.fixed(self.now):
            with scope(actor):
                yield actor
            self.jobs.run_due()

    def wait(self, least: float, most: float) -> timedelta:
        """A stretch of days, to a working hour of a working day."""
        return timedelta(days=self.chance.uniform(least, most))

    def _move(self, after: timedelta) -> None:
        moment = self.now + after
        if after >= timedelta(hours=4):
            moment = moment.replace(hour=self.chance.randrange(9, 16), minute=self.chance.randrange(60))
            moment = max(moment, self.now + timedelta(minutes=5))
            while moment.weekday() > 4:
                moment += timedelta(days=1)
        if moment > self.until:
            raise NotYet
        self.now = moment


def live(journey: Journey) -> None:
    """Go as far as the journey's time allows."""
    try:
        referral = _refer(journey)
        case = _triage(journey, referral)
        if case is not None:
            _work(journey, case)
    except NotYet:
        return


def _pick(journey: Journey, role: Role, organisation_id: UUID) -> Actor:
    return journey.chance.choice(journey.founded.of_role(role, organisation_id))


def _refer(journey: Journey) -> referrals.Referral:
    chance, invented = journey.chance, journey.invented
    role = Role.CLINICIAN if chance.random() < 0.8 else Role.RECEPTIONIST
    phrases = journey.inventor.town.phrases
    urgent = chance.random() < 0.06
    with journey.acting(_pick(journey, role, journey.practice_id)) as by:
        request = referrals.Request(
            needs=invented.needs,
            reason=journey.inventor.words(phrases.referral_reasons, age=invented.age, need=invented.needs[0]),
            agreed_at=journey.now - timedelta(days=chance.choice([0, 0, 0, 0, 1, 3])),
            agreed_how=chance.choice(["in_person", "in_person", "by_phone"]),
            source=referrals.Source.PRACTICE if role == Role.CLINICIAN else referrals.Source.RECEPTION,
            is_urgent=urgent,
            urgent_reason="A date is close: a hearing, a move or a discharge." if urgent else "",
        )
        return referrals.refer(
            details=invented.details,
            identifier=invented.identifier,
            request=request,
            scheme_id=journey.scheme_id,
            by=by,
            at=journey.now,
        )


def _triage(journey: Journey, referral: referrals.Referral, *, again: bool = False) -> casework.Case | None:
    """The scheme decides; what is passed on is decided once more by the next."""
    chance = journey.chance
    outcome = journey.inventor.weighted(
        [("accept", 88), ("decline", 6), ("redirect", 0 if again else 3), ("withdraw", 2), ("mistake", 1)]
    )
    lead = _pick(journey, Role.TEAM_LEAD, journey.scheme_id)
    delay = journey.wait(0.3, 5)
    if outcome == "withdraw":
        with journey.acting(_pick(journey, Role.CLINICIAN, journey.practice_id), after=delay) as gp:
            referrals.withdraw(referral=referral, reason="changed_mind", by=gp, at=journey.now)
        return None
    if outcome == "accept":
        return _accept(journey, referral, lead, delay)
    with journey.acting(lead, after=delay) as by:
        if outcome == "decline":
            reason = chance.choice(["scheme_not_suitable", "scheme_out_of_area", "person_said_no"])
            note = journey.inventor.words(
                journey.inventor.town.phrases.scheme_declines, age=journey.invented.age
            )
            referrals.decline(referral=referral, reason=reason, note=note, by=by, at=journey.now)
            return None
        if outcome == "mistake":
            referrals.mark_entered_in_error(referral=referral, reason="duplicate", by=by, at=journey.now)
            return None
        others = tenancy.schemes_onward(practice_id=journey.practice_id, on=to_london(journey.now).date())
        other = chance.choice([o for o in others if o.id != journey.scheme_id])
        onward = referrals.redirect(referral=referral, scheme_id=other.id, by=by, at=journey.now)
    journey.scheme_id = other.id
    return _triage(journey, onward, again=True)


def _accept(journey: Journey, referral: referrals.Referral, lead: Actor, delay: timedelta) -> casework.Case:
    """Most cases go at once to whoever has fewest; a few wait a day or two for a decision."""
    with journey.acting(lead, after=delay) as by:
        at_once = journey.chance.random() < 0.92
        worker = _least_busy(journey, by) if at_once else None
        case = casework.accept(referral=referral, by=by, at=journey.now, worker_id=worker)
    if at_once:
        return case
    with journey.acting(lead, after=journey.wait(0.5, 3)) as by:
        return casework.assign(case=case, worker_id=_least_busy(journey, by), by=by, at=journey.now)


def _least_busy(journey: Journey, lead: Actor) -> UUID:
    loads = casework.caseloads(lead)
    workers = [a.account for a in journey.founded.of_role(Role.LINK_WORKER, journey.scheme_id)]
    return min(workers, key=lambda worker: (loads.get(worker, 0), worker))


def _work(journey: Journey, case: casework.Case) -> None:
    worker = next((a for a in journey.founded.staff.values() if a.user_id == case.worker_id), None)
    if worker is None:
        return
    if not _reach(journey, case, worker):
        _close(journey, case, worker, reason="not_reached", after=journey.wait(3, 10))
        return
    measured = _begin(journey, case, worker)
    for _round in range(journey.chance.choice([1, 1, 2, 2, 3])):
        _connect(journey, case, worker)
        _contact(journey, case, worker, after=journey.wait(7, 24))
    if measured and journey.chance.random() < 0.6:
        _measure(journey, case, worker, kind="close", better=journey.chance.choice([0, 1, 1, 2]))
    _close(journey, case, worker, reason=_ending(journey), after=journey.wait(5, 30))


def _ending(journey: Journey) -> str:
    return journey.inventor.weighted(
        [
            ("goals_met", 30),
            ("plan_finished", 24),
            ("settled_in_group", 18),
            ("carries_on_alone", 10),
            ("lost_touch", 8),
            ("changed_mind", 4),
            ("moved_away", 3),
            ("unwell", 2),
            ("died", 1),
        ]
    )


def _reach(journey: Journey, case: casework.Case, worker: Actor) -> bool:
    """Try until they answer, or give up after three."""
    for attempt in range(3):
        reached = journey.chance.random() < (0.62, 0.7, 0.6)[attempt]
        _contact(journey, case, worker, after=journey.wait(0.5, 5), reached=reached)
        if reached:
            return True
    return False


def _contact(
    journey: Journey, case: casework.Case, worker: Actor, *, after: timedelta, reached: bool = True
) -> None:
    chance, town = journey.chance, journey.inventor.town
    with journey.acting(worker, after=after) as by:
        mode = chance.choice(["phone", "phone", "phone", "home", "place", "text"]) if reached else "phone"
        sentences = town.phrases.contacts_made if reached else town.phrases.contact_attempts
        ahead = journey.now.date() + timedelta(days=chance.choice([2, 5, 7, 14, 21]))
        details = casework.ContactDetails(
            contacted_on=journey.now,
            mode=mode,
            outcome="reached" if reached else "not_reached",
            minutes=casework.USUAL_MINUTES[casework.ContactMode(mode)] if reached else 5,
            note=journey.inventor.words(sentences, age=journey.invented.age),
            next_step=chance.choice(
                ["Ring to hear how it went", "Meet for a talk", "Look for a group together"]
            )
            if reached
            else "Try again",
            next_step_on=ahead,
        )
        casework.log_contact(case=case, details=details, by=by, at=journey.now)


def _begin(journey: Journey, case: casework.Case, worker: Actor) -> bool:
    """The first real talk: how things are, what matters, one goal."""
    chance, phrases, invented = journey.chance, journey.inventor.town.phrases, journey.invented
    measured = chance.random() < 0.75
    if measured:
        _measure(journey, case, worker, kind="baseline", better=0)
    if chance.random() < 0.85:
        with journey.acting(worker, after=timedelta(minutes=20)) as by:
            matters = journey.inventor.words(phrases.what_matters, age=invented.age, need=invented.needs[0])
            plan = casework.agree_plan(
                case=case, what_matters=matters, strengths="", version=0, by=by, at=journey.now
            )
            goal = journey.inventor.words(phrases.goals, age=invented.age, need=invented.needs[0])
            casework.set_goal(plan=plan, words=goal, by=by, at=journey.now)
    return measured


def _measure(journey: Journey, case: casework.Case, worker: Actor, *, kind: str, better: int) -> None:
    chance = journey.chance
    low = {"satisfied": 4, "worthwhile": 5, "happy": 4, "anxious": 6}
    answers: dict[str, int | None] = {}
    for item in ITEMS:
        shift = -better if item == "anxious" else better
        answers[item] = max(0, min(10, low[item] + shift + chance.choice([-2, -1, 0, 0, 1, 2])))
    if chance.random() < 0.08:
        answers["anxious"] = None
    with journey.acting(worker, after=timedelta(minutes=15)) as by:
        measures.take(
            case=case,
            instrument_id="ons4",
            kind=kind,
            answers=answers,
            mode=chance.choice(["assisted", "by_phone"]),
            by=by,
            at=journey.now,
        )


def _connect(journey: Journey, case: casework.Case, worker: Actor) -> None:
    """Find something and ask; then the group answers, or does not."""
    with journey.acting(worker, after=journey.wait(0.2, 6)) as by:
        chosen = _choose(journey, case, by)
        if chosen is None:
            return
        try:
            connection = connections.connect(
                case=case,
                listing_id=chosen,
                kind=journey.chance.choice(
                    ["onward_referral", "onward_referral", "introduction", "signpost"]
                ),
                shared_fields=_shared(journey),
                consent_how="by_phone",
                by=by,
                at=journey.now,
            )
        except FingerpostError:
            return  # no address to write to, or connected already: the worker looks again another day
    if connection.status != connections.ConnectionStatus.TOLD:
        _answer(journey, connection, worker)


def _shared(journey: Journey) -> tuple[str, ...]:
    details = journey.invented.details
    return ("name", "phone") if details.phone_is_safe else ("name", "email")


def _choose(journey: Journey, case: casework.Case, by: Actor) -> UUID | None:
    criteria = directory.SearchCriteria(
        needs=(journey.chance.choice(journey.invented.needs),), age=journey.invented.age, per_page=8
    )
    results = connections.search_for_case(by, case=case, criteria=criteria, at=journey.now)
    taken = connections.live_by_listing(by, case_id=case.id)
    free = [hit.listing.id for hit in results.hits if hit.listing.id not in taken]
    return journey.chance.choice(free[:5]) if free else None


def _answer(journey: Journey, connection: connections.Connection, worker: Actor) -> None:
    """The group's side, through the links in its e-mails."""
    chance = journey.chance
    if chance.random() < 0.08:
        return  # silence: it is chased by the job, like anybody's
    if connection.status == connections.ConnectionStatus.ASKED:
        _reply(journey, connection, connections.provider_takes_people, after=journey.wait(0.3, 3))
    kind = journey.inventor.weighted([("accept", 76), ("waiting", 8), ("full", 6), ("decline", 10)])
    note = journey.inventor.words(journey.inventor.town.phrases.provider_notes, age=journey.invented.age)
    if kind == "decline":
        _reply(journey, connection, _declines, after=journey.wait(0.2, 3))
    elif kind == "full":
        _reply(journey, connection, connections.provider_full, after=journey.wait(0.2, 3))
    elif kind == "waiting":
        _reply(journey, connection, _waits, after=journey.wait(0.2, 3))
    else:
        _reply(
            journey,
            connection,
            lambda **given: connections.provider_accepts(note=note, **given),
            after=journey.wait(0.2, 3),
        )
        _attend(journey, connection)


def _declines(**given: object) -> object:
    return connections.provider_declines(reason="provider_not_suitable", **given)  # type: ignore[arg-type]


def _waits(**given: object) -> object:
    return connections.provider_waiting_list(weeks=6, **given)  # type: ignore[arg-type]


def _attend(journey: Journey, connection: connections.Connection) -> None:
    came = journey.chance.random() < 0.8
    first = connections.provider_came if came else connections.provider_did_not_come
    _reply(journey, connection, first, after=journey.wait(4, 12))
    if not came:
        return
    for _week in range(journey.chance.choice([0, 0, 1, 2, 3])):
        _reply(journey, connection, connections.provider_came, after=journey.wait(6, 9))
    if journey.chance.random() < 0.5:
        _reply(journey, connection, connections.provider_finished, after=journey.wait(30, 80))


def _reply(
    journey: Journey, connection: connections.Connection, reply: Callable[..., object], *, after: timedelta
) -> None:
    journey._move(after)
    with clock.fixed(journey.now):
        holder = _holder(journey, connection)
        if holder is None:
            return
        with scope(holder) as by:
            held = connections.connection_for_link(by)
            if held is not None:
                reply(connection=held, by=by, at=journey.now)
        journey.jobs.run_due()


def _holder(journey: Journey, connection: connections.Connection) -> Actor | None:
    scheme = Actor.system(
        reason="opening an e-mail of the demo",
        system_id=journey.founded.system_id,
        organisation_ids=[journey.scheme_id],
    )
    with scope(scheme):
        link = links.latest_live(subject_id=connection.id, purpose=connections.LINK_PURPOSE, at=journey.now)
        return link.actor() if link else None


def _close(journey: Journey, case: casework.Case, worker: Actor, *, reason: str, after: timedelta) -> None:
    good = reason in ("goals_met", "plan_finished", "settled_in_group", "carries_on_alone")
    phrases = journey.inventor.town.phrases
    story = journey.inventor.words(phrases.closing_stories, age=journey.invented.age) if good else ""
    with journey.acting(worker, after=after) as by:
        held = casework.case(by, case_id=case.id)
        made = connections.connections_of_case(by, case_id=case.id)
        told = feedback.draft(person=held.person, opened_at=held.opened_at, reason=reason, connections=made)
        feedback.close(case=held, reason=reason, story=story, told=told, by=by, at=journey.now)
