"""The worker: ticks the timetable, runs jobs, and ends within 30 seconds of a SIGTERM with nothing left half-done."""

import asyncio
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from procrastinate import App, RetryStrategy
from procrastinate.exceptions import ConnectorException
from psycopg import errors

from communityshare.infra import correlation, metrics, tracing
from communityshare.infra.clock import Clock, utc_now
from communityshare.infra.db import UNAVAILABLE
from communityshare.infra.logging import log
from communityshare.infra.settings import Settings
from communityshare.jobs import upkeep
from communityshare.jobs.queue import Job, Parts, name_of, open_parts
from communityshare.jobs.timetable import Entry, timetable
from communityshare.maintenance.alerts import queries
from communityshare.maintenance.alerts.job import daily_check, last_tick
from communityshare.maintenance.alerts.rules import STANDARD, Policy

CONCURRENCY = 4
_DRAIN = 20.0  # seconds for the jobs in flight
_POLL = 2.0  # seconds after which a job whose time has come is found
_OBSERVE = 15.0  # seconds
_DATABASE_PAUSE = 1.0  # seconds


async def run(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    policy: Policy = STANDARD,
    entries: tuple[Entry, ...] | None = None,
    poll: float = _POLL,
) -> None:
    """Work until SIGTERM or SIGINT. While the database is away, wait for it."""
    async with open_parts(settings, clock, policy) as parts:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, parts.stopping.set)
        observing = asyncio.create_task(_observe(parts))
        while not parts.stopping.is_set():
            try:
                await _work(parts, entries or timetable(settings), poll)
            except (*UNAVAILABLE, ConnectorException) as error:
                log.warning("the database is away", error=str(error).strip())
            finally:
                # A pool that could not be opened would be taken for an open one the next time.
                await parts.jobs.close_async()
            if not parts.stopping.is_set():
                await _wait(parts.stopping, _DATABASE_PAUSE)
        observing.cancel()


async def _work(parts: Parts, entries: tuple[Entry, ...], poll: float) -> None:
    app = make_app(parts, entries)
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=CONCURRENCY,
                install_signal_handlers=False,
                shutdown_graceful_timeout=_DRAIN,
                fetch_job_polling_interval=poll,
                stalled_worker_timeout=upkeep.STALLED_AFTER,
            )
        )
        stopping = asyncio.create_task(parts.stopping.wait())
        await asyncio.wait({worker, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        # To the library, being cancelled means: finish what is in flight.
        worker.cancel()
        await asyncio.wait({worker})
        if not worker.cancelled():
            worker.result()


def make_app(parts: Parts, entries: tuple[Entry, ...]) -> App:
    """Return the library's view of the timetable, over the parts of this process."""
    latest = max(entry.catch_up for entry in entries)
    app = App(connector=parts.jobs, periodic_defaults={"max_delay": latest.total_seconds()})
    retry = RetryStrategy(max_attempts=3, exponential_wait=4)
    tasks: dict[Job, Any] = {}
    for job in {entry.job: None for entry in entries}:
        for outcome in ("succeeded", "failed"):
            metrics.JOB_RUNS.labels(job.__name__, outcome)
        tasks[job] = app.task(name=name_of(job), retry=retry)(partial(_run, parts, job))
    for entry in entries:
        app.periodic(
            cron=entry.cron,
            periodic_id=entry.name,
            queueing_lock=f"{name_of(entry.job)} {entry.name}",
            task_kwargs={"catch_up": entry.catch_up.total_seconds()},
        )(tasks[entry.job])
    return app


async def _run(
    parts: Parts, job: Job, *, timestamp: int | None = None, catch_up: float = 0.0,
    correlation_id: str | None = None, trace: dict[str, str] | None = None, **arguments: Any,
) -> None:  # fmt: skip
    """Run one job, counted, timed and told. `timestamp` is the tick, if it has one.

    Its correlation id is that of the request or job that enqueued it, or a new one.
    """
    if timestamp and parts.clock() - datetime.fromtimestamp(timestamp, UTC) > timedelta(seconds=catch_up):
        return
    correlation.begin(correlation_id)
    outcome, started = "failed", time.perf_counter()
    try:
        with tracing.span(job.__name__, "CONSUMER", trace):
            await job(parts, **arguments)
        outcome = "succeeded"
    except errors.UndefinedTable:
        # Rolled back: the tables are parked, and there is nothing to do until they are back.
        outcome = "succeeded"
        log.info("the feature's tables are parked", job=job.__name__)
    except Exception as error:
        log.error("job failed", job=job.__name__, exc_info=error)
        raise
    finally:
        metrics.JOB_RUNS.labels(job.__name__, outcome).inc()
        seconds = time.perf_counter() - started
        metrics.JOB_SECONDS.labels(job.__name__).observe(seconds)
        log.info("job", job=job.__name__, outcome=outcome, ms=round(seconds * 1000, 1))


async def _observe(parts: Parts) -> None:
    """Keep the gauges current: each worker shows the database's state, so that none of them goes stale."""
    while not parts.stopping.is_set():
        try:
            await observe(parts)
            metrics.DB_UP.labels("worker").set(1)
        except errors.Error as error:
            metrics.DB_UP.labels("worker").set(0 if isinstance(error, UNAVAILABLE) else 1)
            log.debug("gauges are not current", error=str(error).strip())
        await _wait(parts.stopping, _OBSERVE)


async def observe(parts: Parts) -> None:
    """Set the gauges of the queue and of the daily check."""
    now = parts.clock()
    tick = last_tick(parts.settings.maintenance_check_cron, now)
    try:
        async with parts.pool.connection() as connection:
            waiting = await queries.waiting(connection)
            missed = await queries.is_missed(connection, tick)
    except errors.UndefinedTable:
        # Rolled back: the tables are parked, and no run is owed. A gauge that is not shown would say: no worker.
        waiting, missed = queries.Waiting(0, None, None), False
    metrics.QUEUE_DEPTH.set(waiting.depth)
    metrics.QUEUE_OLDEST.set((now - waiting.oldest).total_seconds() if waiting.oldest else 0)
    metrics.JOB_DUE.labels(daily_check.__name__).set(tick.timestamp())
    success = waiting.last_run or datetime.fromtimestamp(0, UTC)
    # A tick before the feature was there needed no run: it counts as answered.
    answered = success if missed else max(success, tick)
    metrics.JOB_LAST_SUCCESS.labels(daily_check.__name__).set(answered.timestamp())


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
