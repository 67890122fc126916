"""The actions on what people's words mean, on gaps, and on the rules of suggestions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.factories.action_rows import row
from tests.factories.stage import Stage

from fingerpost.web.casework import api as casework
from fingerpost.web.directory import api as directory
from fingerpost.web.gaps import api as gaps


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


SEARCHING = (
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
