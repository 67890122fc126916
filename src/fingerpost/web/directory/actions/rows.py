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
_KEPT_BY_PEOPLE = ("status_by_person", "closed_at", "closed_by", "closed_reason", "merged_into")


@dataclass(frozen=True)
class Wanted:
    """One row as the source now says it: its fields, and what the source wrote."""

    fields: Mapping[str, Any]
    row: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        said = json.dumps([self.fields, self.row], sort_keys=True, cls=DjangoJSONEncoder)
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class _Before:
    """What there was of a row."""

    id: UUID
    fingerprint: str
    is_gone: bool


@dataclass
class Landed:
    """The ids by source key, what happened, and which keys are gone (for `retire`)."""

    ids: dict[str, UUID]
    tally: Tally
    gone: list[str]


@dataclass(frozen=True)
class SourceRows:
    """The rows of one kind that one source gave."""

    model: type[SourcedModel]
    source: Source
    at: datetime

    def land(self, wanted: Mapping[str, Wanted], *, kept: Collection[str] = ()) -> Landed:
        """Insert and update. Keys in `kept` were rejected this time: what landed of them before stays."""
        before = self._before()
        new: list[SourcedModel] = []
        changed: list[SourcedModel] = []
        ids = {key: was.id for key, was in before.items()}
        for key, row in wanted.items():
            was = before.get(key)
            if was is None:
                ids[key] = new_id(self.at)
                new.append(self._instance(key, ids[key], row))
            elif was.is_gone or was.fingerprint != row.fingerprint:
                changed.append(self._instance(key, ids[key], row))
        self.model.objects.bulk_create(new, batch_size=_BATCH)
        self._update(changed)
        gone = [k for k, was in before.items() if k not in wanted and k not in kept and not was.is_gone]
        same = len(wanted) - len(new) - len(changed)
        return Landed(ids, Tally(new=len(new), changed=len(changed), unchanged=same, gone=len(gone)), gone)

    def retire(self, landed: Landed) -> None:
        """Mark what is gone, so that whatever points to it stays; delete parts that nothing points to."""
        rows = self.model.objects.filter(source=self.source, source_key__in=landed.gone)
        if self._marks_gone:
            rows.update(gone_at=self.at)
        else:
            rows.delete()

    @property
    def _marks_gone(self) -> bool:
        return any(f.name == "gone_at" for f in self.model._meta.get_fields())

    def _before(self) -> dict[str, _Before]:
        columns = ["source_key", "id", "fingerprint", *(["gone_at"] if self._marks_gone else [])]
        rows = self.model.objects.filter(source=self.source).values_list(*columns)
        return {key: _Before(pk, mark, any(gone)) for key, pk, mark, *gone in rows}

    def _instance(self, key: str, pk: UUID, row: Wanted) -> SourcedModel:
        return self.model(
            id=pk,
            system_id=self.source.system_id,
            source=self.source,
            source_key=key,
            source_row=dict(row.row),
            fingerprint=row.fingerprint,
            **row.fields,
        )

    def _update(self, changed: list[SourcedModel]) -> None:
        fixed = {"id", "system_id", "source", "source_key", *_KEPT_BY_PEOPLE}
        names = [f.name for f in self.model._meta.concrete_fields if f.name not in fixed and not f.generated]
        # A row that returns is no longer gone: `gone_at` is empty on each instance, and written.
        self.model.objects.bulk_update(changed, names, batch_size=_BATCH)
