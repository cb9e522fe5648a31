"""The job queue. A job leaves in the caller's transaction, and is named by the function that does it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from procrastinate import PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from communityshare.infra import correlation, tracing
from communityshare.infra.clock import Clock, utc_now
from communityshare.infra.db import make_pool
from communityshare.infra.http import HttpClient, open_client
from communityshare.infra.settings import Settings
from communityshare.infra.together import Together
from communityshare.maintenance.alerts import queries
from communityshare.maintenance.alerts.queries import Claim, Outcome
from communityshare.maintenance.alerts.rules import STANDARD, Channel, Policy


@dataclass(frozen=True, slots=True)
class Parts:
    """What a job works with. One for each process."""

    settings: Settings
    clock: Clock
    pool: AsyncConnectionPool
    http: HttpClient
    policy: Policy
    # The library's way to the database; open while a worker runs.
    jobs: PsycopgConnector
    acknowledge: Together[tuple[Claim, Outcome], bool]
    # Set when the process is to end: nothing more is claimed.
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    windows: dict[Channel, asyncio.Semaphore] = field(default_factory=dict)


@asynccontextmanager
async def open_parts(
    settings: Settings, clock: Clock = utc_now, policy: Policy = STANDARD
) -> AsyncIterator[Parts]:
    """Yield the parts of a process that does jobs."""
    assert settings.database_url
    async with AsyncExitStack() as stack:
        pool = make_pool(settings.database_url, settings.database_pool_size, name="worker")
        await stack.enter_async_context(pool)
        http = await stack.enter_async_context(
            open_client(connect_timeout=policy.connect_timeout, total_timeout=policy.total_timeout)
        )
        windows = {channel: asyncio.Semaphore(policy.window) for channel in Channel}
        jobs = PsycopgConnector(
            conninfo=settings.database_url,
            min_size=1,
            max_size=4,
            kwargs={"application_name": "communityshare-jobs", "connect_timeout": 5},
        )

        async def acknowledge(settled: Sequence[tuple[Claim, Outcome]]) -> list[bool]:
            async with pool.connection() as connection:
                return await queries.acknowledge(connection, settled, clock())

        yield Parts(settings, clock, pool, http, policy, jobs, Together(acknowledge), windows=windows)


Job = Callable[..., Awaitable[None]]


def name_of(job: Job) -> str:
    """Return the name under which the queue knows a function."""
    return f"{job.__module__}.{job.__qualname__}"


async def enqueue(
    connection: AsyncConnection[Any],
    job: Job,
    *,
    times: int = 1,
    at: datetime | None = None,
    once: str | None = None,
    **arguments: Any,
) -> None:
    """Enqueue a job `times` times in the connection's transaction; nothing while one waits under the name `once`.

    The job's log lines and requests carry the correlation id at hand, its span the trace.
    """
    arguments |= {"correlation_id": correlation.current() or None, "trace": tracing.headers() or None}
    # The manager's own connector is never opened: everything goes over the caller's connection.
    deferrer = configure_task(
        name=name_of(job), job_manager=JobManager(PsycopgConnector()), connection=connection,
        schedule_at=at, queueing_lock=once,
    )  # fmt: skip
    try:
        async with connection.transaction():
            await deferrer.batch_defer_async(*[arguments] * times)
    except AlreadyEnqueued:
        pass
