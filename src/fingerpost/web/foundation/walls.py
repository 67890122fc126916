"""Which rows the application role may reach, declared on each model and raised after every migration.

A `Wall` holds SQL conditions over the row (`{t}` is the table) and what the application role may do at all.
The functions `fp_*()` that conditions call read the transaction's settings; `walls_sync` defines them.
A model without a wall cannot be deployed: `walls_sync` refuses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Grant = Literal["SELECT", "INSERT", "UPDATE", "DELETE"]

READ_ONLY: tuple[Grant, ...] = ("SELECT",)
APPEND_ONLY: tuple[Grant, ...] = ("SELECT", "INSERT")
KEPT: tuple[Grant, ...] = ("SELECT", "INSERT", "UPDATE")  # rows are never deleted, mistakes are marked
FREE: tuple[Grant, ...] = ("SELECT", "INSERT", "UPDATE", "DELETE")

SYSTEM = "system_id = (SELECT fp_system())"
_ORGANISATIONS = "(SELECT fp_organisations())::uuid[]"
SEES_PEOPLE = "(SELECT fp_sees_people())"
SEALED_AWAY = "(SELECT people_sealed_away())::uuid[]"


@dataclass(frozen=True, kw_only=True)
class Wall:
    """Row conditions and grants of one table. `reason` says why it stands so."""

    reason: str
    rows: str | None  # None: every row may be read; only for tables that hold nothing about a person
    new_rows: str | None = None  # condition on INSERT; default as `rows`
    changed_rows: str | None = None  # condition on the row after UPDATE; default as `rows`
    grants: tuple[Grant, ...] = KEPT
    changes: tuple[str, ...] = ()  # the only columns that an UPDATE may name; empty: any

    def granting(self, grants: tuple[Grant, ...]) -> Wall:
        return replace(self, grants=grants)

    @property
    def is_open(self) -> bool:
        return self.rows is None


def published(reason: str, grants: tuple[Grant, ...] = FREE) -> Wall:
    """No row condition: nothing about a person is in the table, and text search needs its index."""
    return Wall(reason=reason, rows=None, grants=grants)


def system_wide(reason: str, grants: tuple[Grant, ...] = KEPT) -> Wall:
    """Every actor of the system may reach the row."""
    return Wall(reason=reason, rows=f"{{t}}.{SYSTEM}", grants=grants)


def in_organisations(*columns: str) -> str:
    """Condition: one of `columns` names an organisation the actor acts for."""
    return "(" + " OR ".join(f"{{t}}.{c} = ANY({_ORGANISATIONS})" for c in columns) + ")"


def organisation_rows(
    *columns: str, reason: str, grants: tuple[Grant, ...] = KEPT, new_rows: str | None = None
) -> Wall:
    """Rows of the actor's organisations; no person is named in them."""
    rows = f"{{t}}.{SYSTEM} AND {in_organisations(*columns)}"
    return Wall(reason=reason, rows=rows, new_rows=new_rows, grants=grants)


def involved(person_column: str, *, but: str = "", or_in_emergency: bool = False) -> str:
    """Condition: one of the actor's organisations has a current involvement with the person, of any kind `but` one.

    What an account has opened in an emergency is for reading, and for that account alone.
    """
    other = f" AND inv.kind <> '{but}'" if but else ""
    mine = " OR inv.account_id = (SELECT people_emergency_account())" if or_in_emergency else ""
    return (  # names of columns, written in models
        f"EXISTS (SELECT 1 FROM people_involvement inv WHERE inv.person_id = {{t}}.{person_column}"
        f" AND inv.organisation_id = ANY({_ORGANISATIONS}){other} AND (inv.account_id IS NULL{mine})"
        # A minute's grace: what this very transaction began is later than the transaction.
        " AND inv.starts_at <= (SELECT fp_now()) + interval '1 minute'"
        " AND (inv.ends_at IS NULL OR inv.ends_at > (SELECT fp_now())))"
    )


def unsealed(*columns: str) -> str:
    """Condition: no column names a person or contact that is sealed against whoever acts.

    The array is read once in a statement, and is empty unless an organisation of the actor holds a seal.
    """
    return " AND ".join(f"({{t}}.{c} IS NULL OR {{t}}.{c} <> ALL({SEALED_AWAY}))" for c in columns)


def apart(organisation: str, *persons: str) -> str:
    """Condition: the row is not sealed work of an organisation that closed into one of the actor's.

    A seal of such an organisation shuts the whole person to whoever it does not name, except to those who work with the
    person as well: they go on with their own work, and the sealed one's rows stay shut. Nobody else pays for it.
    """
    shut = " OR ".join(f"people_is_sealed_here({{t}}.{one}, {{t}}.{organisation})" for one in persons)
    return f"(NOT (SELECT people_works_beside_seals()) OR ({shut}) IS NOT TRUE)"


def covered(scheme: str, *, of: str = "{t}.person_id") -> str:
    """Condition: the actor's organisation covers, for now, the work of the row's scheme with the person.

    `scheme` is a comparison's right side, such as `{t}.scheme_id`. Nobody who covers nothing pays for it.
    """
    return (  # constants, written in models
        "((SELECT people_covers_any()) AND EXISTS (SELECT 1 FROM people_involvement cov"
        f" WHERE cov.person_id = {of} AND cov.on_behalf_of_id = {scheme}"
        f" AND cov.organisation_id = ANY({_ORGANISATIONS})"
        " AND cov.starts_at <= (SELECT fp_now()) AND cov.ends_at > (SELECT fp_now())"
        " AND NOT people_is_sealed_by(cov.person_id, cov.on_behalf_of_id)))"
    )


def person_rows(
    *,
    person: str = "person_id",
    organisations: Iterable[str] = (),
    cover: str = "",
    sealable: Iterable[str] = (),
    but: str = "",
    link: str = "",
    reason: str,
    grants: tuple[Grant, ...] = KEPT,
    new_rows: str | None = None,
) -> Wall:
    """Rows about a person: an involvement must be current, and the row belong to one of `organisations`.

    `cover` is the column of the scheme whose work another may cover. `sealable` are further columns, beside the
    person's, that a seal may name. `but` is a kind of involvement that does not open the row.
    `link` is a further condition under which the holder of a signed link reaches the row.
    """
    columns = tuple(organisations)

    def reach(*, or_in_emergency: bool) -> str:
        mine = involved(person, but=but, or_in_emergency=or_in_emergency)
        if columns:
            kept_apart = " AND ".join(apart(column, person) for column in columns)
            mine = f"{in_organisations(*columns)} AND {mine} AND {kept_apart}"
        if cover:
            mine = f"(({mine}) OR {covered(f'{{t}}.{cover}')})"
        found = f"{SEES_PEOPLE} AND {mine} AND {unsealed(person, *sealable)}"
        return f"{{t}}.{SYSTEM} AND " + (f"(({found}) OR ({link}))" if link else found)

    written = reach(or_in_emergency=False)
    return Wall(
        reason=reason,
        rows=reach(or_in_emergency=True),
        new_rows=new_rows if new_rows is not None else written,
        changed_rows=written,
        grants=grants,
    )


def linked(column: str, *, kind: str) -> str:
    """Condition: the open signed link is for this very row (and is neither expired nor revoked)."""
    return f"{{t}}.{column} = (SELECT fp_link_{kind}())"
