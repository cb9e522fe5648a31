"""Housekeeping: jobs of killed workers start again, and what has expired goes."""

from datetime import timedelta

from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager

from communityshare.accounts.queries import delete_expired_sessions
from communityshare.infra.logging import log
from communityshare.infra.queries import delete_keys_before
from communityshare.infra.storage import Storage
from communityshare.jobs.queue import Parts
from communityshare.maintenance.logs.sweep import sweep_orphans

# Three missed heartbeats: the worker is gone.
STALLED_AFTER = 30.0  # seconds
_KEYS_KEPT = timedelta(hours=24)
_JOBS_KEPT = timedelta(days=3)


async def requeue_stalled(parts: Parts) -> None:
    """Job: start anew what killed workers left unfinished. Every job may run twice; the database sees to that."""
    manager = JobManager(parts.jobs)
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        log.warning("job of a lost worker starts again", job=job.task_name, id=job.id)
        try:
            await manager.retry_job(job)
        except AlreadyEnqueued:
            # One like it waits already; this one follows when that has begun.
            continue


async def upkeep(parts: Parts) -> None:
    """Job: forget expired idempotency keys and sessions, and jobs that ended days ago."""
    now = parts.clock()
    async with parts.pool.connection() as connection:
        keys = await delete_keys_before(connection, now - _KEYS_KEPT)
        sessions = await delete_expired_sessions(connection, now)
    await JobManager(parts.jobs).delete_old_jobs(
        nb_hours=int(_JOBS_KEPT / timedelta(hours=1)),
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )
    log.info("upkeep", keys=keys, sessions=sessions)


async def sweep_photos(parts: Parts) -> None:
    """Job: remove photos that were uploaded for logs which then were not recorded."""
    async with parts.pool.connection() as connection:
        removed = await sweep_orphans(connection, Storage(parts.settings), parts.clock())
    log.info("photos swept", removed=removed)
