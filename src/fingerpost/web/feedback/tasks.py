"""Jobs of feedback: setting letters as PDFs, which takes longer than a page should."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from fingerpost.kernel import clock
from fingerpost.web.feedback.api import SET_LETTER, letter, set_letter
from fingerpost.web.foundation.jobs import in_scope


@app.task(name=SET_LETTER, retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def set_letter_job(letter_id: str, system_id: str, organisation_id: str) -> None:
    """Set one letter. Doing it twice changes nothing, so a repeated job is harmless."""
    with in_scope(
        system_id=system_id, organisation_ids=[organisation_id], reason="setting a letter"
    ) as actor:
        set_letter(letter=letter(actor, letter_id=UUID(letter_id)), by=actor, at=clock.now())
