"""Jobs of connections: one round each working morning, system by system."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from fingerpost.kernel import clock
from fingerpost.web.connections import api
from fingerpost.web.foundation import jobs
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy import api as tenancy

REASON = "reminds providers"

logger = logging.getLogger(__name__)


@app.periodic(cron="30 7 * * 1-5")
@app.task(name="connections.chase_all", queueing_lock="connections.chase_all")
def chase_all(timestamp: int) -> None:
    """Look at the open questions of every scheme of every system; one that fails does not stop the others."""
    for system in tenancy.systems():
        with scope(Actor.system(reason=REASON, system_id=system.id, sees_people=False)):
            schemes = list(
                tenancy.organisations(kind=tenancy.OrganisationKind.SCHEME).values_list("id", flat=True)
            )
        for scheme_id in schemes:
            try:
                with jobs.in_scope(system_id=system.id, organisation_ids=[scheme_id], reason=REASON) as actor:
                    api.chase(by=actor, at=clock.now())
            except Exception:
                logger.exception("reminding the providers of scheme %s failed", scheme_id)
