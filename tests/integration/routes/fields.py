"""The table of fields by page, as the product tells it to administrators; roles by the names of the test world."""

from __future__ import annotations

from fingerpost.web.pages import who_reads_what
from fingerpost.web.tenancy.api import Role

ROLES: dict[str, Role] = {
    "gp": Role.CLINICIAN,
    "receptionist": Role.RECEPTIONIST,
    "worker": Role.LINK_WORKER,
    "lead": Role.TEAM_LEAD,
    "manager": Role.MANAGER,
    "administrator": Role.ADMINISTRATOR,
    "governance": Role.INFORMATION_GOVERNANCE,
}
_NAMES = {role: name for name, role in ROLES.items()}
FIELDS: dict[str, str] = dict(who_reads_what.FIELDS)
BUT: dict[tuple[str, str], str] = {
    (page, _NAMES[role]): words for (page, role), words in who_reads_what.BUT.items()
}
