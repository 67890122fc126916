"""Keeping a search under a name, changing it and taking it away. Nothing about a person is kept."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from fingerpost.kernel.errors import FaultList, FingerpostError, InvalidValue, NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.kernel.person_identifiers import parse_identifier
from fingerpost.kernel.postcode import Postcode
from fingerpost.web.directory.models import SavedSearch
from fingerpost.web.directory.policies import check_can_save_searches, saver_at
from fingerpost.web.directory.search_types import SavedQuestions
from fingerpost.web.foundation.actor import Actor

MOST_SAVED = 50
_LONGEST_NAME = 80
_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]?\s*[0-9][ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)
_MAIL = re.compile(r"\S+@\S+")
_NUMBER = re.compile(r"(?<!\d)\d{3}[\s-]?\d{3}[\s-]?\d{4}(?!\d)")


@transaction.atomic
def save_search(*, name: str, asked: SavedQuestions, is_shared: bool, by: Actor, at: datetime) -> SavedSearch:
    """Keep a search for its owner, in the organisation they act for. Raises `Faults` with everything that is wrong.

    A whole postcode among the words is cut to its first half; a person's number or an e-mail address is refused.
    """
    organisation_id = saver_at(by)
    # Two at once: the second waits here, and then counts the first.
    held = list(_own(by).select_for_update())
    called = _without_home(name)
    faults = FaultList()
    if len(held) >= MOST_SAVED:
        faults.add(
            InvalidValue(
                _("You have %(most)s saved searches, which is as many as can be kept.")
                % {"most": MOST_SAVED},
                field="name",
                remedy=_("Take one away that you no longer use, then save this one."),
            )
        )
    if asked.is_empty:
        faults.add(
            InvalidValue(
                _("There is nothing to save yet."),
                field="name",
                remedy=_("Search for some words or choose a filter first."),
            )
        )
    _check_name(faults, called, {one.name.casefold() for one in held})
    _check_names_nobody(faults, asked.words, "words")
    faults.raise_any()
    search = SavedSearch(
        id=new_id(at),
        organisation_id=organisation_id,
        owner_id=by.account,
        owner_name=by.label,
        name=called,
        words=_without_home(asked.words),
        near=asked.near,
        filters={question: list(answers) for question, answers in asked.filters.items() if answers},
        is_shared=is_shared,
        saved_at=at,
        changed_at=at,
    )
    search.save(force_insert=True)
    return search


@transaction.atomic
def change_saved_search(
    *, search_id: UUID, name: str, is_shared: bool, by: Actor, at: datetime
) -> SavedSearch:
    """Rename one's own search, share it with colleagues or keep it to oneself. Raises `Faults`, `NotFound`."""
    search, others = _own_search(search_id, by)
    called = _without_home(name)
    faults = FaultList()
    _check_name(faults, called, {one.name.casefold() for one in others})
    faults.raise_any()
    search.name, search.is_shared, search.changed_at = called, is_shared, at
    search.save(update_fields=["name", "is_shared", "changed_at"])
    return search


@transaction.atomic
def remove_saved_search(*, search_id: UUID, by: Actor, at: datetime) -> None:
    """Take one's own search away: what was typed is emptied, and its history never had it. Raises `NotFound`."""
    search, _others = _own_search(search_id, by)
    search.name = search.words = search.near = ""
    search.is_shared, search.changed_at, search.removed_at = False, at, at
    search.save(update_fields=["name", "words", "near", "is_shared", "changed_at", "removed_at"])


def _own(by: Actor) -> models.QuerySet[SavedSearch]:
    return SavedSearch.objects.filter(
        owner_id=by.account, organisation_id=by.organisation_id, removed_at=None
    )


def _own_search(search_id: UUID, by: Actor) -> tuple[SavedSearch, list[SavedSearch]]:
    """The search, and the others of its owner; all of them locked."""
    check_can_save_searches(by)
    held = list(_own(by).select_for_update())
    found = next((one for one in held if one.id == search_id), None)
    if found is None:
        raise NotFound(
            _("There is no such saved search of yours."),
            remedy=_("It may have been taken away. Only whoever saved a search changes it."),
        )
    return found, [one for one in held if one is not found]


def _check_name(faults: FaultList, name: str, taken: set[str]) -> None:
    if not name:
        faults.add(InvalidValue(_("Give the search a name."), field="name"))
    elif len(name) > _LONGEST_NAME:
        faults.add(
            InvalidValue(
                _("This name is too long."),
                field="name",
                expected=_("At most %(most)s letters.") % {"most": _LONGEST_NAME},
            )
        )
    elif name.casefold() in taken:
        faults.add(
            InvalidValue(
                _("You have a saved search with this name."),
                field="name",
                remedy=_("Choose another name, or take the other one away first."),
            )
        )
    _check_names_nobody(faults, name, "name")


def _check_names_nobody(faults: FaultList, text: str, where: str) -> None:
    if _MAIL.search(text) or any(map(_is_of_a_person, _NUMBER.findall(text))):
        faults.add(
            InvalidValue(
                _("A saved search must not hold a person's number or e-mail address."),
                field=where,
                remedy=_("Write what is looked for, not for whom."),
            )
        )


def _is_of_a_person(number: str) -> bool:
    for kind in ("nhs_number", "chi_number"):
        try:
            parse_identifier(kind, number)
        except FingerpostError:
            continue
        return True
    return False


def _without_home(text: str) -> str:
    """Text in which whole postcodes are cut to their first half."""
    return " ".join(_POSTCODE.sub(lambda found: Postcode.parse(found[0]).outward, text).split())
