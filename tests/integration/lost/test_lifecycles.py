"""Random people doing random things to one journey: nothing illegal, nothing by halves, and the events tell it all."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection as database
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.factories import replay
from tests.factories.faults import Fingerprint, changed
from tests.factories.stage import ACCEPTS, TAKES, Stage
from tests.factories.world import NOW

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.casework import api as casework
from fingerpost.web.casework.lifecycle import CASE
from fingerpost.web.connections import api as connections
from fingerpost.web.connections.lifecycle import TRANSITIONS as CONNECTION
from fingerpost.web.feedback import api as feedback
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.referrals import api as referrals
from fingerpost.web.referrals.lifecycle import TRANSITIONS as REFERRAL

EXPLORE = os.environ.get("FINGERPOST_EXPLORE") == "1"
# Mostly those who may, or nothing would ever happen.
STAFF = st.sampled_from(
    ["worker"] * 6
    + ["lead"] * 6
    + ["other_lead"] * 2
    + ["gp", "gp", "second_worker", "other_gp", "other_worker"]
)
PICK = st.integers(0, 3)
REPLIES = st.one_of(st.integers(0, 5), st.integers(0, 5), st.sampled_from(list(connections.ReplyKind)))
_LEGAL = {"referral": REFERRAL, "case": CASE, "connection": CONNECTION}
_ROWS = {
    "referral": "SELECT id, status FROM referrals_referral WHERE journey_id = %s",
    "case": "SELECT id, status FROM casework_case WHERE journey_id = %s",
    "connection": "SELECT id, status FROM connections_connection WHERE journey_id = %s",
}
Rows = dict[tuple[str, UUID], str]


class Journey(RuleBasedStateMachine):
    """One journey. `stage`, `outside` and `fingerprint` are set by the test."""

    is_undoing = False
    stage: Stage
    outside: psycopg.Connection[Any]
    fingerprint: Fingerprint

    @initialize(far=st.integers(0, 3))
    def refer(self, far: int) -> None:
        """Begin as a referral, a case, or a case with a group that was asked or has said yes."""
        self.world = self.stage.world
        self.world.at = NOW  # each journey by itself, in time and in the groups it meets
        self.listings = [self.stage.listing().id for _ in range(2)]
        begun: Any = (
            self.stage.referral,
            self.stage.case,
            self.stage.connection,
            lambda: self.stage.connection(TAKES, ACCEPTS),
        )[far]()
        self.journey_id = begun.journey_id
        self.look()

    def look(self) -> None:
        self.rows, self.all_now = self._statuses(), self.fingerprint.take()

    def has(self, what: str) -> bool:
        return any(kind == what for kind, _ in self.rows)

    @rule(hours=st.sampled_from([1, 24, 24 * 6, 24 * 15]))
    def wait(self, hours: int) -> None:
        self.world.later(hours=hours)

    @rule(
        who=STAFF,
        pick=PICK,
        reason=st.sampled_from(
            ["scheme_full", "scheme_not_suitable", "redirected", "duplicate", "changed_mind"]
        ),
    )
    def decline(self, who: str, pick: int, reason: str) -> None:
        self._on(
            "referral", who, pick, lambda r, by: referrals.decline(referral=r, reason=reason, **self._as(by))
        )

    @rule(who=STAFF, pick=PICK)
    def withdraw_referral(self, who: str, pick: int) -> None:
        self._on(
            "referral",
            who,
            pick,
            lambda r, by: referrals.withdraw(referral=r, reason="changed_mind", **self._as(by)),
        )

    @rule(who=STAFF, pick=PICK)
    def restore(self, who: str, pick: int) -> None:
        self._on("referral", who, pick, lambda r, by: referrals.restore(referral=r, **self._as(by)))

    @rule(who=STAFF, pick=PICK, back=st.booleans())
    def redirect(self, who: str, pick: int, back: bool) -> None:
        scheme = self.world.scheme if back else self.world.other_scheme
        self._on(
            "referral",
            who,
            pick,
            lambda r, by: referrals.redirect(referral=r, scheme_id=scheme.id, **self._as(by)),
        )

    @rule(who=STAFF, pick=PICK, dice=st.integers(0, 5))
    def mark_referral(self, who: str, pick: int, dice: int) -> None:
        if dice == 0:  # seldom, for it ends everything
            self._on(
                "referral",
                who,
                pick,
                lambda r, by: referrals.mark_entered_in_error(referral=r, reason="duplicate", **self._as(by)),
            )

    @rule(who=STAFF, pick=PICK)
    def accept(self, who: str, pick: int) -> None:
        self._on("referral", who, pick, lambda r, by: casework.accept(referral=r, **self._as(by)))

    @precondition(lambda self: self.has("case"))
    @rule(who=STAFF, reached=st.booleans())
    def log_contact(self, who: str, reached: bool) -> None:
        details = casework.ContactDetails(
            contacted_on=self.world.at,
            mode="phone",
            outcome="reached" if reached else "not_reached",
            minutes=5,
        )
        self._on("case", who, 0, lambda c, by: casework.log_contact(case=c, details=details, **self._as(by)))

    @precondition(lambda self: self.has("case"))
    @rule(
        who=STAFF,
        reason=st.sampled_from(["goals_met", "lost_touch", "moved_away"]),
        ends=st.lists(st.sampled_from([None, "finished", "stopped_coming", "changed_mind", ""]), max_size=4),
    )
    def close(self, who: str, reason: str, ends: list[str | None]) -> None:
        """Each open connection ends in its usual way, or as somebody says."""
        ids = sorted(row_id for kind, row_id in self.rows if kind == "connection")
        said = {row_id: end for row_id, end in zip(ids, ends, strict=False) if end is not None}
        self._on(
            "case",
            who,
            0,
            lambda c, by: feedback.close(
                case=c, reason=reason, story="", told="It is over.", connection_ends=said, **self._as(by)
            ),
        )

    @precondition(lambda self: self.has("connection"))
    @rule(who=STAFF, pick=PICK, dice=st.integers(0, 2))
    def withdraw_consent(self, who: str, pick: int, dice: int) -> None:
        """Every connection under it ends at once."""

        def once(held: connections.Connection, by: Actor) -> object:
            consent = held.consent
            return connections.consent_withdrawn(consent=consent, **self._as(by)) if consent else None

        if dice == 0:
            self._on("connection", who, pick, once)

    @precondition(lambda self: self.has("case"))
    @rule(who=STAFF)
    def reopen(self, who: str) -> None:
        self._on("case", who, 0, lambda c, by: casework.reopen(case=c, **self._as(by)))

    @precondition(lambda self: self.has("case"))
    @rule(who=STAFF, dice=st.integers(0, 5))
    def mark_case(self, who: str, dice: int) -> None:
        if dice == 0:
            self._on(
                "case",
                who,
                0,
                lambda c, by: feedback.mark_case_entered_in_error(case=c, reason="duplicate", **self._as(by)),
            )

    @precondition(lambda self: self.has("case"))
    @rule(who=STAFF, which=st.integers(0, 1), kind=st.sampled_from(["onward_referral", "signpost"]))
    def connect(self, who: str, which: int, kind: str) -> None:
        shared: dict[str, Any] = (
            {} if kind == "signpost" else {"shared_fields": {"name"}, "consent_how": "by_phone"}
        )
        self._on(
            "case",
            who,
            0,
            lambda c, by: connections.connect(
                case=c, listing_id=self.listings[which], kind=kind, **shared, **self._as(by)
            ),
        )

    @precondition(lambda self: self.has("connection"))
    @rule(who=STAFF, pick=PICK, kind=REPLIES)
    def reply(self, who: str, pick: int, kind: connections.ReplyKind | int) -> None:
        self._on("connection", who, pick, lambda c, by: self._reply(c, kind, by))

    @precondition(lambda self: self.has("connection"))
    @rule(pick=PICK, kind=REPLIES)
    def reply_by_link(self, pick: int, kind: connections.ReplyKind | int) -> None:
        found = self._pick("connection", pick)
        if found is None:
            return
        with scope(self.world.job()):
            link = links.latest_live(subject_id=found, purpose="connection", at=self.world.at)
        if link is not None:
            self._attempt(link.actor(), lambda by: self._reply_to_own(by, kind))

    @precondition(lambda self: self.has("connection"))
    @rule(who=STAFF, pick=PICK)
    def undo(self, who: str, pick: int) -> None:
        def last(c: connections.Connection, by: Actor) -> object:
            reply = connections.last_reply(by, connection_id=c.id)
            return connections.undo(reply=reply, **self._as(by)) if reply else None

        self.is_undoing = True
        self._on("connection", who, pick, last)
        self.is_undoing = False

    @precondition(lambda self: self.has("connection"))
    @rule(who=STAFF, pick=PICK, reason=st.sampled_from(["changed_mind", "moved_away", "stopped_coming"]))
    def take_back(self, who: str, pick: int, reason: str) -> None:
        self._on(
            "connection",
            who,
            pick,
            lambda c, by: connections.withdraw(connection=c, reason=reason, **self._as(by)),
        )

    @precondition(lambda self: self.has("connection"))
    @rule(who=STAFF, pick=PICK, times=st.integers(1, 3))
    def stop_and_come_again(self, who: str, pick: int, times: int) -> None:
        """What a fair die would seldom throw: they leave and return, as often as it is said."""
        for kind in (connections.ReplyKind.STOPPED, connections.ReplyKind.CAME) * times:
            self._on("connection", who, pick, lambda c, by, kind=kind: self._reply(c, kind, by))

    @precondition(lambda self: self.has("connection"))
    @rule(who=STAFF, pick=PICK, dice=st.integers(0, 3))
    def mark_connection(self, who: str, pick: int, dice: int) -> None:
        if dice == 0:
            self._on(
                "connection",
                who,
                pick,
                lambda c, by: connections.mark_entered_in_error(connection=c, **self._as(by)),
            )

    @precondition(lambda self: self.has("connection"))
    @rule(pick=PICK)
    def chase(self, pick: int) -> None:
        found = self._pick("connection", pick)

        def once(by: Actor) -> object:
            held = connections.connection(by, connection_id=found)
            return connections.chase_one(connection=held, **self._as(by))

        self._attempt(self.world.job(), once)

    @invariant()
    def events_tell_how_it_stands(self) -> None:
        if not hasattr(self, "journey_id"):
            return
        facts = self._facts()
        for (what, row_id), status in self.rows.items():
            told = getattr(replay, what)(facts, row_id)
            assert status in told, f"the {what} is {status}, and its events say {sorted(told)}"

    def _as(self, by: Actor) -> dict[str, Any]:
        return {"by": by, "at": self.world.at}

    def _reply(self, held: connections.Connection, kind: connections.ReplyKind | int, by: Actor) -> object:
        fit = list(
            connections.replies_from(
                connections.ConnectionStatus(held.status), details_seen=held.details_seen
            )
        )
        if isinstance(kind, int):
            kind = fit[kind % len(fit)] if fit else connections.ReplyKind.CAME
        more: dict[str, Any] = {
            "declines": {"reason": "provider_closed"},
            "waiting_list": {"waiting_weeks": 3},
            "came": {"happened_on": self.world.at.date()},
            "did_not_come": {"happened_on": self.world.at.date()},
        }.get(kind.value, {})
        return connections.record_reply(
            connection=held, reply=connections.Reply(kind=kind, **more), **self._as(by)
        )

    def _reply_to_own(self, by: Actor, kind: connections.ReplyKind | int) -> object:
        held = connections.connection_for_link(by)
        return self._reply(held, kind, by) if held else None

    def _pick(self, what: str, number: int) -> UUID | None:
        ids = sorted(row_id for kind, row_id in self.rows if kind == what)
        return ids[number % len(ids)] if ids else None

    def _on(self, what: str, who: str, pick: int, act: Callable[[Any, Actor], object]) -> None:
        found = self._pick(what, pick)
        if found is None:
            return
        load: Callable[[Actor], Any] = {
            "referral": lambda by: referrals.referral(by, referral_id=found),
            "case": lambda by: casework.case(by, case_id=found),
            "connection": lambda by: connections.connection(by, connection_id=found),
        }[what]
        self._attempt(self.world.actors[who], lambda by: act(load(by), by))

    def _attempt(self, actor: Actor, act: Callable[[Actor], object]) -> None:
        """Do it as a page does: a refusal is caught, and the transaction ends well all the same."""
        self.world.later(seconds=1)
        before, events, all_before = self.rows, {f.id for f in self._facts()}, self.all_now
        was_refused = False
        with clock.fixed(self.world.at), scope(actor) as by:
            try:
                act(by)
            except FingerpostError:
                was_refused = True
        self.look()
        if was_refused:
            assert changed(all_before, self.all_now) == [], "a refused action left a trace"
            return
        self._check_changes(before, [f for f in self._facts() if f.id not in events])

    def _check_changes(self, before: Rows, written: list[replay.Fact]) -> None:
        known = {fact.id: fact for fact in self._facts()}
        for (what, row_id), now in self.rows.items():
            was = before.get((what, row_id))
            if was is None or was == now:
                continue
            legal: Any = _LEGAL[what]
            undone = what == "connection" and self.is_undoing
            assert now in legal[was] or undone, f"a {what} went from {was} to {now}"
            if what == "connection":
                change = replay.Change(was=was, now=now, is_undone=undone, with_case=self._is_closing(before))
                earlier = [fact for fact in known.values() if fact not in written]
                assert not (faults := replay.faults_of(change, row_id, earlier, written)), faults
                continue
            about = [_corrected(fact, known) for fact in written]
            decided = [
                f for f in about if f.subject_id == row_id and (what == "referral" or f.kind == "closed")
            ]
            voided = [f for f in written if f.kind == "entered_in_error" and f.corrects_id is None]
            assert len(decided or voided) == 1, f"{len(decided)} events for a {what} from {was} to {now}"

    def _is_closing(self, before: Rows) -> bool:
        return any(
            what == "case" and was == "open" and self.rows.get((what, row_id)) == "closed"
            for (what, row_id), was in before.items()
        )

    def _statuses(self) -> Rows:
        return {
            (what, row_id): status
            for what, query in _ROWS.items()
            for row_id, status in self.outside.execute(query, [self.journey_id]).fetchall()
        }

    def _facts(self) -> list[replay.Fact]:
        rows = self.outside.execute(
            "SELECT id, kind, reason, recorded_at, subject_id, corrects_id FROM pathway_pathwayevent"
            " WHERE journey_id = %s",
            [self.journey_id],
        ).fetchall()
        return [replay.Fact(*row) for row in rows]


def _corrected(fact: replay.Fact, known: dict[UUID, replay.Fact]) -> replay.Fact:
    """The event itself, or the one that it marks as a mistake."""
    return known[fact.corrects_id] if fact.corrects_id else fact


def test_random_journeys_stay_legal_and_their_events_replay_to_the_same_statuses(
    stage: Stage, past_walls: psycopg.Connection[Any]
) -> None:
    Journey.stage, Journey.outside, Journey.fingerprint = stage, past_walls, Fingerprint(past_walls)
    examples, steps = (300, 60) if EXPLORE else (6, 30)  # the long form: run.py prove journeys
    run_state_machine_as_test(
        Journey,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],  # explaining runs everything under a tracer
            suppress_health_check=list(HealthCheck),
        ),
    )
    database.close()
