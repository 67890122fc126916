"""What a list of organisations would change, compared with what is here. Reads, and writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from fingerpost.kernel.ids import new_id
from fingerpost.web.tenancy.enums import OrganisationKind
from fingerpost.web.tenancy.listed import Listed, ReadList
from fingerpost.web.tenancy.models import Organisation
from fingerpost.web.tenancy.selectors.access import below

FEW = 5  # so many may go from a list without somebody having to look
SHARE = 10  # and one in so many of those that were known
NAMES_SHOWN = 50
FIELDS = ("name", "postcode", "opens_on", "closes_on")


@dataclass
class Plan:
    """Each change with what was there before, and where every line went. All of it can be kept as JSON."""

    changes: list[dict[str, Any]] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    gone: list[str] = field(default_factory=list)
    closing: int = 0
    known: int = 0

    @property
    def is_held(self) -> bool:
        """A list that lost many of those it had is more often cut off than true."""
        return len(self.gone) + self.closing > max(FEW, self.known // SHARE)

    def counts(self, read: ReadList) -> dict[str, Any]:
        return {
            "read": read.read,
            "new": self.outcomes["new"],
            "changed": self.outcomes["changed"],
            "same": self.outcomes["same"],
            "rejected": read.lines_rejected,
            "left_out": dict(read.left_out),
            "gone": len(self.gone),
            "gone_names": sorted(self.gone)[:NAMES_SHOWN],
            "closing": self.closing,
            "known": self.known,
        }


def rejects_as_json(read: ReadList) -> list[dict[str, Any]]:
    return [asdict(one) for one in sorted(read.rejects, key=lambda one: one.line)]


def plan_practices(read: ReadList, *, root: Organisation, today: date) -> Plan:
    """New practices come directly below `root`; what is here and not in the list is named, and left as it is."""
    plan = Plan()
    here = by_code()
    reach = below([root.pk])
    for row in read.rows:
        held = here.get(row.code)
        if held is None:
            plan.changes.append(new_change(row, new_id(), parent_id=root.pk))
            plan.outcomes["new"] += 1
        elif held.kind != OrganisationKind.PRACTICE:
            read.refuse(
                row.line,
                "OrganisationCode",
                row.code,
                _("this code is that of a %(kind)s here: %(name)s")
                % {"kind": held.get_kind_display(), "name": held.name},
                _("Correct the code of that one."),
            )
        elif held.pk not in reach:
            read.refuse(
                row.line,
                "OrganisationCode",
                row.code,
                _("this practice is here, and is not part of %(name)s") % {"name": root.name},
                _("Move it first."),
            )
        else:
            change = changed(held, row)
            plan.outcomes["changed" if change else "same"] += 1
            if change:
                plan.changes.append(change)
                plan.closing += "closes_on" in change["after"] and held.closes_on is None
    mine = [
        one
        for one in here.values()
        if one.kind == OrganisationKind.PRACTICE and one.pk in reach and one.is_open(today)
    ]
    plan.known = len(mine)
    plan.gone = [f"{one.name} ({one.code})" for one in mine if one.code not in read.codes]
    return plan


def by_code() -> dict[str, Organisation]:
    return {one.code: one for one in Organisation.objects.exclude(code="").select_related("parent")}


def new_change(row: Listed, made: UUID, *, parent_id: UUID) -> dict[str, Any]:
    return {
        "kind": "new",
        "id": str(made),
        "code": row.code,
        "values": {
            "kind": row.kind,
            "name": row.name,
            "postcode": row.postcode,
            "opens_on": iso(row.opens_on),
            "closes_on": iso(row.closes_on),
        },
        "parent": str(parent_id),
        "since": iso(row.part_of_from or row.opens_on),
    }


def changed(held: Organisation, row: Listed) -> dict[str, Any] | None:
    """What the line says otherwise. What it leaves out stays, and capital letters alone are no other name."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name in FIELDS:
        said, is_here = getattr(row, name), getattr(held, name)
        if not said or said == is_here or (name == "name" and said.casefold() == is_here.casefold()):
            continue
        before[name], after[name] = as_json(is_here), as_json(said)
    if not after:
        return None
    return {"kind": "changed", "id": str(held.pk), "code": held.code, "before": before, "after": after}


def as_json(value: object) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def ids_of(changes: Iterable[dict[str, Any]], kind: str) -> list[UUID]:
    return [UUID(one["id"]) for one in changes if one["kind"] == kind]
