"""The daily check: the steps of the customer's document, in order, in one transaction; deliveries follow it."""

import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from croniter import croniter
from psycopg import AsyncConnection

from communityshare.infra import metrics
from communityshare.infra.clock import Clock, utc_now
from communityshare.infra.flags import MAINTENANCE
from communityshare.infra.ids import new_id
from communityshare.infra.logging import log
from communityshare.infra.queries import flag_states
from communityshare.infra.settings import Settings
from communityshare.jobs.queue import Parts, enqueue, open_parts
from communityshare.maintenance.alerts import queries
from communityshare.maintenance.alerts.deliver import deliver_waiting, jobs_for, settle
from communityshare.maintenance.alerts.history.queries import find_run
from communityshare.maintenance.alerts.queries import Planned, Run
from communityshare.maintenance.alerts.rules import STANDARD, Policy

# A run that begins this long after its tick is one that was missed and is made up for.
_PUNCTUAL = timedelta(minutes=5)


def last_tick(cron: str, now: datetime) -> datetime:
    """Return the latest instant at or before `now` that a cron line names, in UTC."""
    # croniter looks strictly before the instant it is given.
    return croniter(cron, now + timedelta(microseconds=1)).get_prev(datetime)


async def daily_check(parts: Parts) -> None:
    """Job: do the run of the latest tick, unless it was done. After a week of silence that is one run, not seven."""
    now = parts.clock()
    tick = last_tick(parts.settings.maintenance_check_cron, now)
    async with parts.pool.connection() as connection, connection.transaction():
        if await queries.is_missed(connection, tick):
            trigger = "cron" if now - tick < _PUNCTUAL else "catch_up"
            await run_daily(connection, now, trigger, scheduled_for=tick, policy=parts.policy)


async def run_daily(
    connection: AsyncConnection[Any],
    now: datetime,
    trigger: str,
    *,
    scheduled_for: datetime,
    as_of: datetime | None = None,
    policy: Policy = STANDARD,
) -> UUID | None:
    """Plan one run in the caller's transaction: alerts, deliveries and the jobs that send them.

    `as_of` is the instant that counts for what is due, `now` unless said otherwise. Returns the run's id, None when
    another scheduler has this tick. While the feature is off the run is recorded as `disabled` and plans nothing.
    """
    run = Run(id=new_id(), trigger=trigger, scheduled_for=scheduled_for, as_of=as_of or now, started_at=now)
    enabled = (await flag_states(connection)).get(MAINTENANCE, False)
    if not await queries.begin(connection, run, enabled=enabled):
        return None
    planned = Planned()
    if enabled:
        planned = await queries.plan(connection, run)
        jobs = jobs_for(planned.deliveries_created, policy.per_job)
        if jobs:
            await enqueue(connection, deliver_waiting, times=jobs, limit=policy.per_job)
        else:
            await queries.finish_runs(connection, now)
    _report(run, planned, enabled=enabled)
    return run.id


def _report(run: Run, planned: Planned, *, enabled: bool) -> None:
    metrics.SCHEDULES_CHECKED.inc(planned.schedules_checked)
    metrics.ALERTS_CREATED.inc(planned.alerts_created)
    log.info("daily check", run_id=str(run.id), trigger=run.trigger, scheduled_for=run.scheduled_for.isoformat(),
             enabled=enabled, **msgspec.structs.asdict(planned))  # fmt: skip


# Of a run's row, what `communityshare check` prints.
_FIGURES = (
    "scheduled_for", "schedules_checked", "alerts_created", "deliveries_created", "sent", "failed", "suppressed",
)  # fmt: skip


async def check(settings: Settings, at: datetime, *, wait: bool, clock: Clock = utc_now) -> dict[str, Any]:
    """Run once as of `at` and return the run's metrics; with `wait`, when its deliveries are sent or wait for a retry.

    `at` counts for what is due; leases and retries go by the wall clock, which other workers share. `seconds` is the
    time from the start to the end of the deliveries.
    """
    started = time.perf_counter()
    async with open_parts(settings, clock) as parts:
        async with parts.pool.connection() as connection, connection.transaction():
            run_id = await run_daily(connection, clock(), "manual", scheduled_for=at, as_of=at)
            assert run_id, "only ticks are shared with other schedulers"
        if wait:
            await settle(parts, run_id)
        async with parts.pool.connection() as connection:
            run = await find_run(connection, run_id)
    assert run
    figures = {name: getattr(run, name) for name in _FIGURES}
    seconds = round(time.perf_counter() - started, 3)
    return msgspec.to_builtins({"run_id": run.id, **figures, "seconds": seconds})


async def plan_now(settings: Settings) -> None:
    """Plan a run at once; a running worker sends what it plans."""
    await check(settings, utc_now(), wait=False)
