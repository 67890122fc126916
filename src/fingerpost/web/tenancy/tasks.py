"""The job that keeps the tree of organisations at the day it is."""

from __future__ import annotations

from procrastinate.contrib.django import app

from fingerpost.kernel import clock
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy import api


@app.periodic(cron="* * * * *")
@app.task(name="tenancy.make_moves_due", queueing_lock="tenancy.make_moves_due")
def make_moves_due(timestamp: int) -> None:
    """Each minute, system by system: what was to move today is moved."""
    for system in api.systems():
        with scope(
            Actor.system(reason="moves organisations on their day", system_id=system.id, sees_people=False)
        ) as actor:
            api.make_moves_due(by=actor, at=clock.now())
