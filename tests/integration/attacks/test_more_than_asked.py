"""Every form sent with every column of every table added under its own name: what is written is what was asked."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from tests.integration.attacks.forms_found import Form, body, forms_found
from tests.integration.routes.asking import writes
from tests.integration.routes.planted import CSRF, Planted

from fingerpost.kernel import clock
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope
from fingerpost.web.staff.scheme.finding_forms import DirectoryForm

# What a page leaves out where it is empty, and may be sent with the form all the same.
MAY_COME_ALONG = {"staff:keep_search": frozenset(DirectoryForm.base_fields)}
_TRACES = {"audit_access", "audit_unsealed", "django_session", "foundation_cacheentry", "foundation_linkuse"}
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Made anew each time, by chance or by the real clock: said nothing about.
_BY_CHANCE = re.compile(r"[A-Za-z0-9_+/=-]{24,}|\d{4}-\d\d-\d\dT[\d:.]+\+00:00")
_COUNTED = re.compile(r'"(?:pgh_)?id": \d+,? ?')  # the next number of a sequence, which is never taken back
_FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def added(planted: Planted) -> list[tuple[str, str]]:
    """A value for each column that would be seen: another system's ids, a year nobody used, a strange word."""
    theirs = {
        name.removeprefix("Zorn_"): str(value)
        for name, value in planted.ids.items()
        if name.startswith("Zorn_")
    }
    found: dict[str, str] = {}
    for model in apps.get_models():
        if model.__module__.startswith("fingerpost."):
            for field in model._meta.concrete_fields:
                for name in (field.name, field.attname):
                    found.setdefault(name, _strange(field, name, theirs, planted))
    return list(found.items())


def _strange(field: models.Field[object, object], name: str, theirs: dict[str, str], planted: Planted) -> str:
    if isinstance(field, models.BooleanField):
        return "true"
    if isinstance(field, models.DateTimeField | models.DateField):
        return "1999-09-09"
    if isinstance(field, models.IntegerField | models.FloatField | models.DecimalField):
        return "7"
    if isinstance(field, models.UUIDField | models.ForeignKey):
        return theirs.get(name) or theirs.get(f"{name}_id") or str(planted.elsewhere.scheme.id)
    return "smuggled"


@pytest.fixture(scope="module")
def forms(planted: Planted) -> list[Form]:
    return [form for form in forms_found(planted) if form.method == "POST" and not form.is_files]


def test_columns_added_to_a_form_change_nothing_that_is_written(
    planted: Planted, forms: list[Form], added: list[tuple[str, str]]
) -> None:
    tables = _tables()
    before = {table: _rows(planted, table) for table in tables}
    wrote, faults = 0, []
    for form in forms:
        honest = _sent(planted, form, form.honest, before)
        if not honest[1]:
            continue
        wrote += 1
        # A page may ask the same route in several forms: what any of them asks may be sent with each.
        asked = {name for one in forms if one.route == form.route for name in one.names}
        asked |= MAY_COME_ALONG.get(form.route, frozenset())
        more = [pair for pair in added if pair[0] not in asked and not pair[0].startswith("csrf")]
        given = _sent(planted, form, [*form.honest, *more], before)
        if given != honest:
            differ = sorted(set(given[1]) ^ set(honest[1]))
            faults.append(f"{form.route} as {form.who}: {honest[0]} {given[0]} {differ[:2]}"[:1500])
    assert wrote > 12, "too few forms wrote anything: the honest answers are not honest"
    assert not faults, "\n" + "\n".join(faults)


def _tables() -> list[str]:
    """Those that this role may read at all; only the database itself writes the others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE has_table_privilege(oid, 'SELECT')")
        readable = {name for (name,) in cursor.fetchall()}
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("fingerpost.")
        and model._meta.managed
        and model._meta.db_table in readable - _TRACES
    )


def _sent(
    planted: Planted, form: Form, pairs: list[tuple[str, str]], before: dict[str, set[str]]
) -> tuple[int, list[str]]:
    """The status, and every row that is new or changed, without what differs by chance."""
    client, was = planted.clients[form.who], writes()
    cookies = client.cookies.copy()
    try:
        with clock.fixed(planted.world.at), transaction.atomic():
            given = body([*pairs, ("csrfmiddlewaretoken", CSRF)])
            status = client.post(form.action, given, content_type=_FORM).status_code
            touched = set(writes() - was) & before.keys()
            rows = [row for table in sorted(touched) for row in _rows(planted, table) - before[table]]
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
    return status, sorted(_without_chance(row, before) for row in rows)


def _rows(planted: Planted, table: str) -> set[str]:
    found: set[str] = set()
    for world in (planted.world, planted.elsewhere):
        ids = {a.organisation_id for a in world.actors.values()} | {world.practice.id, world.scheme.id}
        actor = Actor.system(reason="reading a table", system_id=world.system_id, organisation_ids=ids)
        with scope(actor), connection.cursor() as cursor:
            cursor.execute(f'SELECT to_jsonb(one)::text FROM "{table}" one')
            found |= {f"{table} {text}" for (text,) in cursor.fetchall()}
    return found


def _without_chance(row: str, before: dict[str, set[str]]) -> str:
    table, _, text = row.partition(" ")
    known = _ids(before)
    told = _ID.sub(lambda found: found[0] if found[0] in known else "NEW", text)
    return f"{table} {_COUNTED.sub('', _BY_CHANCE.sub(_chance, told))}"


def _chance(found: re.Match[str]) -> str:
    return found[0] if _ID.search(found[0]) else "CHANCE"


_KNOWN: dict[int, frozenset[str]] = {}


def _ids(before: dict[str, set[str]]) -> frozenset[str]:
    """Every id that stood somewhere before, and so could have been smuggled in."""
    if id(before) not in _KNOWN:
        _KNOWN[id(before)] = frozenset(
            one for rows in before.values() for row in rows for one in _ID.findall(row)
        )
    return _KNOWN[id(before)]
