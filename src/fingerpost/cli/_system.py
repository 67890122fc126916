"""Which system a command is about, where an installation holds several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fingerpost.kernel.errors import NotFound

if TYPE_CHECKING:
    from fingerpost.web.tenancy.api import System


def system_named(slug: str) -> System:
    """The system with this short name, or the only one there is when none was named. Needs Django."""
    from fingerpost.web.tenancy.api import systems

    known = systems()
    found = [one for one in known if slug in ("", one.slug)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.slug for one in known) or "none yet"
    raise NotFound(
        f"There is no system called {slug!r}." if slug else "It is not clear which system is meant.",
        expected=f"--system with one of: {names}",
        remedy="" if known else "Set up a system first.",
    )
