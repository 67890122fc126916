"""Nothing goes out that a person has forbidden: when it is written, when it waits, and when it is sent again."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import connecting
from tests.factories.stage import TAKES, Stage
from tests.factories.world import World, build_world

from fingerpost.kernel import clock
from fingerpost.kernel.contact_route import Channel, ContactRoute
from fingerpost.kernel.errors import NotAllowed
from fingerpost.web.casework import api as casework
from fingerpost.web.connections import api as connections
from fingerpost.web.foundation.scope import scope
from fingerpost.web.messaging import api as messaging
from fingerpost.web.messaging.policies import check_may_go
from fingerpost.web.people import api as people

pytestmark = pytest.mark.django_db

EMAIL, PHONE = "amina@person.example", "+447700900123"
OTHER = "daughter@person.example"


@pytest.fixture
def stage() -> Stage:
    return Stage(build_world())


@pytest.fixture
def case(stage: Stage) -> casework.Case:
    made = stage.case()
    with stage.world.as_("worker"):
        people.Person.objects.filter(id=made.person_id).update(email=EMAIL, phone=PHONE)
        return casework.case(stage.world.worker, case_id=made.id)


def _forbid(world: World, case: casework.Case, kind: str, **more: object) -> None:
    with world.as_("worker") as by:
        people.set_condition(
            person=people.person(by, person_id=case.person_id),
            condition=people.NewCondition(kind=kind, reason="Because.", **more),  # type: ignore[arg-type]
            by=by,
            at=world.at,
        )


def _write(world: World, case: casework.Case, *, who: str = "worker") -> messaging.Message:
    with world.as_(who) as by:
        person = people.person(by, person_id=case.person_id)
        return messaging.send(
            route=people.safe_route(person, "a note", worker_id=by.user_id),
            subject=messaging.Subject("A note"),
            text="Hello\n",
            html="<p>Hello</p>",
            organisation_id=world.scheme.id,
            about=("case", case.id),
            person_id=case.person_id,
            recipient_label="Amina",
            carries_personal_data=False,
            by=by,
            at=world.at,
        )


def _deliver(world: World, message: messaging.Message) -> messaging.Message:
    with clock.fixed(world.at):
        messaging.deliver(
            message_id=message.id, system_id=world.system_id, organisation_id=message.organisation_id
        )
    with world.as_("lead") as by:
        return messaging.message(by, message_id=message.id)


FORBIDDING: dict[str, dict[str, object]] = {
    "nothing": {},
    "email": {},
    "address": {"address": " Amina@Person.example "},
    "not_before": {"not_before": date(2026, 4, 1)},
}


@pytest.mark.parametrize("kind", FORBIDDING)
def test_no_route_is_made(stage: Stage, case: casework.Case, kind: str) -> None:
    _forbid(stage.world, case, kind, **FORBIDDING[kind])
    with stage.world.as_("worker") as by:
        person = people.person(by, person_id=case.person_id)
        try:
            route = people.safe_route(person, "a note", worker_id=by.user_id)
        except NotAllowed:
            return
    assert route.channel == Channel.SMS, "by phone it was not forbidden"


@pytest.mark.parametrize("kind", FORBIDDING)
def test_what_waits_is_held_back_and_staff_see_why(stage: Stage, case: casework.Case, kind: str) -> None:
    message = _write(stage.world, case)
    _forbid(stage.world, case, kind, **FORBIDDING[kind])
    held = _deliver(stage.world, message)
    assert (held.state, held.last_fault) == (messaging.State.FAILED, "not_allowed")
    with stage.world.as_("lead") as by:
        [tried] = messaging.deliveries_of(by, message_id=message.id)
    assert (tried.outcome, tried.answer) == ("refused", f"contact_{kind}")


def test_it_is_not_sent_again_while_it_is_forbidden(stage: Stage, case: casework.Case) -> None:
    message = _write(stage.world, case)
    _forbid(stage.world, case, "email")
    held = _deliver(stage.world, message)
    route = ContactRoute(
        channel=Channel.EMAIL,
        address=EMAIL,
        purpose="a note",
        confirmed=True,
        person_id=case.person_id,
    )
    with stage.world.as_("lead") as by:
        with pytest.raises(NotAllowed):
            messaging.resend(message=held, route=route, by=by, at=stage.world.at)
        [condition] = people.conditions_of(by, person_id=case.person_id)
        people.lift_condition(condition=condition, by=by, at=stage.world.at)
        messaging.resend(message=held, route=route, by=by, at=stage.world.at)
    assert _deliver(stage.world, message).state == messaging.State.DELIVERED


def test_only_the_named_worker_gets_through(stage: Stage, case: casework.Case) -> None:
    message = _write(stage.world, case, who="second_worker")
    own = _write(stage.world, case)
    worker = stage.world.worker.user_id
    _forbid(stage.world, case, "worker", worker_id=worker, worker_name="Worker")
    assert _deliver(stage.world, message).last_fault == "not_allowed"
    assert _deliver(stage.world, own).state == messaging.State.DELIVERED


def test_a_message_to_somebody_else_passes_unless_the_address_is_forbidden(
    stage: Stage, case: casework.Case
) -> None:
    def allowed(address: str) -> bool:
        with stage.world.as_(stage.world.job()):
            try:
                check_may_go(
                    channel="email",
                    address=address,
                    about_person_id=case.person_id,
                    to_person_id=None,
                    requested_by="",
                )
            except NotAllowed:
                return False
            return True

    _forbid(stage.world, case, "email")
    assert allowed("group@provider.example")
    assert not allowed(EMAIL), "her own address, whatever the message calls itself"
    _forbid(stage.world, case, "address", address=OTHER)
    assert not allowed(OTHER.upper())


def test_a_provider_no_longer_reads_a_number_that_must_not_be_used(stage: Stage, case: casework.Case) -> None:
    world = stage.world
    asked = connecting.connect(world, case, stage.listing(), fields={"name", "phone", "email"}, message="")
    with connecting.as_provider(world, asked) as (holder, held):
        connections.record_reply(connection=held, reply=TAKES, by=holder, at=world.at)
        before = connections.details(holder, connection_id=asked.id)
    assert before is not None and set(before.fields) == {"name", "phone", "email"}
    _forbid(world, case, "phone")
    with connecting.as_provider(world, asked) as (holder, _held):
        after = connections.details(holder, connection_id=asked.id)
    assert after is not None and set(after.fields) == {"name", "email"}


kinds = st.sampled_from(["nothing", "phone", "email", "post", "address", "worker", "not_before"])
conditions = st.lists(
    st.tuples(kinds, st.sampled_from([EMAIL, PHONE, OTHER]), st.integers(1, 40), st.booleans()), max_size=4
)


@given(
    conditions=conditions,
    channel=st.sampled_from([Channel.EMAIL, Channel.SMS]),
    address=st.sampled_from([EMAIL, PHONE, OTHER]),
    days=st.integers(0, 50),
    by_worker=st.booleans(),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_nothing_goes_out_that_any_live_condition_forbids(
    stage: Stage,
    case: casework.Case,
    conditions: list[tuple[str, str, int, bool]],
    channel: Channel,
    address: str,
    days: int,
    by_worker: bool,
) -> None:
    """Against a plain reading of the rules, written anew here."""
    world, today = stage.world, stage.world.at.date()
    worker = world.worker.user_id
    asker = worker if by_worker else world.second_worker.user_id
    assert worker is not None and asker is not None
    with world.as_("worker"):
        people.ContactCondition.objects.filter(person_id=case.person_id, lifted_at=None).update(
            lifted_at=world.at, lifted_by=worker
        )
    for kind, one_address, ahead, lifted in conditions:
        _forbid_and_perhaps_lift(
            world, case, kind, one_address, today + timedelta(days=ahead), worker, lifted
        )
    day = today + timedelta(days=days)
    expected = any(
        _reads(kind, one_address, today + timedelta(days=ahead), channel, address, day, by_worker)
        for kind, one_address, ahead, lifted in conditions
        if not lifted
    )
    with clock.fixed(world.at + timedelta(days=days)), scope(world.job()):
        try:
            check_may_go(
                channel=channel.value,
                address=address,
                about_person_id=case.person_id,
                to_person_id=case.person_id,
                requested_by=f"user:{asker}",
            )
        except NotAllowed:
            went = False
        else:
            went = True
    assert went is not expected


def _reads(
    kind: str, forbidden: str, until: date, channel: Channel, address: str, day: date, by_worker: bool
) -> bool:
    return {
        "nothing": True,
        "phone": channel == Channel.SMS,
        "email": channel == Channel.EMAIL,
        "post": False,
        "address": forbidden == address,
        "worker": not by_worker,
        "not_before": day < until,
    }[kind]


def _forbid_and_perhaps_lift(
    world: World, case: casework.Case, kind: str, address: str, day: date, worker: UUID, lifted: bool
) -> None:
    more: dict[str, dict[str, object]] = {
        "address": {"address": address},
        "worker": {"worker_id": worker, "worker_name": "Worker"},
        "not_before": {"not_before": day},
    }
    with world.as_("worker") as by:
        made = people.set_condition(
            person=people.person(by, person_id=case.person_id),
            condition=people.NewCondition(kind=kind, reason="Because.", **more.get(kind, {})),  # type: ignore[arg-type]
            by=by,
            at=world.at,
        )
        if lifted:
            people.lift_condition(condition=made, by=by, at=world.at)
