"""Ask one address as one of the planted people, look at everything that came back and was written, undo it."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from uuid import UUID
from zlib import crc32

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from tests.integration.routes.heads import BOXED, faults_of_heads, faults_of_keeping
from tests.integration.routes.planted import (
    CSRF,
    NOTHING_OPEN,
    OF_THE_CASE,
    OF_THE_DESK,
    OF_THE_PERSON,
    PLANTING,
    STEMS,
    Planted,
    words_of,
)
from tests.integration.routes.table import ANYBODY, SAME, Row

from fingerpost.kernel import clock
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.scope import scope

OWN, OTHER, AWAY = "", "other_", "away_"
IS_LONG = os.environ.get("FINGERPOST_EVERY_ASKER") == "yes"
_STEM_OF = {OWN: "Quill", OTHER: "Brack", AWAY: "Zorn"}
_ROLES = ("gp", "receptionist", "worker", "lead", "manager", "administrator", "governance")
_ALL_WORDS = re.compile("|".join(sorted(word for stem in STEMS for word in words_of(stem))))
# Where a request may write though it is refused, or only reads: who looked, one's own session, how often.
_TRACES = {
    "audit_access",
    "audit_unsealed",
    "django_session",
    "foundation_cacheentry",
    "foundation_linkuse",
}


@dataclass(frozen=True)
class Looked:
    """One row of the access log."""

    kind: str
    page: str
    person_ids: tuple[UUID, ...]
    query_hash: str


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    words: frozenset[str]
    written: frozenset[str]
    looked: tuple[Looked, ...]
    response: HttpResponse


@cache
def routes() -> dict[str, tuple[str, ...]]:
    """Every route that is served, by name, with the names of its arguments."""
    return dict(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, space: str) -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            arguments = tuple(entry.pattern.converters) or tuple(entry.pattern.regex.groupindex)
            found.append((space + (entry.name or f"(no name) {entry.pattern}"), arguments))
        else:
            found += _walk(entry, space + (f"{entry.namespace}:" if entry.namespace else ""))
    return found


def address(planted: Planted, row: Row) -> str:
    named = routes()[row.route]
    return reverse(row.route, kwargs={name: planted.ids[row.arguments.get(name, name)] for name in named})


def askers(row: Row, method: str) -> tuple[str, ...]:
    """Who is asked as: every role here, and from elsewhere whoever would be let in here.

    A method that the page does not know is refused before anything is read, so four are enough for that. From elsewhere
    the suite asks as one of the roles, another for each page, and of those who may not send a page it asks as some:
    that they may not open it is asked of all. The long form (run.py prove routes) asks as everybody.
    """
    if (row.get if method == "GET" else row.post) == 405:
        return ("visitor", "gp", "worker", "manager")
    if row.is_public:
        return ("visitor", *NOTHING_OPEN, "worker", "other_worker", "away_worker")
    welcome = [role for role in _ROLES if role in row.who]
    refused = [role for role in _ROLES if role not in row.who]
    turn = crc32(f"{method} {row.route}".encode())
    if not IS_LONG and welcome:
        welcome = [welcome[turn % len(welcome)]]
    if not IS_LONG and method == "POST" and row.get == 200 and len(refused) > 2:
        refused = [refused[turn % len(refused)], refused[(turn + 1) % len(refused)]]
    here = [role for role in _ROLES if role in row.who or role in refused]
    apart = tuple(prefix + role for prefix in (OTHER, AWAY) for role in welcome)
    if not IS_LONG and method == "POST" and row.get == 200:
        return ("visitor", NOTHING_OPEN[turn % 2], *here, *apart)
    return ("visitor", *NOTHING_OPEN, *here, *apart, "other_manager")


def prefix_of(who: str) -> str:
    return next((prefix for prefix in (OTHER, AWAY) if who.startswith(prefix)), OWN)


def role_of(who: str) -> str:
    return who.removeprefix(prefix_of(who))


def expected(row: Row, who: str, method: str) -> int:
    """The status that the table promises to `who`."""
    status = row.get if method == "GET" else row.post
    if row.is_public:
        return status
    if who == ANYBODY:
        return 302
    if status == 405:
        return 405
    if role_of(who) not in row.who:
        return row.but.get(NOTHING_OPEN[0] if who in NOTHING_OPEN else who, 403)
    apart = {OWN: SAME, OTHER: row.others, AWAY: row.away}[prefix_of(who)]
    return row.but.get(role_of(who), status) if apart == SAME else apart


def may_read(row: Row, who: str) -> set[str]:
    """The planted words that may stand on a page for `who`."""
    if row.is_public:
        return set()
    stem, role = _STEM_OF[prefix_of(who)], role_of(who)
    if role in ("gp", "receptionist"):
        return words_of(stem, OF_THE_PERSON + OF_THE_DESK)
    return words_of(stem, OF_THE_PERSON + OF_THE_CASE) if role in ("worker", "lead") else set()


def ask(planted: Planted, who: str, path: str, method: str, given: dict[str, object] | None = None) -> Answer:
    """One request in a savepoint; afterwards everything is as it was."""
    before = writes()
    client = planted.clients[who]
    cookies = client.cookies.copy()
    try:
        with clock.fixed(planted.world.at), transaction.atomic():
            if method == "GET":
                response = client.get(path, given)
            else:
                response = client.post(path, {**(given or {}), "csrfmiddlewaretoken": CSRF})
            written = frozenset(writes() - before)
            looked = _looked(planted) if "audit_access" in written else ()
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
    return Answer(
        status=response.status_code,
        location=response.get("Location", ""),
        words=frozenset(_ALL_WORDS.findall(_everything(response).lower())),
        written=written,
        looked=looked,
        response=response,
    )


def _everything(response: HttpResponse) -> str:
    """The body and every header and cookie."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    heads = "\n".join(f"{name}: {value}" for name, value in response.items())
    return f"{heads}\n{response.cookies.output()}\n{body.decode('utf-8', 'replace')}"


def writes() -> Counter[str]:
    """Rows written so far in this transaction, also those rolled back, by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM (SELECT relname, pg_stat_get_xact_tuples_inserted(oid)"
            " + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid) AS rows"
            " FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace) one WHERE rows > 0"
        )  # as `pg_stat_xact_user_tables` tells it, without its joins of every index
        return Counter(dict(cursor.fetchall()))


def _looked(planted: Planted) -> tuple[Looked, ...]:
    found = []
    for world in (planted.world, planted.elsewhere):
        ids = {a.organisation_id for a in world.actors.values()} | {world.practice.id, world.scheme.id}
        with (
            scope(Actor.system(reason="reading the log", system_id=world.system_id, organisation_ids=ids)),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "SELECT kind, page, person_ids, query_hash FROM audit_access WHERE page <> %s", [PLANTING]
            )
            found += [Looked(kind, page, tuple(ids), digest) for kind, page, ids, digest in cursor.fetchall()]
    return tuple(found)


def faults_of(planted: Planted, row: Row, who: str, method: str) -> list[str]:
    """What is wrong with the answer that `who` gets, in words."""
    answer = ask(planted, who, address(planted, row), method)
    wanted, faults = expected(row, who, method), []
    if answer.status != wanted:
        faults.append(f"{answer.status} instead of {wanted} {answer.location}".rstrip())
    if who == ANYBODY and not row.is_public and not answer.location.startswith(_sign_in()):
        faults.append("not led to sign-in")
    foreign = answer.words - may_read(row, who) - (row.whole_system if is_in_system(row, who) else set())
    if foreign or (answer.status >= 400 and answer.words):
        faults.append(f"shows {', '.join(sorted(foreign or answer.words))}")
    if method == "GET" or not _is_welcome(row, who, method):
        faults += [f"writes {table}" for table in sorted(answer.written - _TRACES)]
    faults += faults_of_heads(answer.response, boxed=row.route == BOXED and answer.status == 200)
    if who != ANYBODY and not row.is_public:
        faults += faults_of_keeping(answer.response)
    faults += _faults_of_log(planted, row, who, method, answer)
    return [f"{method} as {who}: {fault}" for fault in faults]


def is_in_system(row: Row, who: str) -> bool:
    """Whether a page about the whole system, for a role of it, is asked by somebody of that system."""
    return prefix_of(who) != AWAY and role_of(who) in row.who


def _of_whole_system(planted: Planted, row: Row, who: str) -> set[UUID]:
    return planted.person_ids["Quill"] if row.whole_system and is_in_system(row, who) else set()


def _sign_in() -> str:
    return reverse(settings.LOGIN_URL)


def _is_welcome(row: Row, who: str, method: str) -> bool:
    return expected(row, who, method) in (200, 302) and (row.is_public or who != ANYBODY)


def _faults_of_log(planted: Planted, row: Row, who: str, method: str, answer: Answer) -> list[str]:
    kinds = [one.kind for one in answer.looked]
    if answer.status >= 400 or who == ANYBODY or row.is_public:
        return [f"logs {kinds} though nothing was shown"] if kinds else []
    if method != "GET" or answer.status != 200:
        return []
    if kinds != ([row.log] if row.log else []):
        return [f"logs {kinds}, not {row.log or 'nothing'}"]
    known = planted.person_ids[_STEM_OF[prefix_of(who)]] | _of_whole_system(planted, row, who)
    strange = {person for one in answer.looked for person in one.person_ids} - known
    return [f"logs people who are not there: {strange}"] if strange else []
