"""Jobs of feedback: setting letters as PDFs, which takes longer than a page should."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from fingerpost.kernel import clock
from fingerpost.web.feedback.actions import SET_LETTER
from fingerpost.web.feedback.api import letter, set_letter
from fingerpost.web.foundation.actor import Actor
from fingerpost.web.foundation.jobs import scoped


@app.task(name=SET_LETTER, retry=RetryStrategy(max_attempts=8, exponential_wait=4))
@scoped("setting a letter")
def set_letter_job(actor: Actor, *, letter_id: str) -> None:
    set_letter(letter=letter(actor, letter_id=UUID(letter_id)), by=actor, at=clock.now())
