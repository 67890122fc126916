"""A world in which every word about a person can be told from every other: who could see it shows where it came from.

Three people's stories are planted: in the organisations that the addresses are about ("Quill"), in others of
the same system ("Brack"), and in another system ("Zorn"). A word is a stem and a kind: "Quillnote" is a
contact note about the first one's person.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from tests.factories.world import World, _account, build_world, request

from fingerpost.instruments import instrument
from fingerpost.kernel import clock
from fingerpost.kernel.person_identifiers import parse_identifier
from fingerpost.web.casework import api as casework
from fingerpost.web.config.sign_ins import KEY as SIGN_IN_KEY
from fingerpost.web.connections import api as connections
from fingerpost.web.directory import api as directory
from fingerpost.web.directory.models import ListingAtLocation, Taxonomy, TaxonomyTerm
from fingerpost.web.feedback import api as feedback
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.models import SignedLink
from fingerpost.web.foundation.scope import scope
from fingerpost.web.gaps import api as gaps
from fingerpost.web.geography import api as geography
from fingerpost.web.measures import api as measures
from fingerpost.web.messaging import api as messaging
from fingerpost.web.people import api as people
from fingerpost.web.people.api import SharedField
from fingerpost.web.referrals import api as referrals
from fingerpost.web.tenancy.api import (
    MEMBERSHIP_KEY,
    Organisation,
    Role,
    account,
    current_memberships,
    end_membership,
    invite,
    issue_link,
    read_staff_sheet,
    suspend,
    try_staff_import,
)
from fingerpost.web.tenancy.models import KnownDevice, SignIn

# Accounts that can sign in and have nothing: their role has ended, or is suspended.
NOTHING_OPEN = ("ended", "suspended")
STEMS = ("Quill", "Brack", "Zorn", "Vask")  # the last only where a second team is wanted in the other system
# What a practice may read about those it referred, and what stays with the scheme.
OF_THE_PERSON = (
    "given",
    "family",
    "known",
    "address",
    "mail",
    "phone",
    "how",
    "asked",
    "needs",
    "reason",
    "told",
    "story",
)
OF_THE_CASE = ("note", "sealed", "matters", "strength", "goal", "step", "asks")
OF_THE_DESK = ("place",)
KINDS = OF_THE_PERSON + OF_THE_CASE + OF_THE_DESK
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NUMBERS = {
    "Quill": "9990000018",
    "Brack": "9990000026",
    "Zorn": "9990000034",
    "Vask": "9990000042",
}  # of the range for tests


@dataclass(frozen=True)
class Team:
    """Who does the work in one story."""

    stem: str
    world: World
    gp: Actor
    lead: Actor
    worker: Actor
    scheme: Organisation


@dataclass
class Planted:
    """The worlds, the ids that addresses are built from, and a signed-in client for each name."""

    world: World
    elsewhere: World
    ids: dict[str, object] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    person_ids: dict[str, set[UUID]] = field(default_factory=dict)

    def copied(self) -> Planted:
        """The same rows, with a clock and browsers of its own: whoever asks leaves cookies behind."""
        return Planted(
            replace(self.world, actors=dict(self.world.actors)),
            replace(self.elsewhere, actors=dict(self.elsewhere.actors)),
            ids=dict(self.ids),
            clients={who: _same_browser(client) for who, client in self.clients.items()},
            actors=dict(self.actors),
            person_ids={stem: set(ids) for stem, ids in self.person_ids.items()},
        )


def words_of(stem: str, kinds: tuple[str, ...] = KINDS) -> set[str]:
    return {f"{stem}{kind}".lower() for kind in kinds}


def plant(*, system_id: UUID | None = None) -> Planted:
    """Build it all in the open transaction."""
    world, elsewhere = build_world(system_id=system_id), build_world(mark=" 2")
    planted = Planted(world, elsewhere)
    _add_accounts(planted)
    own = Team("Quill", world, world.gp, world.lead, world.worker, world.scheme)
    other = Team("Brack", world, world.other_gp, world.other_lead, world.other_worker, world.other_scheme)
    away = Team("Zorn", elsewhere, elsewhere.gp, elsewhere.lead, elsewhere.worker, elsewhere.scheme)
    planted.ids |= {
        "uidb36": "1",
        "key": "2-3",
        "key_id": 0,
        "lay_key": "skint",
        "map_page": 1,
        "system_id": world.system_id,
        "organisation_id": world.scheme.id,
        **_imports(world),
        **_published(world),
    }
    for team in (own, other, away):
        listings = _listings(team)
        ids = _story(team, listings)
        planted.person_ids[team.stem] = {value for name, value in ids.items() if "person" in name}
        planted.ids.update(ids if team is own else {f"{team.stem}_{name}": v for name, v in ids.items()})
    return planted


def _add_accounts(planted: Planted) -> None:
    """Roles that the small world lacks in its other organisations, an account with nothing, and sessions for all."""
    world, at = planted.world, planted.world.at
    boot = Actor.system(reason="building a test world", system_id=world.system_id)
    with clock.fixed(at), scope(boot):
        for name, role, where in (
            ("other_receptionist", Role.RECEPTIONIST, world.other_practice),
            ("other_manager", Role.MANAGER, world.other_scheme),
            ("other_administrator", Role.ADMINISTRATOR, world.other_scheme),
            ("ended", Role.LINK_WORKER, world.scheme),
            ("suspended", Role.LINK_WORKER, world.scheme),
        ):
            world.actors[name] = _account(name, role, where, boot, at, "")
    _end_membership(world)
    for name in (
        "gp",
        "receptionist",
        "worker",
        "lead",
        "manager",
        "administrator",
        "governance",
        "second_worker",
    ):
        planted.actors[name] = world.actors[name]
        planted.actors[f"away_{name}"] = planted.elsewhere.actors[name]
    for name in ("gp", "receptionist", "worker", "lead", "manager", "administrator", "governance"):
        planted.actors[f"other_{name}"] = world.actors[f"other_{name}"]
    for name in NOTHING_OPEN:
        planted.actors[name] = world.actors[name]
    planted.clients = {name: sign_in(actor, at) for name, actor in planted.actors.items()}
    for name in NOTHING_OPEN:
        shut = planted.actors[name]
        planted.actors[name] = Actor(kind="user", id=shut.id, label=shut.label, user_id=shut.user_id)
    _suspend(world)
    planted.ids |= _members(world)
    planted.clients["visitor"] = fresh_client()
    planted.clients["holder"] = fresh_client()


def _suspend(world: World) -> None:
    suspended = world.actors["suspended"]
    assert suspended.user_id
    with world.as_("administrator") as administrator:
        suspend(user_id=suspended.user_id, by=administrator, at=world.at - timedelta(minutes=1))


def _members(world: World) -> dict[str, object]:
    """A colleague to administer, and somebody invited who has not answered."""
    colleague = world.actors["second_worker"]
    with world.as_("administrator") as administrator:
        invited = invite(
            email="invited@staff.example",
            name="Ina Invited",
            organisation=world.scheme,
            role=Role.LINK_WORKER,
            by=administrator,
            at=world.at,
        )
        link = issue_link(invitation=invited, by=administrator, at=world.at)
    return {
        "user_id": colleague.user_id,
        "membership_id": colleague.membership_id,
        "invitation_id": invited.id,
        "invitation_token": links.token_of(link),
    }


def _end_membership(world: World) -> None:
    ended = world.actors["ended"]
    with world.as_("administrator") as administrator:
        assert ended.user_id
        [held] = current_memberships(user_id=ended.user_id, at=world.at)
        end_membership(membership=held, by=administrator, at=world.at - timedelta(minutes=1))


def sign_in(actor: Actor, at: datetime) -> Client:
    """A client whose session is as after signing in, without the cost of hashing a password."""
    client = fresh_client()
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    with scope(actor):
        assert actor.user_id
        session[SESSION_KEY] = str(actor.user_id)
        session[BACKEND_SESSION_KEY] = _BACKEND
        session[HASH_SESSION_KEY] = account(user_id=actor.user_id).get_session_auth_hash()
        session[MEMBERSHIP_KEY] = str(actor.membership_id)
        session[SIGN_IN_KEY] = str(_listed(actor, at))
        session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def _listed(actor: Actor, at: datetime) -> object:
    """The row without which a session opens nothing."""
    device = KnownDevice(user_id=actor.account, first_used_at=at, last_used_at=at)
    device.save(force_insert=True)
    # Some ask at the world's own time and some at the machine's: less than a working day old for both.
    signed_in_at = max(at, clock.now())
    row = SignIn(user_id=actor.account, device=device, signed_in_at=signed_in_at, last_used_at=at)
    row.save(force_insert=True)
    return row.pk


def fresh_client() -> Client:
    """A client whose form token is known, so that a post needs no page before it."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies[settings.CSRF_COOKIE_NAME] = CSRF
    return client


def _same_browser(client: Client) -> Client:
    copied = fresh_client()
    copied.cookies = client.cookies.copy()
    return copied


CSRF = "c" * 32
PLANTING = "planting a test"  # what was looked at to make the story, and is none of a test's looks


def _listings(team: Team) -> tuple[directory.Listing, directory.Listing]:
    """Two places: one that the person is connected to, and one that is free."""
    with team.world.as_("administrator") as administrator:
        made = [
            directory.register_listing(
                listing=directory.ListingRecord(
                    key="", name=f"{name} of {team.stem}", email=f"{name}@provider.example"
                ),
                provider=directory.ProviderRecord(key="", name=f"Friends of {name} of {team.stem}"),
                by=administrator,
                at=team.world.at,
            )
            for name in ("Walkers", "Singers")
        ]
    return made[0], made[1]


def _published(world: World) -> dict[str, object]:
    """What only the published directory has addresses for: a listing at a place, and a list of terms."""
    records = directory.DirectoryRecords(
        listings=[directory.ListingRecord(key="choir", name="Town choir")],
        locations=[directory.LocationRecord(key="hall", name="Town hall")],
        at_locations=[
            directory.ListingAtLocationRecord(key="there", listing_key="choir", location_key="hall")
        ],
    )
    with world.as_("administrator") as administrator:
        source = directory.SourceDetails(name="at-places", label="Places")
        directory.land(records, source=source, by=administrator, at=world.at)
        there = ListingAtLocation.objects.get(source_key="there")
        named = {"source": there.source, "fingerprint": "-", "name": "Singing"}
        taxonomy = Taxonomy.objects.create(source_key="terms", system_id=world.system_id, **named)
        term = TaxonomyTerm.objects.create(
            source_key="term", system_id=world.system_id, taxonomy=taxonomy, **named
        )
    return {"listing_at_place": there.id, "taxonomy": taxonomy.id, "taxonomy_term": term.id}


def _imports(world: World) -> dict[str, object]:
    """A directory, a list of postcodes and one of staff, each read from a file once."""
    records = directory.DirectoryRecords(listings=[directory.ListingRecord(key="one", name="Imported club")])
    source = directory.SourceDetails(name="a-file", label="A file", kind=directory.SourceKind.HSDS_CSV)
    with world.as_("administrator") as administrator:
        landed = directory.land(records, source=source, by=administrator, at=world.at)
        kept = geography.import_and_keep_report(
            read=geography.PostcodesRead(), source="a list", by=administrator, at=world.at
        )
        feed = directory.keep_feed(
            source=directory.SourceDetails(
                name="a-feed", label="A feed", kind=directory.SourceKind.FEED_ORUK3
            ),
            addresses=["https://directory.example.org"],
            every_hours=0,
            inside=[],
            by=administrator,
            at=world.at,
        )
        staff = try_staff_import(
            sheet=read_staff_sheet("list.csv", b"Name,E-mail,Role\nNia,nia@staff.example,link worker\n"),
            source="list.csv",
            by=administrator,
            at=world.at,
        )
    return {
        "import_id": landed.import_id,
        "feed_id": feed.id,
        "postcodes": kept.id,
        "staff_list": staff.id,
    }


def _story(team: Team, listings: tuple[directory.Listing, directory.Listing]) -> dict[str, object]:
    """One person with a case and everything in it, one who waits, one whose work has ended."""
    ids: dict[str, object] = {"listing_id": listings[0].id, "free_listing": listings[1].id}
    ids |= _kept_true(team, listings[0])
    first, waiting, ended = (_referral(team, number) for number in range(3))
    ids |= {"person_id": first.person_id, "referral_id": first.id, "waiting": waiting.id}
    ids |= {"waiting_person": waiting.person_id, "ended_person": ended.person_id}
    case = _accepted(team, first)
    ids["case_id"] = case.id
    ids |= _work(team, case)
    ids |= _guarded(team, case)
    ids |= _connected(team, case, listings[0])
    with team.world.as_(team.worker) as worker:
        ids["gap_id"] = gaps.record_gap(
            journey=case.journey,
            need="company",
            helped_by=gaps.WouldHaveHelped.NEARER,
            postcode="QX1 2AB",
            by=worker,
            at=team.world.at,
        ).id
    with team.world.as_(team.worker) as worker:
        ids["search_id"] = directory.save_search(
            name="Lunch clubs",
            asked=directory.SavedQuestions(words="lunch"),
            is_shared=False,
            by=worker,
            at=team.world.at,
        ).id
    ids |= _closed(team, _accepted(team, ended))
    ids |= _decided(team, _referral(team, 3))
    with team.world.as_(team.gp) as gp:
        ids["signposting_id"] = referrals.signpost(
            need_code="company", pointed_to=f"{team.stem}place", by=gp, at=team.world.at
        ).id
    return ids


def _kept_true(team: Team, listing: directory.Listing) -> dict[str, object]:
    """What keeps a listing true: its owner's link, a suggestion, an earlier state."""
    job = Actor.system(
        reason=PLANTING, system_id=team.world.system_id, organisation_ids=[team.world.scheme.id]
    )
    with team.world.as_(job):
        link = links.issue(
            purpose=directory.LINK_PURPOSE,
            subject_id=listing.id,
            organisation_id=team.world.scheme.id,
            holder_label=f"{listing.name}, by link",
            at=team.world.at,
            lives=timedelta(days=180),
        )
    with team.world.as_("administrator") as administrator:
        suggested = directory.suggest(
            listing_id=listing.id, note="It has moved.", by=administrator, at=team.world.at
        )
        [first, *_later] = directory.history_of(administrator, listing_id=listing.id)
    return {
        "listing_token": links.token_of(link),
        "listing_answer": "closed",
        "proposal_id": suggested.id,
        "event_id": first.event_id,
    }


def details_of(stem: str, number: int) -> people.PersonDetails:
    low = stem.lower()
    return people.PersonDetails(
        given_name=f"{stem}given",
        family_name=f"{stem}family-{'ABCDEFGH'[number]}",
        known_as=f"{stem}known",
        birth_date=date(1950 + number, 6, 2),
        address=f"1 {stem}address Street",
        postcode="QX1 2AB",
        phone=f"07700 90{STEMS.index(stem)}12{number}",
        email=f"{low}mail{number}@person.example",
        contact_note=f"{stem}how",
        access_needs=f"{stem}needs",
    )


def _referral(team: Team, number: int) -> referrals.Referral:
    with team.world.as_(team.gp) as gp:
        return referrals.refer(
            details=details_of(team.stem, number),
            identifier=parse_identifier("nhs_number", NUMBERS[team.stem]) if number == 0 else None,
            request=request(team.world, reason=f"{team.stem}reason"),
            scheme_id=team.scheme.id,
            by=gp,
            at=team.world.at,
        )


def _accepted(team: Team, referral: referrals.Referral) -> casework.Case:
    with team.world.as_(team.lead) as lead:
        held = referrals.referral(lead, referral_id=referral.id)
        return casework.accept(referral=held, by=lead, at=team.world.at, worker_id=team.worker.user_id)


def _work(team: Team, case: casework.Case) -> dict[str, object]:
    at, stem = team.world.at, team.stem
    with team.world.as_(team.worker) as worker:
        held = casework.case(worker, case_id=case.id)
        contact = casework.log_contact(
            case=held,
            details=casework.ContactDetails(
                contacted_on=at,
                mode="phone",
                outcome="reached",
                minutes=20,
                note=f"{stem}note",
                next_step=f"{stem}step",
                next_step_on=at.date(),
            ),
            by=worker,
            at=at,
        )
        plan = casework.agree_plan(
            case=held, what_matters=f"{stem}matters", strengths=f"{stem}strength", version=0, by=worker, at=at
        )
        goal = casework.set_goal(plan=plan, words=f"{stem}goal", by=worker, at=at)
        items = [item.id for item in instrument("ons4").items]
        occasion = measures.take(
            case=held,
            instrument_id="ons4",
            kind="baseline",
            answers=dict.fromkeys(items, 5),
            mode="assisted",
            by=worker,
            at=at,
        )
    return {"contact_id": contact.id, "goal_id": goal.id, "occasion_id": occasion.id}


def _guarded(team: Team, case: casework.Case) -> dict[str, object]:
    """A way in which the person must not be reached, and a conversation that only the lead goes on reading."""
    at, stem = team.world.at, team.stem
    assert team.lead.user_id
    with team.world.as_(team.worker) as worker:
        held = casework.case(worker, case_id=case.id)
        condition = people.set_condition(
            person=held.person,
            condition=people.NewCondition(kind="post", reason=f"{stem}asked"),
            by=worker,
            at=at,
        )
        talk = casework.ContactDetails(
            contacted_on=at, mode="phone", outcome="reached", minutes=20, note=f"{stem}sealed"
        )
        contact = casework.log_contact(case=held, details=talk, by=worker, at=at)
        seal = casework.seal_contact(
            contact=contact, named={team.lead.user_id}, reason=f"{stem}sealed", by=worker, at=at
        )
    if stem == "Quill":
        _opened_once(team.world, held.person)
    return {"condition_id": condition.id, "seal_id": seal.id}


def _opened_once(world: World, person: people.Person) -> None:
    """In an emergency, by another scheme's lead, and closed again: it opens nothing to them any more."""
    with world.as_("other_lead") as by:
        sought = people.Sought(
            identifier=None,
            given_name=person.given_name,
            family_name=person.family_name,
            birth_date=person.birth_date,
        )
        _outcome, opening_id = people.open_in_emergency(
            sought=sought, reason_kind="danger", reason="Found lost.", page=PLANTING, by=by, at=world.at
        )
        assert people.close_emergency(opening_id=opening_id, by=by)


def _connected(team: Team, case: casework.Case, listing: directory.Listing) -> dict[str, object]:
    with team.world.as_(team.worker) as worker:
        connection = connections.connect(
            case=casework.case(worker, case_id=case.id),
            listing_id=listing.id,
            kind=connections.ConnectionKind.ONWARD_REFERRAL,
            shared_fields=frozenset(SharedField),
            consent_how="in_person",
            message=f"{team.stem}asks",
            by=worker,
            at=team.world.at,
        )
        [message] = messaging.messages_about(worker, ("connection", connection.id))
        link = SignedLink.objects.get(subject_id=connection.id)
    return {
        "connection_id": connection.id,
        "message_id": message.id,
        "link_id": link.id,
        "token": links.token_of(link),
        "answer": "takes_people",
    }


def _closed(team: Team, case: casework.Case) -> dict[str, object]:
    with team.world.as_(team.worker) as worker:
        letter = feedback.close(
            case=casework.case(worker, case_id=case.id),
            reason="goals_met",
            story=f"{team.stem}story",
            told=f"{team.stem}told",
            by=worker,
            at=team.world.at,
        )
    return {"letter_id": letter.id, "closed_case": case.id}


def _decided(team: Team, referral: referrals.Referral) -> dict[str, object]:
    with team.world.as_(team.lead) as lead:
        held = referrals.referral(lead, referral_id=referral.id)
        referrals.decline(referral=held, reason="scheme_full", note="", by=lead, at=team.world.at)
    return {"declined": referral.id, "declined_person": referral.person_id}
