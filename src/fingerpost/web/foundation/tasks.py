"""Jobs of the ground floor: taking up what a worker left behind when it died."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

_ENOUGH = 5  # a job that has brought down this many workers is left as failed, to be looked at


@app.periodic(cron="* * * * *")
@app.task(name="foundation.take_up_stalled", queueing_lock="foundation.take_up_stalled", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Queue again the jobs whose worker has not been heard of for half a minute."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        if job.attempts >= _ENOUGH:
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
            continue
        try:
            await manager.retry_job(job)
        except UniqueViolation:  # the same work is waiting already
            await manager.finish_job(job, status=Status.FAILED, delete_job=True)
