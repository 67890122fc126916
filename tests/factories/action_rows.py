"""One action and how it is called on a planted world."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from tests.factories import connecting, owners
from tests.factories.stage import Stage

from fingerpost.kernel import clock
from fingerpost.web.foundation import links
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy import api as tenancy


@dataclass(frozen=True)
class Row:
    """One action.

    `who` names an actor of the world, or `job`, `keeper` (the job that keeps listings true), `holder` (of the link to
    what was planted), `owner` (of the link to the listing).
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
        if self.who == "keeper":
            return owners.keeper(stage.world)
        if self.who == "owner":
            listing = getattr(planted, "listing", planted)
            with clock.fixed(stage.at):
                return links.read(owners.token_in(owners.letters(stage.world, listing)[-1])).actor()
        return stage.world.actors[self.who]

    def call(self, stage: Stage, planted: Any, by: Actor) -> object:
        given = self.arguments(stage, planted)
        asked = inspect.signature(self.function).parameters
        also = {"at": stage.at, "by": by}
        return self.function(**{name: also[name] for name in also if name in asked} | given)


def nothing(stage: Stage) -> None:
    return None


def row(action: str, who: str, plant: Callable[[Stage], Any] = nothing, **more: Any) -> Row:
    """`more`: plain values, or functions of the stage and of what was planted."""

    def arguments(stage: Stage, planted: Any) -> dict[str, Any]:
        return {
            name: value(stage, planted) if inspect.isfunction(value) else value
            for name, value in more.items()
        }

    return Row(action, who, plant, arguments)


def it(stage: Stage, planted: Any) -> Any:
    return planted
