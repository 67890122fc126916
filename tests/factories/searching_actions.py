"""The actions on what people's words mean, on gaps, and on the rules of suggestions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.factories.action_rows import row
from tests.factories.stage import Stage
from tests.factories.world import a_case

from fingerpost.web.casework import api as casework
from fingerpost.web.directory import api as directory
from fingerpost.web.gaps import api as gaps

LUNCH = directory.SavedQuestions(words="lunch")


def _switched_off(stage: Stage) -> str:
    with stage.world.as_("administrator") as by:
        directory.switch_off_lay_meaning(key="skint", by=by, at=stage.at)
    return "skint"


def _gap(stage: Stage) -> tuple[casework.Case, UUID]:
    case = stage.case()
    with stage.world.as_("worker") as by:
        made = gaps.record_gap(
            journey=case.journey,
            need="company",
            helped_by=gaps.WouldHaveHelped.NEARER,
            postcode="QX1 2AB",
            by=by,
            at=stage.at,
        )
    return case, made.id


def _journey(stage: Stage, planted: Any) -> Any:
    return planted.journey


def _saved(stage: Stage) -> UUID:
    with stage.world.as_("worker") as by:
        return directory.save_search(
            name=f"Search {next(stage.numbers)}", asked=LUNCH, is_shared=False, by=by, at=stage.at
        ).id


def _list(stage: Stage) -> tuple[casework.Case, UUID]:
    made = a_case(stage.world, **stage.new(), email="somebody@home.example")
    listing = stage.listing()
    with stage.world.as_("worker") as by:
        return casework.case(by, case_id=made.id), listing.id


SEARCHING = (
    row(
        "directory.save_search",
        "worker",
        name="Lunch clubs",
        asked=directory.SavedQuestions(words="lunch", near="QX1", filters={"only": ("free",)}),
        is_shared=True,
    ),
    row(
        "directory.change_saved_search",
        "worker",
        _saved,
        search_id=lambda s, p: p,
        name="Other clubs",
        is_shared=True,
    ),
    row("directory.remove_saved_search", "worker", _saved, search_id=lambda s, p: p),
    row(
        "connections.send_list",
        "worker",
        _list,
        case=lambda s, p: p[0],
        listing_ids=lambda s, p: [p[1]],
        consent_how="by_phone",
    ),
    row(
        "directory.save_lay_meaning",
        "administrator",
        phrases=lambda s, p: [f"brassic {next(s.numbers)}"],
        needs=["money"],
        words=["debt advice"],
    ),
    row("directory.switch_off_lay_meaning", "administrator", key="skint"),
    row("directory.restore_lay_meaning", "administrator", _switched_off, key="skint"),
    row(
        "gaps.record_gap",
        "worker",
        lambda s: s.case(),
        journey=_journey,
        need="company",
        helped_by=gaps.WouldHaveHelped.NEARER,
        postcode="QX1 2AB",
    ),
    row(
        "gaps.take_back_gap",
        "worker",
        _gap,
        journey=lambda s, p: p[0].journey,
        gap_id=lambda s, p: p[1],
    ),
    row("connections.weigh_rule", "administrator", key="fits", weight=0),
)
