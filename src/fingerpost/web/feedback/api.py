"""The door of feedback."""

from __future__ import annotations

from fingerpost.web.feedback.actions import (
    SET_LETTER,
    close,
    mark_case_entered_in_error,
    mark_letter_entered_in_error,
    set_letter,
)
from fingerpost.web.feedback.coding import Entry, coded_entries
from fingerpost.web.feedback.models import Letter
from fingerpost.web.feedback.selectors import entries_of, letter, letters_of_referral, sentences
from fingerpost.web.feedback.sentences import reason_words
from fingerpost.web.feedback.writing import draft

__all__ = [
    "Entry",
    "Letter",
    "SET_LETTER",
    "close",
    "coded_entries",
    "draft",
    "entries_of",
    "letter",
    "letters_of_referral",
    "mark_case_entered_in_error",
    "mark_letter_entered_in_error",
    "reason_words",
    "sentences",
    "set_letter",
]
