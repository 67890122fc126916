"""Jobs of the directory: each feed is read when it is due, a few minutes at a time."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from procrastinate.contrib.django import app

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.directory import api
from fingerpost.web.directory.feeds.fetching import Fetcher
from fingerpost.web.foundation import jobs
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy import api as tenancy

READ_FEED = "directory.read_feed"
AT_A_TIME = timedelta(minutes=5)  # a long feed must not keep the worker from everything else

logger = logging.getLogger(__name__)


def _reader(system_id: UUID) -> Actor:
    return Actor.system(
        reason="reads a feed",
        system_id=system_id,
        permissions={tenancy.Permission.IMPORT_DIRECTORY},
        sees_people=False,
    )


@app.periodic(cron="*/10 * * * *")
@app.task(name="directory.read_due", queueing_lock="directory.read_due")
def read_due(timestamp: int) -> None:
    """Queue the feeds of every system that are due."""
    for system in tenancy.systems():
        with scope(_reader(system.id)):
            for feed_id in api.due_feeds(at=clock.now()):
                jobs.defer(READ_FEED, key=str(feed_id), feed_id=feed_id, system_id=system.id)


@app.task(name=READ_FEED)
def read_feed(feed_id: str, system_id: str) -> None:
    """Read a feed for a while. At its end import it; before its end queue the rest; a fault is kept with it."""
    actor = _reader(UUID(system_id))
    try:
        with Fetcher(inside=settings.FINGERPOST_FEED_HOSTS_INSIDE) as fetcher:
            files = api.read_feed(
                feed_id=UUID(feed_id), by=actor, fetcher=fetcher, until=clock.now() + AT_A_TIME
            )
        with scope(actor):
            if files is None:
                jobs.defer(READ_FEED, key=feed_id, feed_id=UUID(feed_id), system_id=UUID(system_id))
            else:
                api.import_feed(feed_id=UUID(feed_id), files=files, by=actor, at=clock.now())
    except FingerpostError as fault:
        # Its words stand with the reading; a log gets none that others wrote.
        logger.warning("reading the feed %s stopped (%s)", feed_id, type(fault).__name__)


@app.periodic(cron="40 2 * * *")
@app.task(name="directory.drop_old_tries", queueing_lock="directory.drop_old_tries")
def drop_old_tries(timestamp: int) -> None:
    """Each night: files of imports that nobody applied in time are not kept."""
    for system in tenancy.systems():
        actor = _reader(system.id)
        with scope(actor):
            api.drop_old_tries(by=actor, at=clock.now())
