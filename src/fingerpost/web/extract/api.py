"""The door of extract: one system's journeys and events, written whole or not at all."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from fingerpost.interchange.extract import Extract
from fingerpost.interchange.pseudonyms import Pseudonymiser
from fingerpost.interchange.tables import JOURNEY, PATHWAY_EVENT
from fingerpost.interchange.writer import ExtractWriter
from fingerpost.kernel.errors import InvalidValue, NotAllowed
from fingerpost.kernel.london import LONDON, to_london
from fingerpost.web.extract.readme import README
from fingerpost.web.extract.rows import event_rows, held_back, journey_rows
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import PERMISSION_WORDS, Permission

__all__ = ["extract_system", "last_whole_day", "write_extract"]


def extract_system(
    *, system_id: UUID, destination: Path, names: Pseudonymiser, at: datetime, data_to: date | None = None
) -> Extract:
    """Extract one system, as a job of that system which reaches all its organisations and no row about a person.

    `data_to` is the last day held: the last whole day unless given. Raises what `write_extract` raises.
    """
    asking = Actor.system(reason="extract", system_id=system_id, sees_people=False)
    with scope(asking):
        organisations = list(tenancy.organisations().values_list("id", flat=True))
    actor = Actor.system(
        reason="extract",
        system_id=system_id,
        organisation_ids=organisations,
        permissions={Permission.RUN_EXTRACT},
        sees_people=False,
    )
    with scope(actor):
        return write_extract(actor, destination, names, data_to=data_to or last_whole_day(at), at=at)


def write_extract(
    actor: Actor, destination: Path, names: Pseudonymiser, *, data_to: date, at: datetime
) -> Extract:
    """Write what the actor reaches, up to the end of `data_to`, into a new folder.

    Raises `NotAllowed`, `InvalidValue` for a day that is not over, and `ExtractError`, which leave nothing behind.
    """
    _check(actor, data_to, at)
    before = datetime.combine(data_to + timedelta(days=1), time(), tzinfo=LONDON)
    sealed = held_back(actor)
    with ExtractWriter(
        destination, pseudonymiser=names, data_to=data_to, created_at=at, readme=README
    ) as writer:
        # Events first: whatever is committed meanwhile, each event read here finds its journey afterwards.
        writer.write(PATHWAY_EVENT, event_rows(actor, names, before=before, but=sealed))
        writer.write(JOURNEY, journey_rows(actor, names, before=before, but=sealed))
    return writer.extract


def last_whole_day(at: datetime) -> date:
    """Yesterday in London: a day that is not over would look like a day on which less happened."""
    return to_london(at).date() - timedelta(days=1)


def _check(actor: Actor, data_to: date, at: datetime) -> None:
    if not actor.has(Permission.RUN_EXTRACT):
        raise NotAllowed(
            _("%(who)s may not do this: %(what)s.")
            % {"who": actor.label, "what": PERMISSION_WORDS[Permission.RUN_EXTRACT]},
            reason="no_permission",
        )
    if data_to > last_whole_day(at):
        raise InvalidValue(
            _("%(day)s is not over yet.") % {"day": data_to},
            field="until",
            expected=_("A day up to %(last)s, the last whole day.") % {"last": last_whole_day(at)},
        )
