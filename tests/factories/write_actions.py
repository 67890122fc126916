"""Every action that writes, by its door and name, and how each is called on a planted world.

`plant` makes what the action needs, with commits of its own; `call` runs the action itself, on a fresh copy of it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib import import_module
from typing import Any

from allauth.mfa.models import Authenticator
from tests.factories import connecting
from tests.factories.outbox import ROUTE
from tests.factories.stage import ACCEPTS, CAME, TAKES, Stage
from tests.factories.world import PASSWORD, details, request

from fingerpost.codes.pathway import EventKind
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.person_identifiers import PersonIdentifier, parse_identifier
from fingerpost.web.casework import api as casework
from fingerpost.web.connections import api as connections
from fingerpost.web.directory import api as directory
from fingerpost.web.feedback import api as feedback
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.models import SignedLink
from fingerpost.web.messaging import api as messaging
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals
from fingerpost.web.tenancy import api as tenancy

DOORS = (
    "referrals",
    "casework",
    "connections",
    "measures",
    "people",
    "feedback",
    "directory",
    "messaging",
    "tenancy",
    "pathway",
)
# What a door offers from its actions that writes nothing.
READ_ONLY = {
    "casework.is_loss",
    "connections.decline_reasons",
    "connections.details_of",
    "connections.usual_end",
    "measures.is_enough",
    "people.home_of",
    "tenancy.account_invited",
    "tenancy.code_of",
    "tenancy.invitation_for_link",
    "tenancy.live_links",
    "tenancy.moment_of_transaction",
    "tenancy.open_device",
    "tenancy.open_practice_link",
    "tenancy.referrer_at",
    "feedback.draft",
}
# Written by other means than the application's connection, or in more than one transaction on purpose.
ELSEWHERE = {
    "tenancy.found_system": "one insert by the owning role, which the application does not have",
    "tenancy.remember_device": "counts a wrong code in a scope of its own, on purpose; held by the tests of the desk",
    "messaging.deliver": "two transactions on purpose; held by the tests of the outbox, with kills",
}


def write_actions() -> set[str]:
    """The names, as `door.action`, of all functions in the doors that take part in writing."""
    found = set()
    for door in DOORS:
        api = import_module(f"fingerpost.web.{door}.api")
        found |= {f"{door}.{name}" for name in api.__all__ if _writes(getattr(api, name))}
    return found - READ_ONLY


def _writes(value: object) -> bool:
    if not inspect.isfunction(value):
        return False
    home = value.__module__.rpartition(".")[2]
    return ".actions" in value.__module__ or home in ("delivery", "writing") or _says_who(value)


def _says_who(value: Callable[..., object]) -> bool:
    by = inspect.signature(value).parameters.get("by")
    return by is not None and by.kind is inspect.Parameter.KEYWORD_ONLY


@dataclass(frozen=True)
class Row:
    """One action. `who` names an actor of the world, or `job`, `holder` (of the link to what was planted).

    `is_round`: it does many things one after the other, each whole; only a job calls it, and catches nothing.
    """

    action: str
    who: str
    plant: Callable[[Stage], Any]
    arguments: Callable[[Stage, Any], dict[str, Any]]
    is_round: bool = False

    @property
    def function(self) -> Callable[..., object]:
        door, _, name = self.action.partition(".")
        return getattr(import_module(f"fingerpost.web.{door}.api"), name)  # type: ignore[no-any-return]

    def actor(self, stage: Stage, planted: Any) -> Actor:
        if self.who == "job":
            return replace(
                stage.world.job(),
                organisation_id=stage.world.scheme.id,
                permissions=frozenset(tenancy.Permission),
            )
        if self.who == "invited":
            return planted.actor()  # type: ignore[no-any-return]
        if self.who == "holder":
            newest = [m for m in connecting.mails(stage.world, planted) if "/p/" in m.text][-1]
            return connecting.holder_of(stage.world, connecting.token_in(newest))
        return stage.world.actors[self.who]

    def call(self, stage: Stage, planted: Any, by: Actor) -> object:
        given = self.arguments(stage, planted)
        if "at" in inspect.signature(self.function).parameters:
            given = {"at": stage.at, **given}
        return self.function(**given, by=by)


def _nothing(stage: Stage) -> None:
    return None


def _row(action: str, who: str, plant: Callable[[Stage], Any] = _nothing, **more: Any) -> Row:
    """`more`: plain values, or functions of the stage and of what was planted."""

    def arguments(stage: Stage, planted: Any) -> dict[str, Any]:
        return {
            name: value(stage, planted) if inspect.isfunction(value) else value
            for name, value in more.items()
        }

    return Row(action, who, plant, arguments)


def _it(stage: Stage, planted: Any) -> Any:
    return planted


def _records(stage: Stage, planted: Any) -> directory.DirectoryRecords:
    return directory.DirectoryRecords(
        providers=[directory.ProviderRecord(key="p", name="Friends", email="friends@provider.example")],
        locations=[directory.LocationRecord(key="l", name="Hall", town="Allerwold")],
        listings=[
            directory.ListingRecord(key="one", name="Choir", provider_key="p", email="choir@provider.example")
        ],
        at_locations=[directory.ListingAtLocationRecord(key="x", listing_key="one", location_key="l")],
        phones=[directory.PhoneRecord(key="f", listing_key="one", number="01632 960201")],
    )


_SOURCE = directory.SourceDetails(name="faults", label="A file")
_FILES = {
    "organizations.csv": b"id,name,description\no1,Friends,All welcome\n",
    "services.csv": b"id,organization_id,name,status,email\ns1,o1,Choir,active,choir@provider.example\n",
}


def _refer(stage: Stage, planted: Any) -> Any:
    return details(**stage.new())


def _membership(stage: Stage) -> tenancy.Membership:
    with stage.world.as_(stage.world.job()) as by:
        return tenancy.open_account(
            email=f"faults{next(stage.numbers)}@staff.example",
            name="Somebody",
            role=tenancy.Role.LINK_WORKER,
            organisation=stage.world.scheme,
            by=by,
            at=stage.at - timedelta(days=30),
        )


def _suspended(stage: Stage) -> tenancy.Membership:
    made = _membership(stage)
    with stage.world.as_("administrator") as by:
        tenancy.suspend(user_id=made.user_id, by=by, at=stage.at)
    return made


def _with_a_second_proof(stage: Stage) -> tenancy.Membership:
    made = _membership(stage)
    own = Actor(kind="user", id=f"user:{made.user_id}", label="Somebody", user_id=made.user_id)
    with stage.world.as_(own):
        Authenticator.objects.create(user_id=made.user_id, type=Authenticator.Type.TOTP, data={})
    return made


def _sign_in(stage: Stage) -> tenancy.SignIn:
    """The newest of several, so that there are others to end."""
    with stage.world.as_("worker") as by:
        made = [
            tenancy.begin_sign_in(user_id=by.account, devices=(), browser="", system="", by=by, at=stage.at)[
                0
            ]
            for _ in range(2)
        ]
    return made[-1]


def _invited(stage: Stage) -> tenancy.Invitation:
    with stage.world.as_("administrator") as by:
        return tenancy.invite(
            email=f"asked{next(stage.numbers)}@staff.example",
            name="Somebody Asked",
            organisation=stage.world.scheme,
            role=tenancy.Role.LINK_WORKER,
            by=by,
            at=stage.at - timedelta(days=1),
        )


def _invitation_link(stage: Stage) -> SignedLink:
    made = _invited(stage)
    with stage.world.as_("administrator") as by:
        return tenancy.issue_link(invitation=made, by=by, at=stage.at)


def _practice_link(stage: Stage) -> SignedLink:
    with stage.world.as_("gp") as by:
        return tenancy.make_practice_link(by=by, at=stage.at)


def _reopened_letter(stage: Stage) -> feedback.Letter:
    made = stage.letter()
    with stage.world.as_("worker") as by:
        casework.reopen(case=casework.case(by, case_id=made.case_id), by=by, at=stage.at)
    return made


def _signposting(stage: Stage) -> referrals.Signposting:
    with stage.world.as_("receptionist") as by:
        return referrals.signpost(need_code="company", pointed_to="The choir", by=by, at=stage.at)


def _reply(stage: Stage) -> connections.ProviderReply:
    made = stage.connection(TAKES)
    with stage.world.as_("worker") as by:
        return connections.record_reply(connection=made, reply=ACCEPTS, by=by, at=stage.at)


def _accepted(stage: Stage) -> connections.Connection:
    return stage.connection(TAKES, ACCEPTS)


def _attended(stage: Stage) -> connections.Connection:
    return stage.connection(TAKES, ACCEPTS, CAME)


def _told(stage: Stage) -> connections.Connection:
    return stage.connection(TAKES)


def _asked(stage: Stage) -> connections.Connection:
    return stage.connection()


def _ending(stage: Stage) -> casework.Case:
    made = _attended(stage)
    with stage.world.as_("worker") as by:
        return casework.case(by, case_id=made.case_id)


def _later(stage: Stage, planted: Any) -> Any:
    return stage.at + timedelta(days=6)


def _scheme_id(stage: Stage, planted: Any) -> Any:
    return stage.world.scheme.id


def _person_id(stage: Stage, planted: Any) -> Any:
    return planted.id


def _number(stage: Stage, planted: Any) -> PersonIdentifier:
    """An NHS number of the test range that nobody has yet; one in eleven has no check digit and is left out."""
    while True:
        digits = f"999{next(stage.numbers):06d}"
        check = -sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
        if check < 10:
            return parse_identifier("nhs_number", f"{digits}{check}")


ROWS = (
    _row(
        "referrals.refer",
        "gp",
        details=_refer,
        identifier=_number,
        request=lambda s, p: request(s.world),
        scheme_id=_scheme_id,
    ),
    _row(
        "referrals.refer_known_person",
        "gp",
        Stage.person,
        person=_it,
        request=lambda s, p: request(s.world),
        scheme_id=_scheme_id,
    ),
    _row("referrals.mark_accepted", "lead", Stage.referral, referral=_it),
    _row("referrals.decline", "lead", Stage.referral, referral=_it, reason="scheme_full", note="Full."),
    _row(
        "referrals.redirect",
        "lead",
        Stage.referral,
        referral=_it,
        scheme_id=lambda s, p: s.world.other_scheme.id,
    ),
    _row("referrals.withdraw", "gp", Stage.referral, referral=_it, reason="changed_mind"),
    _row("referrals.restore", "lead", Stage.declined, referral=_it),
    _row(
        "referrals.mark_accepted_entered_in_error",
        "lead",
        lambda s: s.case().referral,
        referral=_it,
        reason="duplicate",
    ),
    _row("referrals.mark_entered_in_error", "lead", Stage.referral, referral=_it, reason="duplicate"),
    _row("referrals.signpost", "receptionist", need_code="company", pointed_to="The choir"),
    _row("referrals.mark_signposting_entered_in_error", "receptionist", _signposting, signposting=_it),
    _row(
        "casework.accept",
        "lead",
        Stage.referral,
        referral=_it,
        worker_id=lambda s, p: s.world.worker.user_id,
    ),
    _row(
        "casework.assign",
        "lead",
        Stage.case,
        case=_it,
        worker_id=lambda s, p: s.world.second_worker.user_id,
    ),
    _row("casework.log_contact", "worker", Stage.case, case=_it, details=lambda s, p: s.talk()),
    _row("casework.mark_contact_entered_in_error", "worker", Stage.contact, contact=_it),
    _row(
        "casework.plan_next_step",
        "worker",
        Stage.case,
        case=_it,
        next_step="Ring",
        next_step_on=date(2026, 3, 9),
    ),
    _row(
        "casework.agree_plan",
        "worker",
        Stage.case,
        case=_it,
        what_matters="Walking",
        strengths="Knows everybody",
        version=0,
    ),
    _row("casework.set_goal", "worker", Stage.plan, plan=_it, words="Walk to the shop"),
    _row("casework.move_goal", "worker", Stage.goal, goal=_it, to=casework.GoalStatus.REACHED),
    _row("casework.close", "worker", Stage.case, case=_it, reason="lost_touch", story=""),
    _row("casework.reopen", "worker", Stage.closed, case=_it),
    _row("casework.mark_case_entered_in_error", "lead", Stage.case, case=_it, reason="duplicate"),
    _row(
        "connections.connect",
        "worker",
        lambda s: (s.case(), s.listing()),
        case=lambda s, p: p[0],
        listing_id=lambda s, p: p[1].id,
        kind=connections.ConnectionKind.ONWARD_REFERRAL,
        shared_fields=frozenset({"name"}),
        consent_how="in_person",
    ),
    _row("connections.record_reply", "holder", _asked, connection=_it, reply=TAKES),
    _row("connections.provider_takes_people", "holder", _asked, connection=_it),
    _row("connections.provider_accepts", "holder", _told, connection=_it),
    _row("connections.provider_declines", "holder", _told, connection=_it, reason="provider_closed"),
    _row("connections.provider_waiting_list", "holder", _told, connection=_it, weeks=4),
    _row("connections.provider_full", "holder", _told, connection=_it, until=date(2026, 5, 1)),
    _row("connections.provider_came", "holder", _accepted, connection=_it),
    _row("connections.provider_did_not_come", "holder", _accepted, connection=_it),
    _row("connections.provider_finished", "holder", _attended, connection=_it),
    _row("connections.provider_stopped", "holder", _attended, connection=_it),
    _row("connections.undo", "worker", _reply, reply=_it),
    replace(_row("connections.chase", "job", Stage.silent, at=_later), is_round=True),
    _row("connections.chase_one", "job", Stage.silent, connection=_it, at=_later),
    _row("connections.withdraw", "worker", _told, connection=_it, reason="changed_mind"),
    _row("connections.consent_withdrawn", "worker", Stage.consent, consent=_it),
    _row("connections.end_open_connections", "worker", _ending, case=_it),
    _row("connections.mark_entered_in_error", "worker", _told, connection=_it),
    _row("connections.mark_seen", "worker", _accepted, connection=_it),
    _row(
        "measures.take",
        "worker",
        Stage.case,
        **{
            k: (lambda s, p, k=k: s.answers(p)[k])
            for k in ("case", "instrument_id", "kind", "answers", "mode")
        },
    ),
    _row("measures.mark_entered_in_error", "worker", Stage.occasion, occasion=_it),
    _row(
        "people.record_person",
        "gp",
        details=_refer,
        identifier=_number,
        practice_id=lambda s, p: s.world.practice.id,
    ),
    _row(
        "people.involve",
        "gp",
        Stage.person,
        person_id=_person_id,
        organisation_id=_scheme_id,
        kind=people.InvolvementKind.SCHEME,
    ),
    _row(
        "people.involve_if_needed",
        "gp",
        Stage.person,
        person_id=_person_id,
        organisation_id=_scheme_id,
        kind=people.InvolvementKind.SCHEME,
    ),
    _row(
        "people.end_involvements",
        "lead",
        Stage.referral,
        person_id=lambda s, p: p.person_id,
        organisation_id=_scheme_id,
        kind=people.InvolvementKind.SCHEME,
        reason="a test",
    ),
    _row(
        "people.correct_person",
        "lead",
        lambda s: s.case().person,
        person=_it,
        details=_refer,
        version=lambda s, p: p.version,
    ),
    _row("people.record_death", "lead", lambda s: s.case().person, person=_it, died_on=date(2026, 3, 1)),
    _row("people.mark_person_entered_in_error", "lead", lambda s: s.case().person, person=_it),
    _row(
        "people.record_consent",
        "gp",
        Stage.person,
        person_id=_person_id,
        purpose=people.ConsentPurpose.REFERRAL,
        recipient_id=_scheme_id,
        recipient_label="Link Up",
        how="in_person",
    ),
    _row("people.withdraw_consent", "worker", Stage.consent, consent=_it),
    _row(
        "feedback.close",
        "worker",
        _ending,
        case=_it,
        reason="goals_met",
        story="She sings again.",
        told="She goes to the choir.",
    ),
    _row("feedback.set_letter", "job", Stage.letter, letter=_it),
    _row("feedback.mark_letter_entered_in_error", "worker", _reopened_letter, letter=_it),
    _row("directory.vouch_for_email", "worker", address="new@provider.example"),
    _row(
        "directory.confirm_email",
        "worker",
        Stage.listing,
        address=lambda s, p: p.email,
    ),
    _row("directory.refuse_email", "worker", Stage.listing, address=lambda s, p: p.email),
    _row("directory.import_directory", "administrator", files=_FILES, source=_SOURCE),
    _row("directory.land", "administrator", records=_records, source=_SOURCE),
    _row(
        "directory.register_listing",
        "administrator",
        listing=lambda s, p: directory.ListingRecord(key="", name="Choir", email="sing@provider.example"),
        provider=lambda s, p: directory.ProviderRecord(key="", name="Friends"),
        place=lambda s, p: directory.LocationRecord(key="", name="Hall", town="Allerwold"),
        phone="01632 960201",
    ),
    _row(
        "directory.set_status",
        "administrator",
        Stage.listing,
        listing_id=_person_id,
        status=directory.ListingStatus.TEMPORARILY_CLOSED,
    ),
    _row(
        "directory.set_capacity",
        "worker",
        Stage.listing,
        listing_id=_person_id,
        state=directory.CapacityState.FULL,
    ),
    _row(
        "directory.report_evidence",
        "worker",
        Stage.listing,
        listing_id=_person_id,
        kind=directory.EvidenceKind.FULL,
    ),
    _row(
        "messaging.send",
        "job",
        route=ROUTE,
        subject=lambda s, p: messaging.Subject("A question"),
        text="Do you take people?\n",
        html="<p>Do you take people?</p>",
        organisation_id=_scheme_id,
        about=lambda s, p: ("connection", new_id()),
        recipient_label="Choir",
        carries_personal_data=False,
        attachments=lambda s, p: [
            messaging.Document(name="a.pdf", content_type="application/pdf", content=b"%PDF")
        ],
    ),
    _row(
        "messaging.resend",
        "worker",
        Stage.failed_message,
        message=_it,
        route=lambda s, p: replace(ROUTE, address=p.address),
    ),
    _row("tenancy.register_organisation", "job", kind=tenancy.OrganisationKind.PRACTICE, name="New Practice"),
    _row(
        "tenancy.cover_practice",
        "job",
        scheme=lambda s, p: s.world.scheme,
        practice=lambda s, p: s.world.practice,
        starts_on=date(2026, 3, 1),
    ),
    _row(
        "tenancy.open_account",
        "job",
        email=lambda s, p: f"opened{next(s.numbers)}@staff.example",
        name="Somebody New",
        role=tenancy.Role.LINK_WORKER,
        organisation=lambda s, p: s.world.scheme,
    ),
    _row(
        "tenancy.add_membership",
        "job",
        _membership,
        user_id=lambda s, p: p.user_id,
        organisation=lambda s, p: s.world.other_scheme,
        role=tenancy.Role.LINK_WORKER,
    ),
    _row("tenancy.end_membership", "job", _membership, membership=_it),
    _row("tenancy.change_role", "administrator", _membership, membership=_it, role=tenancy.Role.TEAM_LEAD),
    _row("tenancy.suspend", "administrator", _membership, user_id=lambda s, p: p.user_id),
    _row("tenancy.lift_suspension", "administrator", _suspended, user_id=lambda s, p: p.user_id),
    _row(
        "tenancy.answer_review",
        "administrator",
        _membership,
        membership=_it,
        answer=tenancy.ReviewAnswer.KEEP,
    ),
    _row(
        "tenancy.invite",
        "administrator",
        email=lambda s, p: f"invited{next(s.numbers)}@staff.example",
        name="Somebody Invited",
        role=tenancy.Role.LINK_WORKER,
        organisation=lambda s, p: s.world.scheme,
    ),
    _row("tenancy.renew_invitation", "administrator", _invited, invitation=_it),
    _row("tenancy.withdraw_invitation", "administrator", _invited, invitation=_it),
    _row("tenancy.issue_link", "administrator", _invited, invitation=_it),
    _row(
        "tenancy.accept_invitation",
        "invited",
        _invitation_link,
        name="Somebody Invited",
        password=PASSWORD,
        signed_in_as=None,
    ),
    _row("tenancy.make_practice_link", "gp"),
    _row("tenancy.reset_second_proof", "administrator", _with_a_second_proof, user_id=lambda s, p: p.user_id),
    _row(
        "tenancy.begin_sign_in",
        "worker",
        user_id=lambda s, p: s.world.worker.user_id,
        devices=(),
        browser="Firefox",
        system="Linux",
    ),
    _row("tenancy.note_sign_in", "worker", _sign_in, sign_in=_it),
    _row("tenancy.end_sign_in", "worker", _sign_in, sign_in_id=lambda s, p: p.id),
    _row("tenancy.end_sign_ins", "worker", _sign_in, user_id=lambda s, p: p.user_id, but=lambda s, p: p.id),
    _row("tenancy.end_device", "gp", _practice_link, link_id=lambda s, p: p.id),
    _row("pathway.mint_journey", "job", source="practice", referrer_id=lambda s, p: s.world.practice.id),
    _row(
        "pathway.move_to_scheme",
        "job",
        Stage.journey,
        journey=_it,
        scheme_id=lambda s, p: s.world.other_scheme.id,
    ),
    _row("pathway.record", "job", Stage.journey, journey=_it, kind=EventKind.RECEIVED),
)
