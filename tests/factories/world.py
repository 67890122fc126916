"""A small world to test in: one system with two practices, two schemes, and an account in every role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from fingerpost.kernel import clock
from fingerpost.kernel.ids import new_id
from fingerpost.web.casework import api as casework
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.people import api as people
from fingerpost.web.referrals import api as referrals
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import OrganisationKind, Role

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"


@dataclass
class World:
    """Organisations and actors by short names: `world.gp`, `world.lead`, `world.worker`, `world.manager` ..."""

    system_id: UUID
    at: datetime
    practice: tenancy.Organisation
    other_practice: tenancy.Organisation
    scheme: tenancy.Organisation
    other_scheme: tenancy.Organisation
    actors: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["actors"][name]
        except KeyError:
            raise AttributeError(name) from None

    @contextmanager
    def as_(self, who: str | Actor) -> Iterator[Actor]:
        actor = self.actors[who] if isinstance(who, str) else who
        with clock.fixed(self.at), scope(actor):
            yield actor

    def later(self, **by: float) -> datetime:
        """Move the world's clock on, and return its time."""
        self.at += timedelta(**by)
        return self.at

    def job(self, *, permissions: tuple[str, ...] = ()) -> Actor:
        return Actor.system(
            reason="a test",
            system_id=self.system_id,
            organisation_ids=[self.practice.id, self.scheme.id],
            permissions=permissions,
        )


STAFF = {
    "gp": ("practice", Role.CLINICIAN),
    "receptionist": ("practice", Role.RECEPTIONIST),
    "other_gp": ("other_practice", Role.CLINICIAN),
    "lead": ("scheme", Role.TEAM_LEAD),
    "worker": ("scheme", Role.LINK_WORKER),
    "second_worker": ("scheme", Role.LINK_WORKER),
    "manager": ("scheme", Role.MANAGER),
    "administrator": ("scheme", Role.ADMINISTRATOR),
    "governance": ("scheme", Role.INFORMATION_GOVERNANCE),
    "other_governance": ("other_scheme", Role.INFORMATION_GOVERNANCE),
    "other_lead": ("other_scheme", Role.TEAM_LEAD),
    "other_worker": ("other_scheme", Role.LINK_WORKER),
}


def build_world(*, at: datetime = NOW, system_id: UUID | None = None, mark: str = "") -> World:
    """Make a world in the current database. `mark` keeps e-mail addresses of two worlds apart."""
    system_id = system_id or new_id()
    boot = Actor.system(reason="building a test world", system_id=system_id)
    with clock.fixed(at), scope(boot):
        made = {
            "practice": _organisation(OrganisationKind.PRACTICE, f"Elm Street Surgery{mark}", boot),
            "other_practice": _organisation(OrganisationKind.PRACTICE, f"Mill Lane Practice{mark}", boot),
            "scheme": _organisation(OrganisationKind.SCHEME, f"Link Up{mark}", boot),
            "other_scheme": _organisation(OrganisationKind.SCHEME, f"Bridges{mark}", boot),
        }
        for practice in ("practice", "other_practice"):
            for scheme in ("scheme", "other_scheme"):
                tenancy.cover_practice(
                    scheme=made[scheme], practice=made[practice], starts_on=date(2020, 1, 1), by=boot
                )
        world = World(system_id=system_id, at=at, **made)
        for name, (where, role) in STAFF.items():
            world.actors[name] = _account(name, role, made[where], boot, at, mark)
    return world


def _organisation(kind: OrganisationKind, name: str, by: Actor) -> tenancy.Organisation:
    return tenancy.register_organisation(
        kind=kind,
        name=name,
        by=by,
        phone="01632 960 100",
        email=f"{kind.value}-{new_id().hex[-6:]}@mail.example",
    )


def _account(
    name: str, role: Role, organisation: tenancy.Organisation, by: Actor, at: datetime, mark: str
) -> Actor:
    membership = tenancy.open_account(
        email=email_of(name, mark),
        name=f"{name.replace('_', ' ').title()}{mark}",
        role=role,
        organisation=organisation,
        by=by,
        at=at - timedelta(days=400),
        password=PASSWORD,
    )
    return tenancy.actor_of(user=membership.user, membership=membership)


def email_of(name: str, mark: str = "") -> str:
    return f"{name}{mark}@staff.example".replace(" ", "").lower()


def details(**changes: object) -> people.PersonDetails:
    """A person as a referrer would give them."""
    values: dict[str, object] = {
        "given_name": "Amina",
        "family_name": "Okafor",
        "birth_date": date(1958, 6, 2),
        "phone": "07700 900123",
        "postcode": "QX1 2AB",
    }
    return people.PersonDetails(**{**values, **changes})  # type: ignore[arg-type]


def request(world: World, **changes: object) -> referrals.Request:
    values: dict[str, object] = {
        "needs": ("company",),
        "reason": "Alone since her husband died in the spring.",
        "agreed_at": world.at - timedelta(days=1),
        "agreed_how": "in_person",
    }
    return referrals.Request(**{**values, **changes})  # type: ignore[arg-type]


def a_referral(world: World, *, by: str = "gp", **changes: object) -> referrals.Referral:
    """A person newly referred to the world's scheme."""
    with world.as_(by) as actor:
        return referrals.refer(
            details=details(**changes),
            identifier=None,
            request=request(world),
            scheme_id=world.scheme.id,
            by=actor,
            at=world.at,
        )


def a_case(world: World, **changes: object) -> casework.Case:
    """A person referred, accepted, and given to `world.worker`."""
    referral = a_referral(world, **changes)
    with world.as_("lead") as lead:
        held = referrals.referral(lead, referral_id=referral.id)
        return casework.accept(referral=held, by=lead, at=world.at, worker_id=world.worker.user_id)
