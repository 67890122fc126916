"""A steward changes what people's words mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fingerpost.codes.needs import parse_needs
from fingerpost.kernel.errors import FaultList, InvalidValue, NotFound
from fingerpost.kernel.ids import new_id
from fingerpost.web.directory.actions.words import rebuild_search_words
from fingerpost.web.directory.lay_words import entries, plain_words
from fingerpost.web.directory.models import LayMeaning
from fingerpost.web.directory.policies import check_can_import
from fingerpost.web.directory.selectors.meanings import lay_meanings
from fingerpost.web.foundation.actor import Actor

MOST_PHRASES = 80
_LONGEST = 80
_MOST_WORDS = 6


@transaction.atomic
def save_lay_meaning(
    *,
    key: str | None = None,
    phrases: Sequence[str],
    needs: Sequence[str],
    words: Sequence[str],
    by: Actor,
    at: datetime,
) -> str:
    """Say what phrases mean; without a key a new entry. Returns its key. All faults are told at once."""
    check_can_import(by)
    if key is not None:
        _check_known(by, key)
    said, looked_for = _each_once(phrases), _each_once(words)
    faults = FaultList()
    _check_phrases(faults, said, key, by)
    with faults.catching():
        parse_needs(needs)
    if not needs and not looked_for:
        faults.add(InvalidValue(_("Say what it means: a need, or words to look for."), field="needs"))
    if any(len(one) > _LONGEST for one in looked_for):
        faults.add(InvalidValue(_("Some words to look for are too long."), field="words"))
    faults.raise_any()
    key = key or str(new_id(at))
    _write(key, {"phrases": said, "needs": list(needs), "words": looked_for}, by, at)
    return key


@transaction.atomic
def switch_off_lay_meaning(*, key: str, by: Actor, at: datetime) -> None:
    """The phrases of an entry of ours mean nothing in this system any more."""
    check_can_import(by)
    _check_known(by, key)
    if key in entries():
        _write(key, {"phrases": [], "needs": [], "words": []}, by, at)
    else:
        LayMeaning.objects.filter(key=key).delete()


@transaction.atomic
def restore_lay_meaning(*, key: str, by: Actor, at: datetime) -> None:
    """An entry of ours means again what it meant when it came."""
    check_can_import(by)
    if key not in entries():
        raise NotFound(_("There is nothing that this entry meant before."))
    faults = FaultList()
    _check_phrases(faults, list(entries()[key].phrases), key, by)
    faults.raise_any()
    LayMeaning.objects.filter(key=key).delete()
    rebuild_search_words()


def _write(key: str, fields: dict[str, list[str]], by: Actor, at: datetime) -> None:
    traces = {"changed_at": at, "changed_by": by.id, "changed_by_name": by.label}
    LayMeaning.objects.update_or_create(system_id=by.system_id, key=key, defaults=fields | traces)
    rebuild_search_words()


def _check_known(by: Actor, key: str) -> None:
    if key not in {one.entry.key for one in lay_meanings(by)}:
        raise NotFound(_("There is no such entry."), remedy=_("Look for it in the list of people's words."))


def _check_phrases(faults: FaultList, phrases: Sequence[str], key: str | None, by: Actor) -> None:
    if not phrases:
        faults.add(InvalidValue(_("Write at least one thing that people say."), field="phrases"))
    if len(phrases) > MOST_PHRASES:
        faults.add(
            InvalidValue(
                _("These are too many phrases for one entry."),
                field="phrases",
                expected=_("At most %(most)s.") % {"most": MOST_PHRASES},
            )
        )
    taken = {
        tuple(plain_words(phrase)): one.entry.phrases[0]
        for one in lay_meanings(by)
        if one.entry.key != key
        for phrase in one.entry.phrases
    }
    for phrase in phrases:
        plain = tuple(plain_words(phrase))
        if not 1 <= len(plain) <= _MOST_WORDS or len(phrase) > _LONGEST:
            faults.add(
                InvalidValue(
                    _("“%(phrase)s” is not something that can be looked for.") % {"phrase": phrase},
                    field="phrases",
                    expected=_("One to %(most)s words on each line.") % {"most": _MOST_WORDS},
                )
            )
        elif plain in taken:
            faults.add(
                InvalidValue(
                    _("“%(phrase)s” stands in the entry that begins with “%(other)s”.")
                    % {"phrase": phrase, "other": taken[plain]},
                    field="phrases",
                    expected=_("Each phrase in one entry only: take it out there first."),
                )
            )


def _each_once(lines: Sequence[str]) -> list[str]:
    """Lines without blanks around and between them, each once as search reads it."""
    cleaned = [" ".join(line.split()) for line in lines]
    return list({tuple(plain_words(line)): line for line in reversed(cleaned) if line}.values())[::-1]
