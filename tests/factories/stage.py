"""A world in which what an action needs can be planted, again and again, each time somebody new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from tests.factories import connecting
from tests.factories.world import World, a_case, a_referral, details

from fingerpost.instruments import instrument
from fingerpost.web.casework import api as casework
from fingerpost.web.connections import api as connections
from fingerpost.web.directory import api as directory
from fingerpost.web.feedback import api as feedback
from fingerpost.web.measures import api as measures
from fingerpost.web.messaging import api as messaging
from fingerpost.web.pathway import api as pathway
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals


@dataclass
class Stage:
    """A world, and fresh people and groups in it. Nobody is like anybody planted before."""

    world: World
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def at(self) -> Any:
        return self.world.at

    def new(self) -> dict[str, Any]:
        n = next(self.numbers)
        return {
            "given_name": f"Given{n:04d}",
            "family_name": f"Family{n:04d}",
            "birth_date": date(1930 + n % 60, 1 + n % 12, 1 + n % 28),
        }

    def person(self, who: str = "gp") -> people.Person:
        with self.world.as_(who) as by:
            return people.record_person(
                details=details(**self.new()),
                identifier=None,
                practice_id=by.organisation_id,
                by=by,
                at=self.at,
            )[0]

    def referral(self) -> referrals.Referral:
        return a_referral(self.world, **self.new())

    def declined(self) -> referrals.Referral:
        made = self.referral()
        with self.world.as_("lead") as by:
            return referrals.decline(referral=made, reason="scheme_not_suitable", by=by, at=self.at)

    def case(self) -> casework.Case:
        made = a_case(self.world, **self.new())
        with self.world.as_("worker") as by:
            return casework.case(by, case_id=made.id)

    def closed(self) -> casework.Case:
        made = self.case()
        with self.world.as_("worker") as by:
            feedback.close(case=made, reason="goals_met", story="", told="All is well.", by=by, at=self.at)
            return casework.case(by, case_id=made.id)

    def letter(self) -> feedback.Letter:
        made = self.case()
        with self.world.as_("worker") as by:
            return feedback.close(
                case=made, reason="goals_met", story="", told="All is well.", by=by, at=self.at
            )

    def contact(self) -> casework.Contact:
        made = self.case()
        with self.world.as_("worker") as by:
            return casework.log_contact(case=made, details=self.talk(), by=by, at=self.at)

    def talk(self) -> casework.ContactDetails:
        return casework.ContactDetails(
            contacted_on=self.at,
            mode="phone",
            outcome="reached",
            minutes=20,
            note="A talk.",
            next_step="Ring again",
            next_step_on=self.at.date(),
        )

    def plan(self) -> casework.Plan:
        made = self.case()
        with self.world.as_("worker") as by:
            return casework.agree_plan(
                case=made, what_matters="Walking", strengths="", version=0, by=by, at=self.at
            )

    def goal(self) -> casework.Goal:
        made = self.plan()
        with self.world.as_("worker") as by:
            return casework.set_goal(plan=made, words="Walk to the shop", by=by, at=self.at)

    def occasion(self) -> measures.Occasion:
        made = self.case()
        with self.world.as_("worker") as by:
            return measures.take(**self.answers(made), by=by, at=self.at)

    def answers(self, case: casework.Case) -> dict[str, Any]:
        items = [item.id for item in instrument("ons4").items]
        return {
            "case": case,
            "instrument_id": "ons4",
            "kind": "baseline",
            "answers": dict.fromkeys(items, 5),
            "mode": "assisted",
        }

    def listing(self) -> directory.Listing:
        n = next(self.numbers)
        return connecting.a_listing(self.world, email=f"group{n}@provider.example", name=f"Group {n}")

    def connection(self, *replies: connections.Reply) -> connections.Connection:
        """A connection that was asked for by e-mail and answered so, through its link."""
        made = connecting.connect(self.world, self.case(), self.listing(), fields={"name"}, message="")
        for reply in replies:
            with connecting.as_provider(self.world, made) as (holder, held):
                connections.record_reply(connection=held, reply=reply, by=holder, at=self.at)
        return connecting.standing(self.world, made)

    def consent(self) -> people.Consent:
        made = self.connection(TAKES)
        with self.world.as_("worker") as by:
            given = people.live_consents(by, person_id=made.person_id)
            return next(one for one in given if one.recipient_id == made.listing_id)

    def silent(self) -> connections.Connection:
        """Asked so long ago that it is time to remind."""
        return self.connection()

    def failed_message(self) -> messaging.Message:
        made = self.connection()
        [message] = connecting.mails(self.world, made)
        with self.world.as_(self.world.job()):
            message.state, message.failed_at = messaging.State.FAILED, self.at
            message.save(update_fields=["state", "failed_at"])
        return message

    def journey(self) -> pathway.Journey:
        with self.world.as_(self.world.job()) as by:
            return pathway.mint_journey(
                source="practice",
                by=by,
                at=self.at,
                scheme_id=self.world.scheme.id,
                referrer_id=self.world.practice.id,
            )


K = connections.ReplyKind
TAKES = connections.Reply(kind=K.TAKES_PEOPLE)
ACCEPTS = connections.Reply(kind=K.ACCEPTS)
CAME = connections.Reply(kind=K.CAME, happened_on=date(2026, 3, 3))
