"""A world with a tree above it: a system, two networks, a practice in each, and administrators on every floor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tests.factories.world import PASSWORD, World, build_world, email_of

from fingerpost.kernel import clock
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Organisation, OrganisationDetails, OrganisationKind, Role


@dataclass
class Tree:
    """`world` with `system` above `north` (its practice, its scheme) and `south` (the other ones)."""

    world: World
    system: Organisation
    north: Organisation
    south: Organisation

    def signed_in(self, who: str) -> Actor | None:
        """Whom the account is now, as the middleware finds it; none when it is nobody any more."""
        user_id = self.world.actors[who].user_id
        assert user_id
        with (
            clock.fixed(self.world.at),
            scope(Actor(kind="user", id=f"user:{user_id}", label=who, user_id=user_id)),
        ):
            held = tenancy.current_memberships(user_id=user_id, at=self.world.at)
            user = tenancy.account(user_id=user_id)
            actor = tenancy.actor_of(user=user, membership=held[0]) if held else None
        if actor is None or actor.sees_people:
            return actor
        with clock.fixed(self.world.at), scope(actor):
            return tenancy.with_reach(actor, on=clock.today())

    def fresh(self, one: Organisation) -> Organisation:
        with self.world.as_(self.world.job()):
            return tenancy.organisation(organisation_id=one.pk)

    def close(self, one: Organisation, on: date, *into: Organisation) -> Organisation:
        with self.world.as_("above") as by:
            return tenancy.close_organisation(
                organisation=one, closes_on=on, successors=into, by=by, at=self.world.at
            )

    def add(self, kind: OrganisationKind, name: str, parent: Organisation, **more: object) -> Organisation:
        with self.world.as_("above") as by:
            return tenancy.add_organisation(
                kind=kind,
                details=OrganisationDetails(name=name, code=str(more.get("code", ""))),
                parent=parent,
                opens_on=more.get("opens_on"),  # type: ignore[arg-type]
                by=by,
                at=self.world.at,
            )


def plant_tree(*, mark: str = "") -> Tree:
    world = build_world(mark=mark)
    job = world.job()
    with world.as_(job):
        system = tenancy.register_organisation(
            kind=OrganisationKind.SYSTEM, name=f"Vale{mark}", code="QVA", by=job
        )
        north, south = (
            tenancy.register_organisation(
                kind=OrganisationKind.NETWORK, name=f"{name}{mark}", code=code, parent=system, by=job
            )
            for name, code in (("North", "U10001"), ("South", "U10002"))
        )
        below = (
            (world.practice, north),
            (world.scheme, north),
            (world.other_practice, south),
            (world.other_scheme, south),
        )
        for one, parent in below:
            one.parent = parent
            one.save(update_fields=["parent"])
        for name, where, role in (
            ("above", system, Role.ADMINISTRATOR),
            ("in_north", north, Role.ADMINISTRATOR),
            ("counting_north", north, Role.MANAGER),
            ("counting_south", south, Role.MANAGER),
            ("at_practice", world.practice, Role.ADMINISTRATOR),
        ):
            held = tenancy.open_account(
                email=email_of(name, mark),
                name=name,
                role=role,
                organisation=where,
                by=job,
                at=world.at - timedelta(days=100),
                password=PASSWORD,
            )
            world.actors[name] = tenancy.actor_of(user=held.user, membership=held)
    return Tree(world, system, north, south)
