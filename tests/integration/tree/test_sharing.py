"""What a network sees of its practices, and that practices of one network do not see each other's referrals."""

from __future__ import annotations

from itertools import count

from django.db import connection
from tests.factories.tree import Tree
from tests.factories.world import a_referral, details, request

from fingerpost.web.dashboards.forms import reach_of
from fingerpost.web.pathway import api as pathway
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import OrganisationKind, Role

_NUMBERS = count()
ABOUT_PEOPLE = (
    "people_person",
    "referrals_referral",
    "people_involvement",
    "casework_case",
    "people_identifier",
)


def test_scheme_of_a_network_works_with_what_each_practice_sent_and_practices_stay_apart(tree: Tree) -> None:
    """One team for a whole network sees every referral sent to it; a practice sees its own and no other."""
    world = tree.world
    second = tree.add(OrganisationKind.PRACTICE, "Second of the north", tree.north)
    shared = tree.add(OrganisationKind.SCHEME, "Team of the network", tree.north)
    job = world.job()
    with world.as_(job):
        for practice in (world.practice, second):
            tenancy.cover_practice(scheme=shared, practice=practice, starts_on=world.at.date(), by=job)
        for name, where, role in (("second_gp", second, Role.CLINICIAN), ("team", shared, Role.TEAM_LEAD)):
            held = tenancy.open_account(
                email=f"{name}@staff.example", name=name, role=role, organisation=where, by=job, at=world.at
            )
            world.actors[name] = tenancy.actor_of(user=held.user, membership=held)
    sent = {}
    for who, given in (("gp", "Ann"), ("second_gp", "Bea")):
        with world.as_(who) as by:
            sent[who] = referrals.refer(
                details=details(given_name=given),
                identifier=None,
                request=request(world),
                scheme_id=shared.id,
                by=by,
                at=world.at,
            )
    with world.as_("team") as team:
        assert {one.person.given_name for one in referrals.queue(team)} == {"Ann", "Bea"}
    for who, own, other in (("gp", "Ann", "Bea"), ("second_gp", "Bea", "Ann")):
        with world.as_(who) as by:
            assert [one.person.given_name for one in referrals.sent_by(by)] == [own]
            assert [one.given_name for one in people.search(by, query=own)] == [own]
            assert list(people.search(by, query=other)) == []
    # A scheme of the same network that was sent nobody sees nobody.
    with world.as_("lead") as lead:
        assert list(referrals.queue(lead)) == []


def test_whoever_looks_after_a_network_counts_and_reads_no_row_about_anybody(tree: Tree) -> None:
    a_referral(tree.world)
    for who in ("counting_north", "in_north", "above"):
        actor = tree.signed_in(who)
        assert actor and tree.world.practice.id in actor.organisation_ids
        with tree.world.as_(actor), connection.cursor() as cursor:
            for table in ABOUT_PEOPLE:
                cursor.execute(f"SELECT count(*) FROM {table}")
                assert cursor.fetchone()[0] == 0, (who, table)
            cursor.execute("SELECT count(*) FROM pathway_pathwayevent")
            assert cursor.fetchone()[0] == 3
    west = tree.add(OrganisationKind.NETWORK, "West", tree.system)
    job = tree.world.job()
    with tree.world.as_(job):
        held = tenancy.open_account(
            email="west@staff.example",
            name="west",
            role=Role.MANAGER,
            organisation=west,
            by=job,
            at=tree.world.at,
        )
        tree.world.actors["counting_west"] = tenancy.actor_of(user=held.user, membership=held)
    away = tree.signed_in("counting_west")
    assert away
    with tree.world.as_(away), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pathway_pathwayevent")
        assert cursor.fetchone()[0] == 0


def test_a_network_counts_of_a_shared_scheme_what_its_own_practices_referred(tree: Tree) -> None:
    """The south's scheme serves a practice of each: the south, which runs it, counts all of it, the north its own."""
    world = tree.world
    for who in ("gp", "other_gp", "other_gp"):
        with world.as_(who) as by:
            referrals.refer(
                details=details(given_name=f"Given{next(_NUMBERS)}"),
                identifier=None,
                request=request(world),
                scheme_id=world.other_scheme.id,
                by=by,
                at=world.at,
            )
    events = {}
    for who in ("counting_north", "counting_south", "above"):
        actor = tree.signed_in(who)
        assert actor
        assert (world.other_scheme.id in actor.organisation_ids) is (who != "counting_north")
        with world.as_(actor):
            events[who] = pathway.events_for_counting(actor).count()
            assert pathway.PathwayEvent.objects.count() == events[who], "the wall gives no more"
            offered = [one.id for one in reach_of(actor).schemes]
        assert world.other_scheme.id in offered, "and whoever counts may choose the scheme"
    assert events == {"counting_north": 3, "counting_south": 9, "above": 9}


def test_a_scheme_that_serves_one_network_alone_is_counted_whole_until_it_is_shared(tree: Tree) -> None:
    """One that lies below nothing: what nobody's practice referred (people who came by themselves) is its network's."""
    world, job = tree.world, tree.world.job()
    with world.as_(job):
        alone = tenancy.register_organisation(kind=OrganisationKind.SCHEME, name="Alone", by=job)
        tenancy.cover_practice(scheme=alone, practice=world.practice, starts_on=world.at.date(), by=job)
    for expected in (True, False):
        north, south = tree.signed_in("counting_north"), tree.signed_in("counting_south")
        assert north and south and alone.id not in south.organisation_ids
        assert (alone.id in north.organisation_ids) is expected
        with world.as_(job):
            tenancy.cover_practice(
                scheme=alone, practice=world.other_practice, starts_on=world.at.date(), by=job
            )
