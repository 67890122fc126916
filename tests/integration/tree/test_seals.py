"""A scheme that has sealed a record closes into another: who is shut out from that midnight on, and who sees.

Three rules meet: a seal is a promise about the whole team (0090); the successor's is that team from midnight on, and
nobody may fall between (0099); whoever works with a person on their own account goes on seeing their work (0090).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from tests.factories.stage import Stage
from tests.factories.tree import Tree
from tests.factories.world import request
from tests.integration.walls.about_people import lived, seen_tables

from fingerpost.web.audit import api as audit
from fingerpost.web.casework import api as casework
from fingerpost.web.people import api as people
from fingerpost.web.people.models import Seal
from fingerpost.web.referrals import api as referrals
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Role

DAY = date(2026, 4, 1)
MORNING = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
COUNTED = {"pathway_journey", "pathway_pathwayevent"}


@pytest.fixture
def case(tree: Tree) -> casework.Case:
    """Somebody with whom the north's scheme works, about whom every table has a row."""
    made = lived(Stage(tree.world))
    with tree.world.as_("worker") as by:
        audit.record_view(actor=by, person_id=made.person_id, label="Somebody", page="person")
    return made


def _seal(tree: Tree, case: casework.Case, who: str = "worker") -> people.Seal:
    with tree.world.as_(who) as by:
        return people.seal_person(
            person=people.person(by, person_id=case.person_id),
            named={by.account},
            reason="Her sister works at Bridges.",
            by=by,
            at=tree.world.at,
        )


def _also_with_the_other(tree: Tree, case: casework.Case) -> casework.Case:
    """The same person is in a case of the other scheme, with its own worker."""
    with tree.world.as_("gp") as by:
        again = referrals.refer_known_person(
            person=people.person(by, person_id=case.person_id),
            request=request(tree.world),
            scheme_id=tree.world.other_scheme.id,
            by=by,
            at=tree.world.at,
        )
    with tree.world.as_("other_lead") as by:
        return casework.accept(
            referral=referrals.referral(by, referral_id=again.id),
            by=by,
            at=tree.world.at,
            worker_id=tree.world.other_worker.user_id,
        )


def _merge(tree: Tree) -> None:
    tree.close(tree.world.scheme, DAY, tree.world.other_scheme)
    tree.world.at = MORNING


def _seen(tree: Tree, who: str, case: casework.Case) -> set[str]:
    actor = tree.signed_in(who)
    if actor is None:
        return set()
    with tree.world.as_(actor):
        return seen_tables(case)


def _joins(tree: Tree, who: str) -> None:
    """Somebody of the scheme that closed is given a role where it closed into."""
    account = tree.world.actors[who].user_id
    assert account
    with tree.world.as_(tree.world.job()) as by:
        tenancy.add_membership(
            user_id=account,
            organisation=tree.world.other_scheme,
            role=Role.LINK_WORKER,
            by=by,
            at=tree.world.at - timedelta(hours=1),
        )


def test_the_successor_s_team_is_shut_out_as_the_old_one_was(tree: Tree, case: casework.Case) -> None:
    """Without a seal they would see everything: the seal holds against them, and not because they see nobody."""
    _seal(tree, case)
    open_one = Stage(tree.world).case()
    _merge(tree)
    for who in ("other_lead", "other_worker"):
        assert _seen(tree, who, case) == COUNTED, who
        assert "casework_case" in _seen(tree, who, open_one), who
    for who in ("worker", "second_worker", "lead"):
        assert _seen(tree, who, case) == set(), (
            "whoever has no place there any more sees nothing, named or not"
        )


def test_whom_the_seal_names_sees_it_where_they_work_now(tree: Tree, case: casework.Case) -> None:
    before = _seen(tree, "worker", case)
    _seal(tree, case)
    _merge(tree)
    _joins(tree, "worker")
    _joins(tree, "second_worker")
    assert _seen(tree, "worker", case) >= before
    assert _seen(tree, "second_worker", case) == COUNTED


def test_the_team_lead_of_the_successor_is_told_and_opens_it_with_a_reason(
    tree: Tree, case: casework.Case
) -> None:
    """Or nobody could ever, once those whom it names have left: a person must not be forgotten."""
    seal = _seal(tree, case)
    _merge(tree)
    worker, lead = tree.signed_in("other_worker"), tree.signed_in("other_lead")
    assert worker and lead
    with tree.world.as_(worker), connection.cursor() as cursor:
        assert people.hidden_records(worker) == 1
        cursor.execute("SELECT people_lift_seal(%s, 'I want to see')", [seal.id])
        assert cursor.fetchone() == (False,)
    with tree.world.as_(lead) as by:
        assert people.hidden_records(by) == 1
        people.lift_seal(seal_id=seal.id, reason="Nobody it names works here.", by=by, at=tree.world.at)
    assert "casework_case" in _seen(tree, "other_worker", case)
    with tree.world.as_(tree.world.job()):
        assert Seal.objects.get(id=seal.id).lifted_by == lead.user_id


@pytest.mark.parametrize("who", ["lead", "gp", "other_gp"])
def test_no_lead_of_elsewhere_or_of_before_opens_it(tree: Tree, case: casework.Case, who: str) -> None:
    seal = _seal(tree, case)
    _merge(tree)
    with tree.world.as_(who), connection.cursor() as cursor:
        cursor.execute("SELECT people_lift_seal(%s, 'I want to see')", [seal.id])
        assert cursor.fetchone() == (False,)


def test_who_works_with_them_as_well_keeps_their_own_case_and_sees_none_of_the_sealed_work(
    tree: Tree, case: casework.Case
) -> None:
    _seal(tree, case)
    own = _also_with_the_other(tree, case)
    before = _seen(tree, "other_worker", own)
    _merge(tree)
    worker = tree.signed_in("other_worker")
    assert worker
    assert _seen(tree, "other_worker", own) == before, "nothing of their own is lost at midnight"
    with tree.world.as_(worker) as by:
        assert [one.id for one in casework.open_cases(by, worker_id=worker.user_id)] == [own.id]
        assert people.person(by, person_id=case.person_id)
        casework.log_contact(
            case=casework.case(by, case_id=own.id),
            details=Stage(tree.world).talk(),
            by=by,
            at=tree.world.at,
        )
    assert _rows_of(tree, worker, case) == {}


def _rows_of(tree: Tree, actor: object, case: casework.Case) -> dict[str, int]:
    """Rows of the scheme that closed about this person, by table, as far as they are seen."""
    columns = {
        "casework_case": "scheme_id",
        "casework_contact": "scheme_id",
        "casework_plan": "scheme_id",
        "casework_goal": "scheme_id",
        "measures_occasion": "scheme_id",
        "connections_connection": "scheme_id",
        "connections_shareddetails": "scheme_id",
        "connections_providerreply": "scheme_id",
        "referrals_referral": "scheme_id",
        "people_involvement": "organisation_id",
        "people_consent": "organisation_id",
        "messaging_message": "organisation_id",
        "casework_casehistoryevent": "scheme_id",
    }
    found = {}
    with tree.world.as_(actor), connection.cursor() as cursor:  # type: ignore[arg-type]
        for table, column in columns.items():
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE person_id = %s AND {column} = %s",
                [case.person_id, tree.world.scheme.id],
            )
            [found[table]] = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM audit_access WHERE person_ids @> ARRAY[%s::uuid] AND organisation_id = %s",
            [case.person_id, tree.world.scheme.id],
        )
        [found["audit_access"]] = cursor.fetchone()
    return {table: count for table, count in found.items() if count}


def test_without_a_seal_the_same_worker_would_see_all_of_that_work(tree: Tree, case: casework.Case) -> None:
    """So that the test above shows the seal, and not an empty table."""
    _also_with_the_other(tree, case)
    _merge(tree)
    worker = tree.signed_in("other_worker")
    assert worker
    assert {"casework_case", "casework_contact", "connections_connection", "audit_access"} <= set(
        _rows_of(tree, worker, case)
    )


def test_a_new_referral_of_them_to_the_successor_is_seen_there(tree: Tree, case: casework.Case) -> None:
    """Sealed work of before is no reason to lose what is asked for now."""
    _seal(tree, case)
    _merge(tree)
    own = _also_with_the_other_after(tree, case)
    assert "casework_case" in _seen(tree, "other_worker", own)
    worker = tree.signed_in("other_worker")
    assert worker and _rows_of(tree, worker, case) == {}


def _also_with_the_other_after(tree: Tree, case: casework.Case) -> casework.Case:
    for who in ("gp", "other_lead", "other_worker"):
        actor = tree.signed_in(who)
        assert actor
        tree.world.actors[who] = actor
    return _also_with_the_other(tree, case)


def test_a_seal_of_the_successor_shuts_the_sealed_work_of_both(tree: Tree, case: casework.Case) -> None:
    """Each seal holds against whoever it does not name: a colleague from the old team sees neither."""
    _seal(tree, case)
    own = _also_with_the_other(tree, case)
    _seal(tree, own, "other_worker")
    _merge(tree)
    _joins(tree, "worker")
    _joins(tree, "second_worker")
    for who, more in (("worker", {"people_seal"}), ("second_worker", set()), ("other_lead", set())):
        assert _seen(tree, who, case) == COUNTED | more, f"{who}: no more than the seal that names them"
    worker = tree.signed_in("other_worker")
    assert worker and _rows_of(tree, worker, case) == {}
    assert "casework_case" in _seen(tree, "other_worker", own)


def test_a_sealed_conversation_stays_sealed(tree: Tree) -> None:
    contact = Stage(tree.world).contact()
    with tree.world.as_("worker") as by:
        casework.seal_contact(
            contact=contact, named={by.account}, reason="Hers alone.", by=by, at=tree.world.at
        )
    _merge(tree)
    lead = tree.signed_in("other_lead")
    assert lead
    with tree.world.as_(lead) as by:
        assert casework.case(by, case_id=contact.case_id)
        assert casework.contacts_of(by, case_id=contact.case_id, mistakes=True) == []
        assert people.sealed_contacts(by, person_id=contact.person_id) == 1


def test_the_practice_goes_on_seeing_its_own_referral(tree: Tree, case: casework.Case) -> None:
    before = _seen(tree, "gp", case)
    _seal(tree, case)
    _merge(tree)
    assert _seen(tree, "gp", case) == before


def test_taking_the_merger_back_gives_the_seal_back_to_its_own_team(tree: Tree, case: casework.Case) -> None:
    _seal(tree, case)
    own = _also_with_the_other(tree, case)
    before = {who: _seen(tree, who, case) for who in ("worker", "second_worker", "lead", "other_worker")}
    _merge(tree)
    with tree.world.as_("above") as by:
        tenancy.take_back_closing(organisation=tree.fresh(tree.world.scheme), by=by, at=tree.world.at)
    assert {who: _seen(tree, who, case) for who in before} == before
    assert own.scheme_id == tree.world.other_scheme.id


def test_the_successor_seals_what_it_took_over_in_its_own_name(tree: Tree, case: casework.Case) -> None:
    _merge(tree)
    worker = tree.signed_in("other_worker")
    assert worker
    with tree.world.as_(worker) as by:
        made = people.seal_person(
            person=people.person(by, person_id=case.person_id),
            named={by.account},
            reason="She asked for it.",
            by=by,
            at=tree.world.at,
        )
    assert made.organisation_id == tree.world.other_scheme.id
    assert _seen(tree, "other_lead", case) == COUNTED
    assert "casework_case" in _seen(tree, "other_worker", case)
