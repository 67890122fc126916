"""Write the rows of one kind from one source: what is new, changed, the same, or gone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.models import Source, SourcedModel
from fingerpost.web.directory.report import Tally

_BATCH = 500
# Fields of a listing that only people write; a source must not undo them.
_KEPT_BY_PEOPLE = ("status_by_person", "closed_at", "closed_by", "closed_reason")


@dataclass(frozen=True)
class Wanted:
    """One row as the source now says it: its fields, and what the source wrote."""

    fields: Mapping[str, Any]
    row: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        said = json.dumps([self.fields, self.row], sort_keys=True, cls=DjangoJSONEncoder)
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass
class Landed:
    """The ids by source key, what happened, and which keys are gone (for `retire`)."""

    ids: dict[str, UUID]
    tally: Tally
    gone: list[str]


def land_rows(
    model: type[SourcedModel],
    source: Source,
    wanted: Mapping[str, Wanted],
    *,
    at: datetime,
    kept: Collection[str] = (),
) -> Landed:
    """Insert and update. Keys in `kept` were rejected this time: what landed of them before stays."""
    marks = [f.name for f in model._meta.get_fields() if f.name == "gone_at"]
    rows = model.objects.filter(source=source).values_list("source_key", "id", "fingerprint", *marks)
    before = {key: (pk, mark, bool(gone and gone[0])) for key, pk, mark, *gone in rows}
    new: list[SourcedModel] = []
    changed: list[SourcedModel] = []
    ids: dict[str, UUID] = {}
    for key, row in wanted.items():
        known = before.get(key)
        ids[key] = known[0] if known else new_id(at)
        if known is None or known[1] != row.fingerprint or known[2]:
            (changed if known else new).append(_instance(model, source, key, ids[key], row))
    model.objects.bulk_create(new, batch_size=_BATCH)
    _update(model, changed)
    gone = [
        k for k, (_pk, _mark, is_gone) in before.items() if k not in wanted and k not in kept and not is_gone
    ]
    for key, (pk, _mark, _gone) in before.items():
        ids.setdefault(key, pk)
    same = len(wanted) - len(new) - len(changed)
    return Landed(ids, Tally(new=len(new), changed=len(changed), unchanged=same, gone=len(gone)), gone)


def _instance(model: type[SourcedModel], source: Source, key: str, pk: UUID, row: Wanted) -> SourcedModel:
    return model(
        id=pk,
        system_id=source.system_id,
        source=source,
        source_key=key,
        source_row=dict(row.row),
        fingerprint=row.fingerprint,
        **row.fields,
    )


def _update(model: type[SourcedModel], changed: list[SourcedModel]) -> None:
    if not changed:
        return
    fixed = {"id", "system_id", "source", "source_key", *_KEPT_BY_PEOPLE}
    names = [f.name for f in model._meta.concrete_fields if f.name not in fixed and not f.generated]
    # A returning row is no longer gone: `gone_at` is empty on each instance and is written with the rest.
    model.objects.bulk_update(changed, names, batch_size=_BATCH)


def retire(model: type[SourcedModel], source: Source, landed: Landed, *, at: datetime) -> None:
    """Mark what is gone, so that whatever points to it stays; parts that nothing points to are deleted."""
    rows = model.objects.filter(source=source, source_key__in=landed.gone)
    if any(f.name == "gone_at" for f in model._meta.get_fields()):
        rows.update(gone_at=at)
    else:
        rows.delete()
