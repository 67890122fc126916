"""The worker process: runs jobs until it is told to stop, and outlives a restart of the database."""

from __future__ import annotations

import asyncio
import copy
import logging
import signal
import time
from dataclasses import dataclass

import attr
from procrastinate import App
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector

logger = logging.getLogger(__name__)

_LONGEST_PAUSE = 30.0  # seconds between tries to reach a database that is away
_TIME_TO_FINISH = 30.0  # seconds that running jobs have after a signal to stop


@dataclass
class _Stop:
    asked: bool = False


def run(*, until_empty: bool = False, at_once: int = 4) -> None:
    """Run jobs, `at_once` side by side. Returns after SIGTERM or SIGINT, when running jobs have ended.

    `until_empty` returns as soon as no job is due. A lost database connection is waited out.
    """
    stop, pause = _Stop(), 1.0
    while not stop.asked:
        began = time.monotonic()
        try:
            asyncio.run(_serve(stop, until_empty=until_empty, at_once=at_once))
            if until_empty:
                return
        except ConnectorException as fault:
            if until_empty:
                raise
            logger.warning("the database is away (%s)", type(fault.__cause__ or fault).__name__)
        if not stop.asked:
            pause = 1.0 if time.monotonic() - began > _LONGEST_PAUSE else min(pause * 2, _LONGEST_PAUSE)
            logger.warning("the worker starts again in %.0f seconds", pause)
            time.sleep(pause)


async def _serve(stop: _Stop, *, until_empty: bool, at_once: int) -> None:
    connector = PsycopgConnector(kwargs=connector_params("default"), min_size=1, max_size=at_once, timeout=10)
    worker = _app_for(connector)
    async with worker.open_async():
        work = asyncio.create_task(
            worker.run_worker_async(
                wait=not until_empty,
                concurrency=at_once,
                delete_jobs="successful",
                install_signal_handlers=False,
                shutdown_graceful_timeout=_TIME_TO_FINISH,
                abort_job_polling_interval=60.0,  # nobody aborts jobs; the queue's notifications would tell
            )
        )
        _stop_on_signal(work, stop)
        try:
            await work
        except asyncio.CancelledError:
            if not stop.asked:
                raise


def _stop_on_signal(work: asyncio.Task[None], stop: _Stop) -> None:
    """The first signal lets running jobs finish; a second one ends the process as usual."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)

    def end() -> None:
        stop.asked = True
        for each in signals:
            loop.remove_signal_handler(each)
        work.cancel()

    for each in signals:
        loop.add_signal_handler(each, end)


def _app_for(connector: PsycopgConnector) -> App:
    """The queue's app with connections of its own for the worker's bookkeeping.

    The app that our code puts jobs off with must keep Django's connection, also inside a job, or one would be
    put off outside the transaction that needs it. So its connector is not replaced, as the queue's own
    command would do.
    """
    app.perform_import_paths()
    made = DjangoApp(connector=connector, import_paths=app.import_paths)
    made.tasks = dict(app.tasks)
    for key, periodic in app.periodic_registry.periodic_tasks.items():
        task = copy.copy(periodic.task)
        task.blueprint = made
        made.periodic_registry.periodic_tasks[key] = attr.evolve(periodic, task=task)
    return made
