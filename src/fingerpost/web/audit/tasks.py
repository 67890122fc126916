"""The job that seals the traces."""

from __future__ import annotations

from procrastinate.contrib.django import app

from fingerpost.kernel import clock
from fingerpost.web.audit.sealing import seal_waiting


@app.periodic(cron="* * * * *")
@app.task(name="audit.seal", queueing_lock="audit.seal")
def seal(timestamp: int) -> None:
    """Each minute: what was written since the last seal, and is committed, is sealed."""
    seal_waiting(at=clock.now())
