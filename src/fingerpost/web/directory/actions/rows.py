"""Write the rows of one kind from one source: what is new, changed, the same, or gone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.enums import ChangeKind
from fingerpost.web.directory.models import Source, SourcedModel
from fingerpost.web.directory.report import Tally

BATCH = 500
# Fields of a listing that only people write; a source must not undo them.
KEPT_BY_PEOPLE = ("status_by_person", "closed_at", "closed_by", "closed_reason", "merged_into")
_FIXED = {"id", "system_id", "source", "source_key", "landed_by", *KEPT_BY_PEOPLE}
# Shown to nobody as a change: they follow from other fields, or are the row as its source wrote it.
_NOT_TOLD = {"source_row", "fingerprint", "related_words", "gone_at"}


@dataclass(frozen=True)
class Wanted:
    """One row as the source now says it: its fields, and what the source wrote."""

    fields: Mapping[str, Any]
    row: Mapping[str, str]

    @property
    def mark(self) -> str:
        """The same whenever the same is said, also before the rows that it points to have ids that last."""
        own = {name: value for name, value in self.fields.items() if not name.endswith("_id")}
        return Wanted(own, self.row).fingerprint

    @property
    def fingerprint(self) -> str:
        said = json.dumps([self.fields, self.row], sort_keys=True, cls=DjangoJSONEncoder)
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Change:
    """One row that is new, another, or gone. `fields` are before and after; `before` is the row for undoing."""

    what: ChangeKind
    kind: str
    row_id: UUID
    key: str
    name: str
    mark: str
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Before:
    """What there was of a row."""

    id: UUID
    fingerprint: str
    is_gone: bool


@dataclass
class Landed:
    """What happened to the rows of one kind; `gone` are the keys to `retire`."""

    tally: Tally
    gone: list[str]
    changes: list[Change]


class SourceRows:
    """The rows of one kind that one source gave. `ids` are by source key."""

    def __init__(
        self, kind: str, model: type[SourcedModel], source: Source, *, at: datetime, import_id: UUID
    ) -> None:
        self.kind, self.model, self.source = kind, model, source
        self._at, self._import_id = at, import_id
        self._before = self._known()
        self.ids: dict[str, UUID] = {key: was.id for key, was in self._before.items()}

    def expect(self, keys: Iterable[str]) -> None:
        """Give ids to what will land, so that rows may point to one another."""
        for key in keys:
            if key not in self.ids:
                self.ids[key] = new_id(self._at)

    def land(self, wanted: Mapping[str, Wanted], *, kept: Collection[str] = ()) -> Landed:
        """Insert and update. Keys in `kept` were rejected this time: what landed of them before stays."""
        new = [key for key in wanted if key not in self._before]
        changed = [key for key in wanted if key in self._before and self._is_another(key, wanted[key])]
        gone = [
            key
            for key, was in self._before.items()
            if key not in wanted and key not in kept and not was.is_gone
        ]
        changes = [*self._told_new(new, wanted), *self._told(changed, wanted, gone)]
        self.model.objects.bulk_create([self._instance(key, wanted[key]) for key in new], batch_size=BATCH)
        # A row that returns is no longer gone: `gone_at` is empty on each instance, and written.
        write_over(self.model, [self._instance(key, wanted[key]) for key in changed], written(self.model))
        same = len(wanted) - len(new) - len(changed)
        tally = Tally(new=len(new), changed=len(changed), unchanged=same, gone=len(gone))
        return Landed(tally, gone, changes)

    def retire(self, landed: Landed) -> None:
        """Mark what is gone, so that whatever points to it stays; delete parts that nothing points to."""
        rows = self.model.objects.filter(source=self.source, source_key__in=landed.gone)
        if marks_gone(self.model):
            rows.update(gone_at=self._at)
        else:
            rows.delete()

    def _is_another(self, key: str, row: Wanted) -> bool:
        was = self._before[key]
        return was.is_gone or was.fingerprint != row.fingerprint

    def _known(self) -> dict[str, _Before]:
        columns = ["source_key", "id", "fingerprint", *(["gone_at"] if marks_gone(self.model) else [])]
        rows = self.model.objects.filter(source=self.source).values_list(*columns)
        return {key: _Before(pk, mark, any(gone)) for key, pk, mark, *gone in rows}

    def _instance(self, key: str, row: Wanted) -> SourcedModel:
        return self.model(
            id=self.ids[key],
            system_id=self.source.system_id,
            source=self.source,
            source_key=key,
            source_row=dict(row.row),
            fingerprint=row.fingerprint,
            landed_by=self._import_id,
            **row.fields,
        )

    def _told_new(self, keys: Iterable[str], wanted: Mapping[str, Wanted]) -> list[Change]:
        return [
            Change(
                what=ChangeKind.NEW,
                kind=self.kind,
                row_id=self.ids[key],
                key=key,
                name=_name(wanted[key].fields),
                mark=wanted[key].mark,
            )
            for key in keys
        ]

    def _told(
        self, changed: Collection[str], wanted: Mapping[str, Wanted], gone: Collection[str]
    ) -> list[Change]:
        if not changed and not gone:
            return []
        told = []
        rows = self.model.objects.filter(source=self.source, source_key__in=[*changed, *gone])
        gone_keys = set(gone)
        for row in rows.order_by("source_key").iterator(chunk_size=BATCH):
            before = as_json(row)
            is_gone = row.source_key in gone_keys
            after = None if is_gone else as_json(self._instance(row.source_key, wanted[row.source_key]))
            told.append(
                Change(
                    what=ChangeKind.GONE if is_gone else ChangeKind.CHANGED,
                    kind=self.kind,
                    row_id=row.pk,
                    key=row.source_key,
                    name=_name(before),
                    mark=row.fingerprint if is_gone else wanted[row.source_key].mark,
                    fields={} if after is None else _differing(self.model, before, after),
                    before=before,
                )
            )
        return told


def marks_gone(model: type[SourcedModel]) -> bool:
    """Whether rows of this kind are marked as gone, and not deleted, because others may point to them."""
    return any(f.name == "gone_at" for f in model._meta.get_fields())


def write_over(model: type[SourcedModel], rows: Sequence[SourcedModel], fields: Sequence[str]) -> None:
    """Write these fields of rows that are there. An upsert by id: `bulk_update` names every row once in every field,
    which is quadratic in a batch and took minutes where this takes seconds."""
    if rows and fields:
        model.objects.bulk_create(
            rows, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=list(fields)
        )


def written(model: type[SourcedModel]) -> list[str]:
    """The fields that a source may write."""
    return [f.name for f in model._meta.concrete_fields if f.name not in _FIXED and not f.generated]


def as_json(row: SourcedModel) -> dict[str, Any]:
    """A row by its columns, in the types of JSON; `from_json` reads it."""
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.generated}
    decoded: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return decoded


def from_json(model: type[SourcedModel], values: Mapping[str, Any]) -> SourcedModel:
    """The row that `as_json` wrote."""
    fields = {f.attname: f for f in model._meta.concrete_fields if not f.generated}
    return model(**{name: fields[name].to_python(value) for name, value in values.items() if name in fields})


def _differing(
    model: type[SourcedModel], before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    told = [
        f.attname for f in model._meta.concrete_fields if f.name not in _FIXED | _NOT_TOLD and not f.generated
    ]
    return {name: (before[name], after[name]) for name in told if before[name] != after[name]}


def _name(fields: Mapping[str, Any]) -> str:
    said = next((fields[f] for f in ("name", "number", "description", "address") if fields.get(f)), "")
    return str(said)[:300]
