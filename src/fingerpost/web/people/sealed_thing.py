from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fingerpost.web.people.enums import SealKind


@dataclass(frozen=True, kw_only=True)
class SealedThing:
    """What anybody of the organisation may know of a seal: that there is one. Not about whom, and not why."""

    id: UUID
    kind: str
    sealed_at: datetime
    sealed_by_name: str
    is_open_to_me: bool

    def get_kind_display(self) -> str:
        return str(SealKind(self.kind).label)
