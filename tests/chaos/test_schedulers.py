"""Ten schedulers tick at once, in processes of their own: one run for each tick."""

import asyncio
from datetime import UTC, datetime, timedelta
from threading import Barrier

from psycopg import AsyncConnection

from communityshare.infra.settings import Settings
from communityshare.jobs.queue import open_parts
from communityshare.maintenance.alerts.job import daily_check
from tests.chaos.community import many_due
from tests.chaos.workers import together

SCHEDULERS, TICKS = 10, 10
FIRST = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _tick(barrier: Barrier, settings: Settings) -> None:
    asyncio.run(_tick_together(barrier, settings))


async def _tick_together(barrier: Barrier, settings: Settings) -> None:
    now = FIRST
    async with open_parts(settings, lambda: now) as parts:
        for day in range(TICKS):
            now = FIRST + timedelta(days=day, seconds=1)
            await asyncio.to_thread(barrier.wait, 30)
            await daily_check(parts)


async def test_ten_schedulers_one_run_for_each_tick(database: AsyncConnection, settings: Settings) -> None:
    await many_due(database, schedules=50, recipients=5)
    assert await asyncio.to_thread(together, SCHEDULERS, _tick, settings) == [0] * SCHEDULERS
    runs = await (
        await database.execute(
            "SELECT scheduled_for, alerts_created FROM maintenance_runs ORDER BY scheduled_for"
        )
    ).fetchall()
    assert runs == [(FIRST + timedelta(days=day), 50) for day in range(TICKS)]
    doubled = await database.execute(
        "SELECT FROM maintenance_alerts GROUP BY schedule_id, alert_day HAVING count(*) > 1"
    )
    assert await doubled.fetchall() == []
