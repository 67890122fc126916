"""Lists of organisations: tried first, then applied as they were tried, and undone if that was wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import Conflict, FaultList, InvalidValue, NotAllowed, SourceFault
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.london import to_london
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.tenancy.actions.tree import LONG_AGO, tell_of_closing
from fingerpost.web.tenancy.enums import ImportKind, ImportState
from fingerpost.web.tenancy.listed import ReadList
from fingerpost.web.tenancy.models import Belonging, Organisation, OrganisationImport
from fingerpost.web.tenancy.policies import check_can_import_organisations
from fingerpost.web.tenancy.practice_lists import Row, practices_in
from fingerpost.web.tenancy.selectors.access import administered
from fingerpost.web.tenancy.selectors.planning import (
    Plan,
    as_json,
    by_code,
    ids_of,
    plan_practices,
    rejects_as_json,
)
from fingerpost.web.tenancy.selectors.planning_tree import plan_tree
from fingerpost.web.tenancy.selectors.tree import parent_on
from fingerpost.web.tenancy.tree_lists import tree_in

MOST_REJECTED = 10_000  # a file with more is another kind of file
_BATCH = 1_000
_SHOWN = 20


@transaction.atomic
def try_practices(
    *,
    rows: Iterable[Row],
    source: str,
    root: Organisation,
    areas: Collection[str] = (),
    by: Actor,
    at: datetime,
) -> OrganisationImport:
    """What the national list would change below `root`. Nothing is changed; the plan is kept, to be applied or not."""
    _check_may(by, root, at=at)
    today = to_london(at).date()
    read = practices_in(rows, known=set(by_code()), areas=areas, today=today)
    plan = plan_practices(read, root=root, today=today)
    return _keep(_kept(ImportKind.PRACTICES, source, root, by, at), read, plan)


@transaction.atomic
def try_tree(*, name: str, content: bytes, root: Organisation, by: Actor, at: datetime) -> OrganisationImport:
    """What a list of the tree would change below `root`. Nothing is changed; the plan is kept, to be applied or not."""
    _check_may(by, root, at=at)
    read = tree_in(name, content)
    plan = plan_tree(read, root=root, today=to_london(at).date())
    return _keep(_kept(ImportKind.TREE, name, root, by, at), read, plan)


@transaction.atomic
def apply_import(
    *, done: OrganisationImport, although_held: bool = False, by: Actor, at: datetime
) -> OrganisationImport:
    """Do what was planned, all or nothing. Raises `Conflict` when the tree is not as it was when it was tried."""
    held = _locked(done)
    _check_may(by, held.root, at=at)
    if held.state == ImportState.HELD and not although_held:
        raise NotAllowed(
            _("This list is held: it has lost, or closes, many organisations that are here."),
            reason="held",
            expected=_("Somebody who has looked whether the file is whole."),
            remedy=_("Look at what is gone. If it is true, apply it all the same."),
        )
    if held.state not in (ImportState.READ, ImportState.HELD):
        raise InvalidValue(
            _("This list was applied already."), remedy=_("Upload it again to compare it again.")
        )
    _check_as_it_was(held.plan)
    _make(held.plan, at=at)
    for one in _those(held.plan, "changed"):
        _set(one["id"], one["after"])
    _tell_of_closings(held.plan)
    _move(held.plan, at=at)
    held.state, held.applied_at, held.applied_by = ImportState.APPLIED, at, by.id
    held.save(update_fields=["state", "applied_at", "applied_by"])
    return held


@transaction.atomic
def undo_import(*, done: OrganisationImport, by: Actor, at: datetime) -> OrganisationImport:
    """The tree as it was before. Raises `Faults` naming everything that has come to stand on it since."""
    held = _locked(done)
    _check_may(by, held.root, at=at)
    if held.state != ImportState.APPLIED:
        raise InvalidValue(_("This list is not applied, so there is nothing to undo."))
    faults = FaultList()
    _check_as_it_was_made(held.plan, faults)
    moved = {UUID(one["belonging"]) for one in _those(held.plan, "moved")}
    Belonging.objects.filter(id__in=moved).update(withdrawn_at=at)
    for one in _those(held.plan, "changed"):
        _set(one["id"], one["before"])
    _tell_of_closings(held.plan)
    _bring_to_today(ids_of(held.plan, "moved"), at=at)
    _check_nothing_stands_on(held.plan, faults)
    faults.raise_any(_("This cannot be undone, and nothing was."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenancy_take_back_new(%s)", [held.pk])
        gone = int(cursor.fetchone()[0])
    if gone != len(_those(held.plan, "new")):
        raise Conflict(_("Not all of what was new could be taken back, so nothing was."))
    held.state, held.undone_at, held.undone_by = ImportState.UNDONE, at, by.id
    held.save(update_fields=["state", "undone_at", "undone_by"])
    return held


def _check_may(by: Actor, root: Organisation, *, at: datetime) -> None:
    check_can_import_organisations(by, root=root, reach=administered(by, at=at))


def _kept(kind: ImportKind, source: str, root: Organisation, by: Actor, at: datetime) -> OrganisationImport:
    return OrganisationImport(
        id=new_id(at), kind=kind, root=root, source=source[:100], read_at=at, read_by=by.id
    )


def _keep(made: OrganisationImport, read: ReadList, plan: Plan) -> OrganisationImport:
    if read.lines_rejected > MOST_REJECTED:
        raise SourceFault(
            _("More than %(most)s lines cannot be taken, the first because: %(reason)s.")
            % {"most": f"{MOST_REJECTED:,}", "reason": read.rejects[0].reason},
            remedy=_("Check that this is the right file."),
        )
    made.state = ImportState.HELD if plan.is_held else ImportState.READ
    made.counts, made.rejects, made.plan = plan.counts(read), rejects_as_json(read), plan.changes
    made.save(force_insert=True)
    return made


def _locked(done: OrganisationImport) -> OrganisationImport:
    found: OrganisationImport = (
        OrganisationImport.objects.select_for_update(of=("self",)).select_related("root").get(id=done.pk)
    )
    return found


def _those(plan: Sequence[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [one for one in plan if one["kind"] == kind]


def _check_as_it_was(plan: Sequence[dict[str, Any]]) -> None:
    changed = _those(plan, "changed")
    here = _here(one["id"] for one in changed)
    other = [one["code"] for one in changed if not _is(here.get(UUID(one["id"])), one["before"])]
    codes = [one["code"] for one in _those(plan, "new")]
    other += Organisation.objects.filter(code__in=codes).values_list("code", flat=True)
    if other:
        raise Conflict(
            _("These have changed since the list was tried: %(codes)s.")
            % {"codes": ", ".join(other[:_SHOWN])},
            remedy=_("Upload the list again, and look at what it would change now."),
        )


def _make(plan: Sequence[dict[str, Any]], *, at: datetime) -> None:
    """What is part of something new comes after it: the wall asks for the larger one."""
    new = _those(plan, "new")
    depth: dict[str, int] = {}
    floors: dict[int, list[Organisation]] = defaultdict(list)
    belongings = []
    for one in new:  # parents stand first in the plan
        depth[one["id"]] = depth.get(one["parent"], -1) + 1
        values = {name: _value(name, value) for name, value in one["values"].items()}
        made = Organisation(id=UUID(one["id"]), code=one["code"], parent_id=UUID(one["parent"]), **values)
        floors[depth[one["id"]]].append(made)
        since = date.fromisoformat(one["since"]) if one["since"] else LONG_AGO
        belongings.append(
            Belonging(id=new_id(at), organisation_id=made.pk, parent_id=made.parent_id, starts_on=since)
        )
    for floor in sorted(floors):
        _insert(floors[floor])
    _insert(belongings)


def _insert(rows: Sequence[Any]) -> None:
    for one in rows:
        one.system_id = one.system_id or _system_id()
    if rows:
        type(rows[0]).objects.bulk_create(rows, batch_size=_BATCH)


def _system_id() -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("SELECT fp_system()")
        found: UUID = cursor.fetchone()[0]
    return found


def _move(plan: Sequence[dict[str, Any]], *, at: datetime) -> None:
    moved = _those(plan, "moved")
    here = _here(one["id"] for one in moved)
    begun = set(
        Belonging.objects.filter(organisation_id__in=here, withdrawn_at=None).values_list(
            "organisation_id", flat=True
        )
    )
    for one in moved:
        held = here[UUID(one["id"])]
        since = date.fromisoformat(one["since"])
        first = held.opens_on or LONG_AGO
        if held.pk not in begun and held.parent_id and first < since:
            Belonging(id=new_id(at), organisation=held, parent_id=held.parent_id, starts_on=first).save(
                force_insert=True
            )
        begun.add(held.pk)
        Belonging.objects.filter(organisation=held, starts_on=since, withdrawn_at=None).update(
            withdrawn_at=at
        )
        Belonging(
            id=UUID(one["belonging"]), organisation=held, parent_id=UUID(one["parent"]), starts_on=since
        ).save(force_insert=True)
    _bring_to_today([one.pk for one in here.values()], at=at)


def _bring_to_today(ids: Collection[UUID], *, at: datetime) -> None:
    today = to_london(at).date()
    for one in Organisation.objects.filter(id__in=set(ids)):
        parent_id = parent_on(one, today)
        if parent_id is not None and parent_id != one.parent_id:
            one.parent_id = parent_id
            one.save(update_fields=["parent"])


def _check_as_it_was_made(plan: Sequence[dict[str, Any]], faults: FaultList) -> None:
    here = _here(one["id"] for one in plan)
    for one in plan:
        held = here.get(UUID(one["id"]))
        expected = {"changed": "after", "new": "values"}.get(one["kind"])
        if held is None or (expected and not _is(held, one[expected])):
            faults.add(
                InvalidValue(
                    _("%(code)s was changed again since.") % {"code": one["code"]},
                    remedy=_("Undo that first, or put it right by hand."),
                )
            )
    for one in Belonging.objects.filter(
        id__in={UUID(each["belonging"]) for each in _those(plan, "moved")}, withdrawn_at__isnull=False
    ).select_related("organisation"):
        faults.add(
            InvalidValue(_("The move of %(name)s was taken back since.") % {"name": one.organisation.name})
        )


def _check_nothing_stands_on(plan: Sequence[dict[str, Any]], faults: FaultList) -> None:
    """Asked after the import's own moves are taken back: they do not stand against it."""
    new = _those(plan, "new")
    here = _here(one["id"] for one in new)
    for name, what, how_many in _depending(ids_of(new, "new"), here):
        faults.add(
            InvalidValue(
                _("On %(name)s stands something by now: %(what)s (%(count)s).")
                % {"name": name, "what": what, "count": how_many},
                remedy=_("Close it on its own page instead."),
            )
        )


def _depending(ids: Sequence[UUID], here: dict[UUID, Organisation]) -> list[tuple[str, str, int]]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organisation_id, what, how_many FROM tenancy_depending(%s) ORDER BY 1, 2 LIMIT %s",
            [list(ids), _SHOWN],
        )
        return [
            (here[found].name, _words(what), count)
            for found, what, count in cursor.fetchall()
            if found in here
        ]


def _words(what: str) -> str:
    table = what.partition(".")[0]
    return {
        "tenancy_membership": _("accounts"),
        "tenancy_invitation": _("invitations"),
        "tenancy_schemecoverage": _("schemes that take its referrals"),
        "tenancy_organisation": _("organisations that are part of it"),
        "tenancy_belonging": _("organisations that are part of it"),
        "tenancy_succession": _("an organisation that closed into it"),
    }.get(table, _("records of people"))


def _here(ids: Iterable[str]) -> dict[UUID, Organisation]:
    return {one.pk: one for one in Organisation.objects.filter(id__in={UUID(text) for text in ids})}


def _is(held: Organisation | None, values: dict[str, Any]) -> bool:
    return held is not None and all(as_json(getattr(held, name)) == value for name, value in values.items())


def _set(text: str, values: dict[str, Any]) -> None:
    changes = {name: _value(name, value) for name, value in values.items()}
    Organisation.objects.filter(id=UUID(text)).update(**changes)


def _tell_of_closings(plan: Sequence[dict[str, Any]]) -> None:
    """Of every organisation whose last day is another now."""
    ids = [UUID(one["id"]) for one in _those(plan, "changed") if "closes_on" in one["after"]]
    for one in Organisation.objects.filter(id__in=ids):
        tell_of_closing(one)


def _value(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in ("opens_on", "closes_on") and value else value
