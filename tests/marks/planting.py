"""A word of its own in every field that holds something about somebody: where it turns up tells where it came from.

The fields are those of the models that declare personal data, so a new field is planted by itself; one that cannot be
is named with its reason below, or the planting fails by its name.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import psycopg
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from fingerpost.web.foundation.personal_data import PersonalData

_CODE = "a code of our own lists"
_ID = "an id or a digest"
# Fields of text that hold no word about anybody.
NOT_PLANTED = {
    "audit_access.actor_id": _ID,
    "audit_access.page": "the name of a page",
    "audit_access.query_hash": _ID,
    "casework_case.closed_reason": _CODE,
    "connections_connection.status_by": _ID,
    "connections_connection.status_reason": _CODE,
    "directory_listingcontact.fingerprint": _ID,
    "directory_listingcontact.source_key": _ID,
    "directory_listingphone.fingerprint": _ID,
    "directory_listingphone.source_key": _ID,
    "connections_providerreply.before": "how a connection stood: codes and times",
    "connections_providerreply.given_by": _ID,
    "connections_providerreply.reason": _CODE,
    "connections_providerreply.undone_by": _ID,
    "directory_assurance.withdrawn_by": _ID,
    "directory_savedsearch.near": "four letters and digits at most: no mark is so short",
    "directory_savedsearch.words": "words of a search about nobody, which stand in the address of the search as well",
    "directory_listingmerge.undone_by": _ID,
    "directory_proposal.decided_by": _ID,
    "directory_verification.undone_by": _ID,
    "foundation_signedlink.purpose": _CODE,
    "foundation_signedlink.revoked_reason": _CODE,
    "measures_occasion.answers": "numbers",
    "measures_occasion.instrument_id": _CODE,
    "measures_occasion.instrument_version": _CODE,
    "measures_occasion.missing": _CODE,
    "measures_occasion.scores": "numbers",
    "messaging_attachment.content_type": "a type of file",
    "messaging_delivery.transport": _CODE,
    "messaging_message.about_kind": _CODE,
    "messaging_message.language": _CODE,
    "messaging_message.message_id": _ID,
    "messaging_message.purpose": _CODE,
    "messaging_message.requested_by": _ID,
    "messaging_message.subject": "a header itself: made by `compose` alone, which is given no name; decision 0062",
    "pathway_journey.source": _CODE,
    "pathway_pathwayevent.actor_id": _ID,
    "pathway_pathwayevent.after": _CODE,
    "pathway_pathwayevent.reason": _CODE,
    "pathway_pathwayevent.subject_kind": _CODE,
    "people_consent.how": _CODE,
    "people_involvement.ended_reason": _CODE,
    "people_contactcondition.address": "one of the addresses planted elsewhere, or empty",
    "people_person.ethnicity": _CODE,
    "people_seal.lifted_reason": "empty until a seal is lifted; its reason is planted",
    "referrals_referral.needs": _CODE,
    "referrals_referral.status_reason": _CODE,
    "tenancy_user.password": _ID,
}
# Fields whose value has a form: each as its column takes it, and no other text looks like it.
FORMED = {
    "people_person.postcode": "ZE9 7QV",
    "people_person.phone": "07700955739",
    "people_person.email": "zq-person-mail@person.example",
    "people_identifier.value": "9990077",  # and the number of the row
    "connections_connection.sent_to": "zq-sent-to@provider.example",
    "messaging_message.address": "zq-address@provider.example",
    "tenancy_user.email": "zq-staff-mail@staff.example",
    "tenancy_invitation.email": "zq-invited@staff.example",
}
BORN = "1907-03-19"
_BORN_AS = ("1907-03-19", "19/03/1907", "19 march 1907", "19 mar 1907", "19031907", "19070319")


_WORD = re.compile(r"zq\d{4}vx")


@cache
def _either(formed: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join([_WORD.pattern, *map(re.escape, formed)]))


@dataclass
class Marks:
    """Every mark that was made and what it stands for. A mark is found in any text, also inside what is encoded."""

    meaning: dict[str, str] = field(default_factory=dict)
    formed: list[str] = field(default_factory=list)

    def new(self, what: str) -> str:
        """A word like no other, for `what`."""
        word = f"zq{len(self.meaning):04d}vx"
        self.meaning[word] = what
        return word

    def known(self, word: str, what: str) -> str:
        self.meaning[word.lower()] = what
        self.formed.append(word.lower())
        return word

    def found(self, text: str, *, also_encoded: bool = False) -> set[str]:
        """What the marks in `text` stand for."""
        texts = [text, *(_decoded(text) if also_encoded else ())]
        words = {word for each in texts for word in self._pattern().findall(each.lower())}
        return {self.meaning[word] for word in words if word in self.meaning}

    def _pattern(self) -> re.Pattern[str]:
        return _either(tuple(self.formed))


def _decoded(text: str) -> Iterator[str]:
    """What stands in a text as base64, packed or not: cookies, sessions and signed values do that."""
    for part in re.findall(r"[A-Za-z0-9_+/=-]{16,}", text):
        try:
            raw = base64.urlsafe_b64decode(part.replace("+", "-").replace("/", "_") + "===")
        except ValueError:
            continue
        for unpack in (bytes, zlib.decompress):
            try:
                yield unpack(raw).decode("utf-8", "ignore")
            except zlib.error:
                continue


def fields() -> list[tuple[str, models.Field[Any, Any]]]:
    """Table and field of everything that may hold words about somebody, staff too."""
    found = []
    for model in apps.get_models():
        data = getattr(model, "data", None)
        if not isinstance(data, PersonalData) or data.kinds == ("none",):
            continue
        found += [
            (model._meta.db_table, each) for each in model._meta.local_concrete_fields if _is_words(each)
        ]
    return sorted(found, key=lambda one: (one[0], one[1].column))


def _is_words(column: models.Field[Any, Any]) -> bool:
    if column.is_relation or column.choices:
        return False
    if isinstance(column, ArrayField):
        return _is_words(column.base_field)
    return isinstance(column, models.CharField | models.TextField | models.JSONField | models.BinaryField)


def plant_everywhere(connection: psycopg.Connection[Any], marks: Marks) -> list[str]:
    """Write the marks into every row there is, past the walls. Returns the fields that could not be planted."""
    connection.execute(
        "SELECT set_config('fingerpost.actor_id', 'system:marks', false),"
        " set_config('fingerpost.actor_label', 'marks', false)"
    )
    faults = _fill_empty_tables(connection)
    for table, column in fields():
        place = f"{table}.{column.column}"
        if place in NOT_PLANTED:
            continue
        word = marks.known(FORMED[place], place) if place in FORMED else marks.new(place)
        for value in _ways(column, word):
            try:
                with connection.transaction():
                    done = connection.execute(f'UPDATE {table} SET "{column.column}" = {value}')
                if not done.rowcount:
                    faults.append(f"{place}: no row of {table} is in the planted world")
                break
            except psycopg.Error as refused:
                fault = f"{place}: {refused}"
        else:
            faults.append(fault)
    connection.execute("UPDATE people_person SET birth_date = %s", [BORN])
    for shown in _BORN_AS:
        marks.known(shown, "people_person.birth_date")
    return faults


def _fill_empty_tables(connection: psycopg.Connection[Any]) -> list[str]:
    """One row in every such table that the planted world leaves empty, made of whatever its columns take."""
    faults = []
    empty = {
        table for table, _ in fields() if not connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
    }
    connection.execute("SET session_replication_role = replica")
    for model in apps.get_models():
        table = model._meta.db_table
        if table not in empty:
            continue
        refusals = [_insert_one(connection, model, of_one=of_one) for of_one in (False, True)]
        if all(refusals):
            faults.append(f"{table}: no row is planted, and none could be made: {refusals}")
    connection.execute("SET session_replication_role = DEFAULT")
    return faults


def _insert_one(connection: psycopg.Connection[Any], model: type[models.Model], *, of_one: bool) -> str:
    """A row of the table; `of_one`: it may belong to one other row only. What was refused, or nothing."""
    values: dict[str, str] = {}
    pointed: Counter[str] = Counter()
    for column in model._meta.local_concrete_fields:
        if not (column.is_relation and column.related_model is not None):
            values[column.column] = _any_value(column)
            continue
        other: str = column.related_model._meta.db_table  # type: ignore[union-attr]
        only = of_one and column.null and bool(pointed)
        values[column.column] = (
            "NULL" if only else f"(SELECT id FROM {other} ORDER BY id LIMIT 1 OFFSET {pointed[other]})"
        )
        pointed[other] += 1
    names = ", ".join(f'"{name}"' for name in values)
    try:
        with connection.transaction():
            connection.execute(
                f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(values.values())}"
            )
    except psycopg.Error as refused:
        return str(refused)
    return ""


def _any_value(column: models.Field[Any, Any]) -> str:
    """Something in SQL that the column takes."""
    if column.null and column.column not in ("system_id", "organisation_id"):
        return "NULL"
    if column.column == "system_id":
        return "(SELECT system_id FROM people_person LIMIT 1)"
    if column.choices and not column.blank:
        return f"'{next(iter(dict(column.flatchoices)))}'"
    for kind, value in _VALUES.items():
        if isinstance(column, kind):
            return value
    return "''" if column.blank else "'x'"


_VALUES: dict[type, str] = {
    models.UUIDField: "gen_random_uuid()",
    ArrayField: "'{}'",
    models.JSONField: "'{}'",
    models.BooleanField: "false",
    models.IntegerField: "1",
    models.DateTimeField: "now()",
    models.DateField: "current_date",
    models.FloatField: "1",
    models.DecimalField: "1",
}


def _ways(column: models.Field[Any, Any], word: str) -> list[str]:
    """The value in SQL; where it must be unique, with the number of its row before or after it."""
    if isinstance(column, models.JSONField):
        return [f"""'{{"name": "{word}"}}'::jsonb"""]
    if isinstance(column, ArrayField):
        return [f"ARRAY['{word}']"]
    if isinstance(column, models.BinaryField):
        return [f"'{word}'::bytea"]
    digits = 6 if word.isdigit() else 12  # numbers of telephones are short, and need not be unique
    number = f"abs(hashtextextended(id::text, 0) % 1{'0' * digits})::text"
    after = f"'{word}' || {number}"
    return [after] if word.isdigit() else [f"'{word}'", after, f"{number} || '{word}'"]
