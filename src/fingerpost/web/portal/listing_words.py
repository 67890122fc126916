"""The words of what an owner can press, and of what follows. Rules are in the directory."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from fingerpost.web.directory.api import OwnerSays

S = OwnerSays


@dataclass(frozen=True)
class Press:
    """One button: its words, the heading and sentence of its own page, and the thanks."""

    says: OwnerSays
    button: str
    question: str
    sentence: str
    thanks: str


def presses(listing: str) -> dict[OwnerSays, Press]:
    """Everything that can be said with one press, in the order in which it is offered."""
    name = {"listing": listing}
    return {
        S.STILL_RIGHT: Press(
            S.STILL_RIGHT,
            _("Yes, still right"),
            _("Is everything we say about %(listing)s still right?") % name,
            _("Press the button and everybody who looks for a group sees that you have checked it today."),
            _("Thank you: it is still right"),
        ),
        S.CLOSED: Press(
            S.CLOSED,
            _("It has closed"),
            _("Has %(listing)s closed?") % name,
            _("We stop showing it to anybody. If it runs again one day, use the same link and say so."),
            _("Thank you: it has closed"),
        ),
        S.TAKING: Press(
            S.TAKING,
            _("We take people"),
            _("Do you take people at %(listing)s?") % name,
            _("Press the button and link workers see that there is room."),
            _("Thank you: you take people"),
        ),
        S.WAITING_LIST: Press(
            S.WAITING_LIST,
            _("There is a waiting list"),
            _("How long is the wait?"),
            _("Link workers see it before they send anybody."),
            _("Thank you: there is a waiting list"),
        ),
        S.FULL: Press(
            S.FULL,
            _("We are full"),
            _("Are you full at %(listing)s?") % name,
            _("Link workers see it before they send anybody. Being full never counts against you."),
            _("Thank you: you are full"),
        ),
    }
