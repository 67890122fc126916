"""Every action that writes, by its door and name, and how each is called on a planted world.

`plant` makes what the action needs, with commits of its own; `call` runs the action itself, on a fresh copy of it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from typing import Any

from allauth.mfa.models import Authenticator
from tests.factories.action_rows import it, row
from tests.factories.directory_actions import DIRECTORY
from tests.factories.organisation_actions import ORGANISATIONS
from tests.factories.outbox import ROUTE
from tests.factories.people_actions import PEOPLE, number, person_id, refer, scheme_id
from tests.factories.searching_actions import SEARCHING
from tests.factories.stage import ACCEPTS, CAME, TAKES, Stage
from tests.factories.world import PASSWORD, request

from fingerpost.codes.pathway import EventKind
from fingerpost.kernel.ids import new_id
from fingerpost.web.casework import api as casework
from fingerpost.web.connections import api as connections
from fingerpost.web.directory import api as directory
from fingerpost.web.feedback import api as feedback
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.models import SignedLink
from fingerpost.web.messaging import api as messaging
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
    "gaps",
)
# What a door offers from its actions that writes nothing.
READ_ONLY = {
    "casework.is_loss",
    "directory.can_undo_answer",
    "directory.check_assured",
    "directory.due_feeds",
    "directory.keeper_of",
    "gaps.gaps_of_journey",
    "connections.decline_reasons",
    "connections.details_of",
    "connections.usual_end",
    "connections.write_list",
    "measures.is_enough",
    "people.home_of",
    "tenancy.account_invited",
    "tenancy.code_of",
    "tenancy.computers_of",
    "tenancy.is_answered_for",
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
    "directory.take_risk": "one insert within `connect`, which is broken at each of its statements",
    "directory.tell_why_not_imported": "one update; held by the tests of feeds",
    "directory.read_feed": "a transaction for each page on purpose; held by the tests of feeds, with kills",
    "tenancy.end_provider_sign_ins": "one statement; held by the tests of signing out at the provider",
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


def _not_linked(stage: Stage) -> None:
    with stage.world.as_("worker") as by:
        tenancy.unlink_sign_in(by=by, at=stage.at)


def _linked(stage: Stage) -> None:
    with stage.world.as_("second_worker") as by:
        tenancy.link_sign_in(
            issuer="https://provider.example", subject=f"subject-{next(stage.numbers)}", by=by, at=stage.at
        )


def _staff_sheet(email: str, role: str) -> tenancy.StaffSheet:
    text = f"Name,E-mail,Role\nSomebody,{email},{role}\nSomebody New,new.{email},link worker\n"
    return tenancy.read_staff_sheet("staff.csv", text.encode())


def _staff_tried(stage: Stage) -> tenancy.StaffImport:
    held = _membership(stage)
    with stage.world.as_("administrator") as by:
        email = tenancy.account(user_id=held.user_id).email
        sheet = _staff_sheet(email, "team lead")
        return tenancy.try_staff_import(sheet=sheet, source="staff.csv", by=by, at=stage.at)


def _staff_applied(stage: Stage) -> tenancy.StaffImport:
    tried = _staff_tried(stage)
    with stage.world.as_("administrator") as by:
        return tenancy.apply_staff_import(imported=tried, by=by, at=stage.at)


def _sign_in(stage: Stage) -> tenancy.SignIn:
    """The newest of several, so that there are others to end."""
    with stage.world.as_("worker") as by:
        made = [
            tenancy.begin_sign_in(
                user_id=by.account,
                devices=(),
                browser="",
                system="",
                by=by,
                at=stage.at - timedelta(minutes=5),
            )
            for _ in range(2)
        ]
    return made[-1][0]


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


def _case_with_all(stage: Stage) -> casework.Case:
    """A case with a connection and a letter, reopened."""
    connection = stage.connection(TAKES)
    with stage.world.as_("worker") as by:
        case = casework.case(by, case_id=connection.case_id)
        feedback.close(case=case, reason="goals_met", story="", told="All is well.", by=by, at=stage.at)
        return casework.reopen(case=casework.case(by, case_id=case.id), by=by, at=stage.at)


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


ROWS = (
    row(
        "referrals.refer",
        "gp",
        details=refer,
        identifier=number,
        request=lambda s, p: request(s.world),
        scheme_id=scheme_id,
    ),
    row(
        "referrals.refer_known_person",
        "gp",
        Stage.person,
        person=it,
        request=lambda s, p: request(s.world),
        scheme_id=scheme_id,
    ),
    row("referrals.mark_accepted", "lead", Stage.referral, referral=it),
    row("referrals.decline", "lead", Stage.referral, referral=it, reason="scheme_full", note="Full."),
    row(
        "referrals.redirect",
        "lead",
        Stage.referral,
        referral=it,
        scheme_id=lambda s, p: s.world.other_scheme.id,
    ),
    row("referrals.withdraw", "gp", Stage.referral, referral=it, reason="changed_mind"),
    row("referrals.restore", "lead", Stage.declined, referral=it),
    row(
        "referrals.mark_accepted_entered_in_error",
        "lead",
        lambda s: s.case().referral,
        referral=it,
        reason="duplicate",
    ),
    row("referrals.mark_entered_in_error", "lead", Stage.referral, referral=it, reason="duplicate"),
    row("referrals.signpost", "receptionist", need_code="company", pointed_to="The choir"),
    row("referrals.mark_signposting_entered_in_error", "receptionist", _signposting, signposting=it),
    row(
        "casework.accept",
        "lead",
        Stage.referral,
        referral=it,
        worker_id=lambda s, p: s.world.worker.user_id,
    ),
    row(
        "casework.assign",
        "lead",
        Stage.case,
        case=it,
        worker_id=lambda s, p: s.world.second_worker.user_id,
    ),
    row("casework.log_contact", "worker", Stage.case, case=it, details=lambda s, p: s.talk()),
    row("casework.mark_contact_entered_in_error", "worker", Stage.contact, contact=it),
    row(
        "casework.plan_next_step",
        "worker",
        Stage.case,
        case=it,
        next_step="Ring",
        next_step_on=date(2026, 3, 9),
    ),
    row(
        "casework.agree_plan",
        "worker",
        Stage.case,
        case=it,
        what_matters="Walking",
        strengths="Knows everybody",
        version=0,
    ),
    row("casework.set_goal", "worker", Stage.plan, plan=it, words="Walk to the shop"),
    row("casework.move_goal", "worker", Stage.goal, goal=it, to=casework.GoalStatus.REACHED),
    row("casework.close", "worker", Stage.case, case=it, reason="lost_touch", story=""),
    row("casework.reopen", "worker", Stage.closed, case=it),
    row("casework.mark_case_entered_in_error", "lead", Stage.case, case=it, reason="duplicate"),
    row("feedback.mark_case_entered_in_error", "lead", _case_with_all, case=it, reason="duplicate"),
    row(
        "connections.connect",
        "worker",
        lambda s: (s.case(), s.listing()),
        case=lambda s, p: p[0],
        listing_id=lambda s, p: p[1].id,
        kind=connections.ConnectionKind.ONWARD_REFERRAL,
        shared_fields=frozenset({"name"}),
        consent_how="in_person",
    ),
    row("connections.record_reply", "holder", _asked, connection=it, reply=TAKES),
    row("connections.provider_takes_people", "holder", _asked, connection=it),
    row("connections.provider_accepts", "holder", _told, connection=it),
    row("connections.provider_declines", "holder", _told, connection=it, reason="provider_closed"),
    row("connections.provider_waiting_list", "holder", _told, connection=it, weeks=4),
    row("connections.provider_full", "holder", _told, connection=it, until=date(2026, 5, 1)),
    row("connections.provider_came", "holder", _accepted, connection=it),
    row("connections.provider_did_not_come", "holder", _accepted, connection=it),
    row("connections.provider_finished", "holder", _attended, connection=it),
    row("connections.provider_stopped", "holder", _attended, connection=it),
    row("connections.undo", "worker", _reply, reply=it),
    replace(row("connections.chase", "job", Stage.silent, at=_later), is_round=True),
    row("connections.chase_one", "job", Stage.silent, connection=it, at=_later),
    row("connections.withdraw", "worker", _told, connection=it, reason="changed_mind"),
    row("connections.consent_withdrawn", "worker", Stage.consent, consent=it),
    row("connections.end_open_connections", "worker", _ending, case=it),
    row("connections.mark_entered_in_error", "worker", _told, connection=it),
    row("connections.mark_seen", "worker", _accepted, connection=it),
    row(
        "measures.take",
        "worker",
        Stage.case,
        **{
            k: (lambda s, p, k=k: s.answers(p)[k])
            for k in ("case", "instrument_id", "kind", "answers", "mode")
        },
    ),
    row("measures.mark_entered_in_error", "worker", Stage.occasion, occasion=it),
    *PEOPLE,
    row(
        "feedback.close",
        "worker",
        _ending,
        case=it,
        reason="goals_met",
        story="She sings again.",
        told="She goes to the choir.",
    ),
    row("feedback.set_letter", "job", Stage.letter, letter=it),
    row("feedback.mark_letter_entered_in_error", "worker", _reopened_letter, letter=it),
    row("directory.vouch_for_email", "worker", address="new@provider.example"),
    row(
        "directory.confirm_email",
        "worker",
        Stage.listing,
        address=lambda s, p: p.email,
    ),
    row("directory.refuse_email", "worker", Stage.listing, address=lambda s, p: p.email),
    row("directory.import_directory", "administrator", files=_FILES, source=_SOURCE),
    row("directory.land", "administrator", records=_records, source=_SOURCE),
    row(
        "directory.register_listing",
        "administrator",
        listing=lambda s, p: directory.ListingRecord(key="", name="Choir", email="sing@provider.example"),
        provider=lambda s, p: directory.ProviderRecord(key="", name="Friends"),
        place=lambda s, p: directory.LocationRecord(key="", name="Hall", town="Allerwold"),
        phone="01632 960201",
    ),
    row(
        "directory.set_status",
        "administrator",
        Stage.listing,
        listing_id=person_id,
        status=directory.ListingStatus.TEMPORARILY_CLOSED,
    ),
    row(
        "directory.set_capacity",
        "worker",
        Stage.listing,
        listing_id=person_id,
        state=directory.CapacityState.FULL,
    ),
    row(
        "directory.report_evidence",
        "worker",
        Stage.listing,
        listing_id=person_id,
        kind=directory.EvidenceKind.FULL,
    ),
    row(
        "messaging.send",
        "job",
        route=ROUTE,
        subject=lambda s, p: messaging.Subject("A question"),
        text="Do you take people?\n",
        html="<p>Do you take people?</p>",
        organisation_id=scheme_id,
        about=lambda s, p: ("connection", new_id()),
        recipient_label="Choir",
        carries_personal_data=False,
        attachments=lambda s, p: [
            messaging.Document(name="a.pdf", content_type="application/pdf", content=b"%PDF")
        ],
    ),
    row(
        "messaging.resend",
        "worker",
        Stage.failed_message,
        message=it,
        route=lambda s, p: replace(ROUTE, address=p.address),
    ),
    row("tenancy.register_organisation", "job", kind=tenancy.OrganisationKind.PRACTICE, name="New Practice"),
    row(
        "tenancy.cover_practice",
        "job",
        scheme=lambda s, p: s.world.scheme,
        practice=lambda s, p: s.world.practice,
        starts_on=date(2026, 3, 1),
    ),
    row(
        "tenancy.open_account",
        "job",
        email=lambda s, p: f"opened{next(s.numbers)}@staff.example",
        name="Somebody New",
        role=tenancy.Role.LINK_WORKER,
        organisation=lambda s, p: s.world.scheme,
    ),
    row(
        "tenancy.add_membership",
        "job",
        _membership,
        user_id=lambda s, p: p.user_id,
        organisation=lambda s, p: s.world.other_scheme,
        role=tenancy.Role.LINK_WORKER,
    ),
    row("tenancy.end_membership", "job", _membership, membership=it),
    row("tenancy.change_role", "administrator", _membership, membership=it, role=tenancy.Role.TEAM_LEAD),
    row(
        "tenancy.try_staff_import",
        "administrator",
        sheet=lambda s, p: _staff_sheet(f"listed{next(s.numbers)}@staff.example", "team lead"),
        source="staff.csv",
    ),
    row("tenancy.try_again_staff_import", "administrator", _staff_tried, imported=it),
    row("tenancy.apply_staff_import", "administrator", _staff_tried, imported=it),
    row(
        "tenancy.undo_staff_import",
        "administrator",
        _staff_applied,
        imported=it,
        at=lambda s, p: s.at + timedelta(minutes=1),
    ),
    row("tenancy.suspend", "administrator", _membership, user_id=lambda s, p: p.user_id),
    row("tenancy.lift_suspension", "administrator", _suspended, user_id=lambda s, p: p.user_id),
    row(
        "tenancy.answer_review",
        "administrator",
        _membership,
        membership=it,
        answer=tenancy.ReviewAnswer.KEEP,
    ),
    row(
        "tenancy.invite",
        "administrator",
        email=lambda s, p: f"invited{next(s.numbers)}@staff.example",
        name="Somebody Invited",
        role=tenancy.Role.LINK_WORKER,
        organisation=lambda s, p: s.world.scheme,
    ),
    row("tenancy.renew_invitation", "administrator", _invited, invitation=it),
    row("tenancy.withdraw_invitation", "administrator", _invited, invitation=it),
    row("tenancy.issue_link", "administrator", _invited, invitation=it),
    row(
        "tenancy.accept_invitation",
        "invited",
        _invitation_link,
        name="Somebody Invited",
        password=PASSWORD,
        signed_in_as=None,
    ),
    *ORGANISATIONS,
    *SEARCHING,
    *DIRECTORY,
    row(
        "tenancy.link_sign_in",
        "worker",
        _not_linked,
        issuer="https://provider.example",
        subject=lambda s, p: f"subject-{next(s.numbers)}",
    ),
    row("tenancy.unlink_sign_in", "second_worker", _linked),
    row("tenancy.make_practice_link", "gp"),
    row("tenancy.reset_second_proof", "administrator", _with_a_second_proof, user_id=lambda s, p: p.user_id),
    row("tenancy.end_computer", "job", _practice_link, link_id=lambda s, p: p.id),
    row(
        "tenancy.begin_sign_in",
        "worker",
        user_id=lambda s, p: s.world.worker.user_id,
        devices=(),
        browser="Firefox",
        system="Linux",
    ),
    row("tenancy.note_sign_in", "worker", _sign_in, sign_in=it),
    row("tenancy.end_sign_in", "worker", _sign_in, sign_in_id=lambda s, p: p.id),
    row("tenancy.end_sign_ins", "worker", _sign_in, user_id=lambda s, p: p.user_id, but=lambda s, p: p.id),
    row("tenancy.end_device", "gp", _practice_link, link_id=lambda s, p: p.id),
    row("pathway.mint_journey", "job", source="practice", referrer_id=lambda s, p: s.world.practice.id),
    row(
        "pathway.move_to_scheme",
        "job",
        Stage.journey,
        journey=it,
        scheme_id=lambda s, p: s.world.other_scheme.id,
    ),
    row("pathway.record", "job", Stage.journey, journey=it, kind=EventKind.RECEIVED),
)
