"""Who is acting: the one value that carries a person's, link's or job's reach through the code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from fingerpost.kernel.errors import NotAllowed

ActorKind = Literal["user", "link", "system", "public"]


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody or something that acts, with what they may reach.

    `organisation_ids` bounds which rows the database shows; `permissions` which actions the code allows;
    `sees_people` is false for roles that work with counts only (managers, commissioners, evaluators), and the
    database then hides every row about a person from them.
    """

    kind: ActorKind
    id: str
    label: str
    system_id: UUID | None = None
    organisation_ids: frozenset[UUID] = frozenset()
    permissions: frozenset[str] = frozenset()
    sees_people: bool = False
    user_id: UUID | None = None
    membership_id: UUID | None = None
    organisation_id: UUID | None = None
    link_id: UUID | None = None
    role: str = ""
    purpose: str = field(default="", compare=False)

    @classmethod
    def system(
        cls,
        *,
        reason: str,
        system_id: UUID | None = None,
        organisation_ids: Iterable[UUID] = (),
        permissions: Iterable[str] = (),
        sees_people: bool = True,
    ) -> Actor:
        """A job, command or import acting on its own: `reason` names it in every trace it leaves."""
        if not reason.strip():
            raise ValueError("a system actor needs a reason: it is what the traces will show")
        return cls(
            kind="system",
            id=f"system:{reason}",
            label=reason,
            system_id=system_id,
            organisation_ids=frozenset(organisation_ids),
            permissions=frozenset(permissions),
            sees_people=sees_people,
        )

    @classmethod
    def public(cls, *, system_id: UUID | None = None) -> Actor:
        """Somebody who has not said who they are: sees what is published and nothing else."""
        return cls(kind="public", id="public", label="somebody not signed in", system_id=system_id)

    @property
    def account(self) -> UUID:
        """The id of the account that acts. Raises `NotAllowed` for jobs and links: some things only a person does."""
        if self.user_id is None:
            raise NotAllowed(
                "Only somebody who has signed in can do this.",
                reason="no_account",
                expected="a member of staff",
                remedy="sign in, or let a colleague do it",
            )
        return self.user_id

    @property
    def responsible(self) -> UUID:
        """The id of the account or the signed link that acts, for rows that name who did it. Raises `NotAllowed`."""
        return self.link_id if self.kind == "link" and self.link_id else self.account

    def has(self, permission: str) -> bool:
        return permission in self.permissions

    def within(self, *, system_id: UUID, organisation_ids: Iterable[UUID]) -> Actor:
        """The same actor, reaching other rows (a job that walks over systems)."""
        return replace(self, system_id=system_id, organisation_ids=frozenset(organisation_ids))
