"""Who says what of a field: words of people and of other sources over what a row's own source says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import FaultList, InvalidValue, NotFound
from fingerpost.web.directory.actions.rows import Wanted, as_json
from fingerpost.web.directory.enums import SOURCE_RANKS, SourceKind
from fingerpost.web.directory.field_words import SAYABLE, Word, winner
from fingerpost.web.directory.models import (
    EmailAddress,
    FieldWord,
    Listing,
    Location,
    Provider,
    Source,
    SourcedModel,
    SourceImport,
)
from fingerpost.web.directory.policies import check_can_speak
from fingerpost.web.foundation.actor import Actor

SPOKEN_OF: Mapping[str, type[SourcedModel]] = {
    "listing": Listing,
    "provider": Provider,
    "location": Location,
}
_PEOPLE = {
    SourceKind.PROVIDER: ("providers-own-word", _("the provider itself")),
    SourceKind.STEWARD: ("stewards", _("the keepers of this directory")),
}


@transaction.atomic
def say(
    *,
    kind: str,
    row_id: UUID,
    fields: Mapping[str, Any],
    voice: SourceKind,
    by: Actor,
    at: datetime,
) -> SourcedModel:
    """Say something of a listing, provider or location, as its provider or as a steward.

    It outlasts what the row's source says, by rank (`field_words`). Raises `Faults` with every field that may
    not be said or does not fit; a caller who acts for a link must know that it is about this row.
    """
    check_can_speak(by)
    row = _locked(kind, row_id)
    values = _checked(kind, row, fields)
    source = source_of_people(voice)
    for name, value in values.items():
        _keep_own_word(kind, row, name, at)
        keep_word(kind, row, name, source=source, value=value, at=at, by=by.id)
    settle(kind, row, values, at=at)
    keep_email(row)
    return row


@transaction.atomic
def take_back(
    *, kind: str, row_id: UUID, fields: Collection[str], voice: SourceKind, by: Actor, at: datetime
) -> SourcedModel:
    """Withdraw words: each field is again what the others say."""
    check_can_speak(by)
    row = _locked(kind, row_id)
    source = source_of_people(voice)
    FieldWord.objects.filter(**{kind: row}, source=source, field__in=list(fields)).delete()
    settle(kind, row, fields, at=at)
    keep_email(row)
    return row


def source_of_people(voice: SourceKind) -> Source:
    """The source in whose name providers or stewards speak; made when first needed."""
    name, label = _PEOPLE[voice]
    found, _made = Source.objects.get_or_create(
        name=name, defaults={"label": label, "kind": voice, "rank": SOURCE_RANKS[voice]}
    )
    return found


def settle(kind: str, row: SourcedModel, fields: Iterable[str], *, at: datetime) -> None:
    """Write into the row what counts of each of these fields now."""
    spoken = _words_of(kind, [row.pk]).get(row.pk, {})
    set_fields = [name for name in fields if name in spoken]
    for name in set_fields:
        value = winner(spoken[name], at=at).value
        setattr(row, name, _field(type(row), name).to_python(value))
    if set_fields:
        row.save(update_fields=set_fields)


def keep_word(
    kind: str, row: SourcedModel, name: str, *, source: Source, value: Any, at: datetime, by: str
) -> None:
    """What one source says of one field, in place of what it said before."""
    subject: dict[str, Any] = {f"{kind}_id": row.pk}
    FieldWord.objects.update_or_create(
        defaults={"value": value, "said_at": at, "said_by": by},
        field=name,
        source=source,
        **subject,
    )


def keep_own_words(kind: str, row: SourcedModel, fields: Iterable[str], at: datetime) -> None:
    """What the row's own source says, kept where somebody else is about to speak."""
    for name in fields:
        _keep_own_word(kind, row, name, at)


def keep_email(row: SourcedModel) -> None:
    """An address that is new to us begins as checked by nobody."""
    address = getattr(row, "email", "")
    if address and not EmailAddress.objects.filter(address=address.lower()).exists():
        EmailAddress(address=address.lower()).save(force_insert=True)


class Overlay:
    """The words that stand over what one source says of its rows of one kind, while it lands."""

    def __init__(self, kind: str, source: Source, *, at: datetime) -> None:
        self._kind, self._source, self._at = kind, source, at
        self._ids = dict(
            SPOKEN_OF[kind]
            .objects.filter(source=source, words__isnull=False)
            .values_list("source_key", "id")
            .distinct()
        )
        self._words = _words_of(kind, self._ids.values())

    def over(self, wanted: dict[str, Wanted]) -> None:
        """Put what counts in place of what the source says, and keep what it says as its own word."""
        for key, row_id in self._ids.items():
            if key in wanted:
                wanted[key] = self._over(row_id, wanted[key])

    def _over(self, row_id: UUID, wanted: Wanted) -> Wanted:
        fields = dict(wanted.fields)
        for name, words in self._words[row_id].items():
            own = Word(
                source=self._source.name,
                rank=_rank(self._source, name),
                value=_plain(fields[name]),
                said_at=self._at,
            )
            self._keep(row_id, name, own.value)
            others = [word for word in words if word.source != self._source.name]
            # A source that leaves a field empty says nothing of it; people who empty it do.
            speaking = others if others and own.value in (None, "", []) else [own, *others]
            counting = winner(speaking, at=self._at)
            if counting is not own:
                fields[name] = _field(SPOKEN_OF[self._kind], name).to_python(counting.value)
        return Wanted(fields, wanted.row)

    def _keep(self, row_id: UUID, name: str, value: Any) -> None:
        said = FieldWord.objects.filter(**{f"{self._kind}_id": row_id}, field=name, source=self._source)
        said.update(value=value, said_at=self._at)


def _words_of(kind: str, ids: Iterable[UUID]) -> dict[UUID, dict[str, list[Word]]]:
    found: dict[UUID, dict[str, list[Word]]] = defaultdict(lambda: defaultdict(list))
    rows = FieldWord.objects.filter(**{f"{kind}_id__in": list(ids)}).select_related("source")
    for row in rows:
        word = Word(
            source=row.source.name,
            rank=_rank(row.source, row.field),
            value=row.value,
            said_at=row.said_at,
        )
        found[getattr(row, f"{kind}_id")][row.field].append(word)
    return found


def _rank(source: Source, name: str) -> int:
    return int(source.field_ranks.get(name, source.rank))


def _locked(kind: str, row_id: UUID) -> SourcedModel:
    found = SPOKEN_OF[kind].objects.select_for_update().filter(id=row_id).first()
    if found is None:
        raise NotFound(_("This is not in the directory."), remedy=_("Search for it by name."))
    return found


def _keep_own_word(kind: str, row: SourcedModel, name: str, at: datetime) -> None:
    if FieldWord.objects.filter(**{kind: row}, field=name).exists():
        return
    read = SourceImport.objects.filter(source_id=row.source_id, applied_at__isnull=False)
    newest = read.order_by("-applied_at").values_list("applied_at", "applied_by").first()
    said_at, said_by = newest or (at, f"source:{row.source.name}")
    keep_word(kind, row, name, source=row.source, value=as_json(row)[name], at=said_at, by=said_by)


def _checked(kind: str, row: SourcedModel, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values in the types of JSON. Raises `Faults` with everything that is wrong."""
    faults = FaultList()
    for name, value in fields.items():
        if name not in SAYABLE[kind]:
            faults.add(
                InvalidValue(
                    _("“%(field)s” cannot be set by hand.") % {"field": name},
                    field=name,
                    expected=", ".join(SAYABLE[kind]),
                )
            )
            continue
        try:
            setattr(row, name, _field(type(row), name).clean(value, row))
        except ValidationError as fault:
            faults.add(InvalidValue(" ".join(fault.messages), field=name))
    low, high = getattr(row, "minimum_age", None), getattr(row, "maximum_age", None)
    if low is not None and high is not None and high < low:
        faults.add(
            InvalidValue(
                _("The oldest age is below the youngest."),
                field="maximum_age",
                expected=_("An age of %(low)s or more.") % {"low": low},
            )
        )
    faults.raise_any()
    changed = as_json(row)
    row.refresh_from_db(fields=list(fields))
    return {name: changed[name] for name in fields}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _field(model: type[SourcedModel], name: str) -> Any:
    return model._meta.get_field(name)
