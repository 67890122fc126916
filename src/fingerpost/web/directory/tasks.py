"""Jobs of the directory: each feed is read when it is due, a few minutes at a time."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from fingerpost.kernel import clock
from fingerpost.kernel.errors import FingerpostError
from fingerpost.web.directory import api
from fingerpost.web.directory.actions.feeds import READ_FEED
from fingerpost.web.directory.api import ASK_OWNER, SEND_LINK
from fingerpost.web.directory.feeds.fetching import Fetcher, Limits
from fingerpost.web.foundation import jobs
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy import api as tenancy

AT_A_TIME = timedelta(minutes=5)  # a long feed must not keep the worker from everything else
# A feed that asks for more time than this is left alone until it is due again.
_LIMITS = Limits(longest_wait=60)

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
        with Fetcher(inside=settings.FINGERPOST_FEED_HOSTS_INSIDE, limits=_LIMITS) as fetcher:
            files = api.read_feed(
                feed_id=UUID(feed_id), by=actor, fetcher=fetcher, until=clock.now() + AT_A_TIME
            )
        with scope(actor):
            if files is None:
                jobs.defer(READ_FEED, key=feed_id, feed_id=UUID(feed_id), system_id=UUID(system_id))
            else:
                _import_feed(UUID(feed_id), files, actor)
    except FingerpostError as fault:
        # Its words stand with the reading; a log gets none that others wrote.
        logger.warning("reading the feed %s stopped (%s)", feed_id, type(fault).__name__)


def _import_feed(feed_id: UUID, files: dict[str, bytes], actor: Actor) -> None:
    try:
        with transaction.atomic():
            api.import_feed(feed_id=feed_id, files=files, by=actor, at=clock.now())
    except FingerpostError as fault:
        why = _("It was read, and could not be imported: %(why)s") % {"why": fault}
        api.tell_why_not_imported(feed_id=feed_id, why=why, by=actor, at=clock.now())
        logger.warning("importing the feed %s stopped (%s)", feed_id, type(fault).__name__)


@app.periodic(cron="40 2 * * *")
@app.task(name="directory.drop_old_tries", queueing_lock="directory.drop_old_tries")
def drop_old_tries(timestamp: int) -> None:
    """Each night: files of imports that nobody applied in time are not kept."""
    for system in tenancy.systems():
        actor = _reader(system.id)
        with scope(actor):
            api.drop_old_tries(by=actor, at=clock.now())


def _keeper(system_id: UUID) -> tuple[Actor, list[UUID]]:
    """Who keeps listings true, and in whose name owners are written to: none where no organisation could be."""
    actor = Actor.system(
        reason="keeps the directory true",
        system_id=system_id,
        permissions={tenancy.Permission.IMPORT_DIRECTORY},
        sees_people=False,
    )
    with scope(actor):
        keeper = api.keeper_of(api.area_rules(actor))
    return actor, [keeper.id] if keeper else []


@app.task(name=ASK_OWNER)
def ask_owner(listing_id: str, system_id: str) -> None:
    """Ask the owner of a listing that has fallen."""
    actor, organisations = _keeper(UUID(system_id))
    with scope(actor.within(system_id=UUID(system_id), organisation_ids=organisations)) as by:
        api.ask_if_fallen(listing_id=UUID(listing_id), by=by, at=clock.now())


@app.task(name=SEND_LINK)
def send_link(listing_id: str, system_id: str) -> None:
    """Send the owner of a listing its link."""
    actor, organisations = _keeper(UUID(system_id))
    with scope(actor.within(system_id=UUID(system_id), organisation_ids=organisations)) as by:
        api.send_link(listing_id=UUID(listing_id), by=by, at=clock.now())


@app.periodic(cron="10 3 * * *")
@app.task(name="directory.keep_true", queueing_lock="directory.keep_true")
def keep_true(timestamp: int) -> None:
    """Each night, system by system: trust computed afresh, owners asked and reminded. One that fails stops no other."""
    for system in tenancy.systems():
        try:
            actor, organisations = _keeper(system.id)
            with scope(actor.within(system_id=system.id, organisation_ids=organisations)) as by:
                api.keep_true(by=by, at=clock.now())
        except Exception:
            logger.exception("keeping the directory of system %s true failed", system.id)
