"""The actions on imports, feeds, merged listings, and on how far a listing may be relied on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tests.factories import owners
from tests.factories.action_rows import row
from tests.factories.stage import Stage

from fingerpost.web.directory import api as directory
from fingerpost.web.directory.api import AssuranceKind, EvidenceKind, OwnerSays, SourceKind
from fingerpost.web.directory.feeds.item_files import as_file
from fingerpost.web.directory.models import Evidence, Location, SourceImport

_SHEET = directory.SourceDetails(name="sheet", label="A spreadsheet", kind=SourceKind.SHEET)
_COLUMNS = {"list.csv": {"title": "listing.name", "about": "listing.description", "tel": "phone.number"}}
_FIRST = {"list.csv": b"title,about,tel\nShed,Men mend,01632 960301\nWalks,We walk,01632 960302\n"}
_SECOND = {"list.csv": b"title,about,tel\nShed,Men chat,01632 960303\nBowls,We bowl,01632 960304\n"}
_FEED = directory.SourceDetails(name="feed", label="A feed", kind=SourceKind.FEED_ORUK3)
_INSIDE = ("127.0.0.1:9",)
_FEED_SAYS = as_file([("services", "s1", {"id": "s1", "name": "Singing", "status": "active"})], [])


def _begun(stage: Stage) -> UUID:
    with stage.world.as_("administrator") as by:
        return directory.begin_sheet(files=_FIRST, source=_SHEET, by=by, at=stage.at).pk


def _tried(stage: Stage, files: dict[str, bytes] = _FIRST) -> UUID:
    with stage.world.as_("administrator") as by:
        settings = {"columns": _COLUMNS}
        return directory.try_import(files=files, settings=settings, source=_SHEET, by=by, at=stage.at).pk


def _applied(stage: Stage, files: dict[str, bytes] = _FIRST) -> UUID:
    done = _tried(stage, files)
    with stage.world.as_("administrator") as by:
        directory.apply_import(import_id=done, by=by, at=stage.at)
    return done


def _tried_again(stage: Stage) -> UUID:
    _applied(stage)
    stage.world.later(minutes=1)
    return _tried(stage, _SECOND)


def _applied_again(stage: Stage) -> UUID:
    _applied(stage)
    stage.world.later(minutes=1)
    return _applied(stage, _SECOND)


def _old_try(stage: Stage) -> None:
    done = _tried(stage)
    with stage.world.as_("administrator"):
        SourceImport.objects.filter(pk=done).update(imported_at=stage.at - timedelta(days=40))


def _spoken(stage: Stage) -> directory.Listing:
    listing = stage.listing()
    with stage.world.as_("administrator") as by:
        directory.say(
            kind="listing",
            row_id=listing.pk,
            fields={"cost": "£2"},
            voice=SourceKind.STEWARD,
            by=by,
            at=stage.at,
        )
    return listing


def _pair(stage: Stage) -> tuple[UUID, UUID]:
    return stage.listing().pk, stage.listing().pk  # what is typed is a source of its own each time


def _merged(stage: Stage) -> UUID:
    kept, merged = _pair(stage)
    with stage.world.as_("administrator") as by:
        return directory.merge_listings(kept_id=kept, merged_id=merged, by=by, at=stage.at).pk


def _feed(stage: Stage) -> UUID:
    with stage.world.as_("administrator") as by:
        made = directory.keep_feed(
            source=_FEED,
            addresses=["http://127.0.0.1:9/feed"],
            every_hours=0,
            inside=_INSIDE,
            by=by,
            at=stage.at,
        )
        return made.pk


def _owned(stage: Stage) -> directory.Listing:
    """A listing whose owner has been sent its link."""
    listing = stage.listing()
    owners.token_of(stage.world, listing)
    return listing


def _fallen(stage: Stage) -> directory.Listing:
    listing = stage.listing()
    owners.report(stage.world, listing, EvidenceKind.NOT_RUNNING)
    return listing


def _answered(stage: Stage) -> directory.OwnerAnswer:
    listing = stage.listing()
    token = owners.token_of(stage.world, listing)
    with owners.as_owner(stage.world, token) as by:
        return directory.answer_as_owner(
            listing_id=listing.pk, says=OwnerSays.CLOSED, by=by, at=stage.world.at
        )


def _suggested(stage: Stage) -> UUID:
    listing = stage.listing()
    with stage.world.as_("worker") as by:
        return directory.suggest(
            listing_id=listing.pk, note="", fields={"cost": "£3"}, by=by, at=stage.world.at
        ).pk


def _doubted(stage: Stage) -> directory.Listing:
    """Something was learnt, and what is kept of its trust is not computed afresh yet."""
    listing = stage.listing()
    with stage.world.as_("worker") as by:
        learnt = Evidence(
            listing=listing, kind=EvidenceKind.NOT_RUNNING, reported_at=stage.at, reported_by=by.id
        )
        learnt.save(force_insert=True)
    return listing


def _paper(stage: Stage) -> UUID:
    listing = stage.listing()
    with stage.world.as_("administrator") as by:
        made = directory.record_assurance(
            listing_id=listing.pk,
            kind=AssuranceKind.DBS,
            for_provider=False,
            checked_on=date(2026, 3, 1),
            expires_on=None,
            by=by,
            at=stage.at,
        )
        return made.pk


def _refuge(stage: Stage) -> UUID:
    """A place that a feed names in words that keep its address back."""
    source = directory.SourceDetails(name=f"refuges-{next(stage.numbers)}", label="Refuges")
    records = directory.DirectoryRecords(
        listings=[directory.ListingRecord(key="r", name="Haven Refuge")],
        locations=[directory.LocationRecord(key="r", name="5 Hidden Street", address="5 Hidden Street")],
        at_locations=[directory.ListingAtLocationRecord(key="r", listing_key="r", location_key="r")],
        accessibility=[directory.AccessibilityRecord(key="r", location_key="r", description="A ramp")],
    )
    with stage.world.as_("administrator") as by:
        directory.land(records, source=source, by=by, at=stage.at)
        return Location.objects.get(source__name=source.name).pk


def _open_place(stage: Stage) -> UUID:
    place = _refuge(stage)
    with stage.world.as_("administrator") as by:
        directory.make_address_public(location_id=place, by=by, at=stage.at)
    return place


_RULES: dict[str, Any] = {
    "review_months": 6,
    "grace_days": 30,
    "ask_again_days": 14,
    "capacity_days": 60,
    "assurance_rule": directory.AssuranceRule.WARN,
    "assurance_kinds": [AssuranceKind.INSURANCE],
    "asks_as_id": None,
}


def _it(stage: Stage, planted: Any) -> Any:
    return planted


def _id(stage: Stage, planted: Any) -> UUID:
    found: UUID = planted.pk
    return found


DIRECTORY = (
    row("directory.begin_sheet", "administrator", files=_FIRST, source=_SHEET),
    row("directory.agree_columns", "administrator", _begun, import_id=_it, columns=_COLUMNS),
    row(
        "directory.try_import",
        "administrator",
        files=_FIRST,
        settings={"columns": _COLUMNS},
        source=_SHEET,
    ),
    row("directory.apply_import", "administrator", _tried_again, import_id=_it),
    row("directory.undo_import", "administrator", _applied_again, import_id=_it),
    row("directory.drop_old_tries", "administrator", _old_try),
    row(
        "directory.say",
        "administrator",
        Stage.listing,
        kind="listing",
        row_id=_id,
        fields={"cost": "£2", "email": "new@provider.example"},
        voice=SourceKind.STEWARD,
    ),
    row(
        "directory.take_back",
        "administrator",
        _spoken,
        kind="listing",
        row_id=_id,
        fields=["cost"],
        voice=SourceKind.STEWARD,
    ),
    row(
        "directory.merge_listings",
        "administrator",
        _pair,
        kept_id=lambda s, p: p[0],
        merged_id=lambda s, p: p[1],
    ),
    row("directory.take_merge_back", "administrator", _merged, merge_id=_it),
    row(
        "directory.say_they_are_two",
        "administrator",
        _pair,
        first_id=lambda s, p: p[0],
        second_id=lambda s, p: p[1],
    ),
    row(
        "directory.keep_feed",
        "administrator",
        lambda s: f"feed-{next(s.numbers)}",
        source=lambda s, p: directory.SourceDetails(name=p, label="A feed", kind=SourceKind.FEED_ORUK3),
        addresses=["http://127.0.0.1:9/feed"],
        every_hours=24,
        inside=_INSIDE,
    ),
    row("directory.ask_for_reading", "administrator", _feed, feed_id=_it),
    row("directory.import_feed", "administrator", _feed, feed_id=_it, files=_FEED_SAYS),
    row("directory.agree_rules", "administrator", **_RULES),
    row("directory.answer_as_owner", "owner", _owned, listing_id=_id, says=OwnerSays.CLOSED),
    row("directory.undo_answer", "owner", _answered, answer=_it),
    row(
        "directory.propose_as_owner",
        "owner",
        _owned,
        listing_id=_id,
        fields={"cost": "£4", "name": "Another name"},
        note="We have moved",
    ),
    row("directory.suggest", "worker", Stage.listing, listing_id=_id, note="", fields={"cost": "£3"}),
    row("directory.decide_proposal", "administrator", _suggested, proposal_id=_it, take=["cost"]),
    row("directory.restore_fields", "administrator", Stage.listing, listing_id=_id, values={"cost": "£1"}),
    row("directory.ask_if_fallen", "keeper", _fallen, listing_id=_id),
    row("directory.send_link", "keeper", Stage.listing, listing_id=_id),
    row("directory.put_off_link", "administrator", Stage.listing, listing_id=_id),
    row("directory.verify", "administrator", Stage.listing, listing_id=_id),
    row("directory.keep_trust", "administrator", _doubted, ids=lambda s, p: [p.pk]),
    row("directory.rebuild_trust", "keeper", _doubted),
    replace(row("directory.keep_true", "keeper", _doubted), is_round=True),
    row("directory.count_use", "worker", Stage.listing, listing_id=_id),
    row(
        "directory.record_assurance",
        "administrator",
        Stage.listing,
        listing_id=_id,
        kind=AssuranceKind.DBS,
        for_provider=False,
        checked_on=date(2026, 3, 1),
        expires_on=date(2027, 3, 1),
    ),
    row(
        "directory.withdraw_assurance",
        "administrator",
        _paper,
        assurance_id=_it,
        why=directory.WithdrawnWhy.REVOKED,
        note="Told by the insurer",
    ),
    row("directory.make_address_public", "administrator", _refuge, location_id=_it),
    row("directory.keep_address_secret", "administrator", _open_place, location_id=_it),
)
