"""The actions that change the tree of organisations, and how each is called on a planted world."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.factories.action_rows import it, row
from tests.factories.stage import Stage

from fingerpost.web.tenancy import api as tenancy
from fingerpost.web.tenancy.api import Organisation, OrganisationDetails, OrganisationImport, OrganisationKind
from fingerpost.web.tenancy.models import Belonging

DAY = date(2026, 6, 1)
HEADING = "code,name,kind,part of,part of since,opened on,closed on"


def _added(
    stage: Stage, kind: OrganisationKind = OrganisationKind.PRACTICE, parent: Organisation | None = None
) -> Organisation:
    with stage.world.as_(stage.world.job()) as by:
        return tenancy.add_organisation(
            kind=kind,
            details=OrganisationDetails(name=f"Planted {next(stage.numbers)}"),
            parent=parent,
            opens_on=None,
            by=by,
            at=stage.at,
        )


def _two(stage: Stage) -> tuple[Organisation, Organisation]:
    return _added(stage), _added(stage)


def _below(stage: Stage) -> tuple[Organisation, Organisation]:
    """A practice in one network, and another network."""
    first, second = (_added(stage, OrganisationKind.NETWORK) for _ in range(2))
    return _added(stage, parent=first), second


def _moving(stage: Stage, on: date = DAY) -> Belonging:
    practice, network = _below(stage)
    with stage.world.as_(stage.world.job()) as by:
        return tenancy.move_organisation(
            organisation=practice, parent=network, starts_on=on, by=by, at=stage.at
        )


def _due(stage: Stage) -> Belonging:
    made = _moving(stage)
    with stage.world.as_(stage.world.job()):
        Belonging.objects.filter(pk=made.pk).update(withdrawn_at=stage.at)
        Belonging(organisation=made.organisation, parent=made.parent, starts_on=stage.at.date()).save()
    return made


def _closing(stage: Stage) -> Organisation:
    first, second = _two(stage)
    with stage.world.as_(stage.world.job()) as by:
        return tenancy.close_organisation(
            organisation=first, closes_on=DAY, successors=[second], by=by, at=stage.at
        )


def _list(stage: Stage, system: Organisation) -> bytes:
    code = f"T{next(stage.numbers):05d}"
    return f"{HEADING}\n{code},Network {code},network,{system.code},,,\n".encode()


def _system(stage: Stage) -> Organisation:
    made = _added(stage, OrganisationKind.SYSTEM)
    with stage.world.as_(stage.world.job()) as by:
        return tenancy.correct_organisation(
            organisation=made,
            details=OrganisationDetails(name=made.name, code=f"Q{next(stage.numbers):05d}"),
            by=by,
            at=stage.at,
        )


def _tried(stage: Stage) -> OrganisationImport:
    system = _system(stage)
    with stage.world.as_(stage.world.job()) as by:
        return tenancy.try_tree(
            name="tree.csv", content=_list(stage, system), root=system, by=by, at=stage.at
        )


def _applied(stage: Stage) -> OrganisationImport:
    made = _tried(stage)
    with stage.world.as_(stage.world.job()) as by:
        return tenancy.apply_import(done=made, by=by, at=stage.at)


def _practice_row(stage: Stage, planted: Any) -> list[dict[str, Any]]:
    code = f"Y{next(stage.numbers):05d}"
    said = {"OrganisationCode": code, "OrganisationName": "A surgery", "PCDS": "QX1 1AA", "Status": "Active"}
    return [said | {"OpenDate": None, "CloseDate": None, "PrescribingSetting": "GP Practice"}]


ORGANISATIONS = (
    row(
        "tenancy.add_organisation",
        "job",
        lambda s: _added(s, OrganisationKind.NETWORK),
        kind=OrganisationKind.PRACTICE,
        details=OrganisationDetails(name="Added"),
        parent=it,
        opens_on=DAY,
    ),
    row(
        "tenancy.correct_organisation",
        "job",
        _added,
        organisation=it,
        details=OrganisationDetails(name="Put right"),
    ),
    row(
        "tenancy.move_organisation",
        "job",
        _below,
        organisation=lambda s, p: p[0],
        parent=lambda s, p: p[1],
        starts_on=DAY,
    ),
    row("tenancy.take_back_move", "job", _moving, move=it),
    row("tenancy.make_moves_due", "job", _due),
    row(
        "tenancy.close_organisation",
        "job",
        _two,
        organisation=lambda s, p: p[0],
        closes_on=DAY,
        successors=lambda s, p: [p[1]],
    ),
    row("tenancy.take_back_closing", "job", _closing, organisation=it),
    row("tenancy.try_practices", "job", _system, rows=_practice_row, source="a list", root=it),
    row("tenancy.try_tree", "job", _system, name="tree.csv", content=_list, root=it),
    row("tenancy.apply_import", "job", _tried, done=it),
    row("tenancy.undo_import", "job", _applied, done=it),
)
