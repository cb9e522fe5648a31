"""The daily check: planning what is due, and its deliveries by one to four workers, with all cores for all of it."""

import asyncio
import os
import statistics
import time
from pathlib import Path

import psycopg
from psycopg import AsyncConnection

from bench import alerts
from bench.alerts import planning
from bench.load import community
from bench.rows import Row
from bench.scale import sizes
from bench.scale.pages import Counting, pages
from bench.scale.processor import children, seconds
from bench.stage import all_cores, console
from communityshare.infra.clock import utc_now
from communityshare.infra.embedded_postgres import EmbeddedPostgres
from communityshare.infra.ids import new_id
from communityshare.maintenance.alerts import queries

_WORKERS = (1, 2, 3, 4)
_FEW = community.SCHEDULES // 10  # due in the tenth as in the whole
_ROUNDS = 2
_TABLES = ["maintenance_alerts", "maintenance_deliveries"]
# What the seeding left due or overdue waits until all is measured. Of those chosen, each tells its assignee.
_NONE_DUE = """
UPDATE maintenance_schedules SET next_due_date = next_due_date + interval '13 days'
WHERE next_due_date < now() + interval '2 days'"""
_SOME_DUE = """
UPDATE maintenance_schedules SET next_due_date = now() + interval '10 hours' WHERE id = ANY (ARRAY(
    SELECT id FROM maintenance_schedules WHERE deleted_at IS NULL ORDER BY random() LIMIT %s))"""


def rows(environment: dict[str, str], times: int) -> list[Row]:
    """Return the figures of planning, and of the whole check when a tenth of all schedules is due."""
    url, found = environment["DATABASE_URL"], list[Row]()
    with alerts.sink() as address, psycopg.connect(url, autocommit=True) as database:
        settings = {**environment, "NOTIFICATIONS_URL": address, "NOTIFICATIONS_TOKEN": "bench"}
        for due, name in ((_FEW, f"{_FEW:,} due"), (_FEW * times, "a tenth of all due")):
            _make_due(database, due)
            found += _planning(settings, database, name)
        for workers in _WORKERS:
            found += _checking(settings, database, workers)
    return found + sizes.rows(url, _TABLES)[1:]


def _make_due(database: psycopg.Connection, count: int) -> None:
    database.execute(_NONE_DUE)
    database.execute(_SOME_DUE, (count,))
    database.execute("VACUUM ANALYZE maintenance_schedules")


def _planning(settings: dict[str, str], database: psycopg.Connection, name: str) -> list[Row]:
    times: list[float] = []
    for _ in range(_ROUNDS):
        alerts.clear(database)
        started = time.perf_counter()
        planning.plan(settings)
        times.append(time.perf_counter() - started)
    alerts.clear(database)
    database.execute("TRUNCATE procrastinate_jobs CASCADE")
    looked_at = asyncio.run(_pages(settings["DATABASE_URL"]))
    return [
        Row(name=f"planning, {name}", value=statistics.median(times), unit="s"),
        Row(name=f"planning, {name}: pages of the alerts", value=looked_at, unit=""),
    ]


async def _pages(url: str) -> int:
    """Return how many pages finding what is due and writing its alerts touches; nothing of it stays."""
    now = utc_now()
    run = queries.Run(id=new_id(), trigger="manual", scheduled_for=now, as_of=now, started_at=now)
    Counting.plans.clear()
    async with (
        await AsyncConnection.connect(url, autocommit=True, cursor_factory=Counting) as connection,
        connection.transaction(force_rollback=True),
    ):
        await queries.begin(connection, run, enabled=True)
        await queries.plan(connection, run)
    return pages(Counting.plans[0])


def _checking(settings: dict[str, str], database: psycopg.Connection, workers: int) -> list[Row]:
    alerts.clear(database)
    with alerts.at_work(settings, database, workers, all_cores()) as at_work:
        run_id = planning.plan(settings)
        before = _processor(settings, [worker.pid for worker in at_work])
        pace = alerts.settled(database, run_id)
        after = _processor(settings, [worker.pid for worker in at_work])
    [[deliveries]] = database.execute("SELECT count(*) FROM maintenance_deliveries").fetchall()
    console.print(
        f"{deliveries:,} deliveries, {workers} worker(s): {pace.seconds:.1f} s, {pace.per_second:,.0f}/s"
    )
    return [
        Row(name=f"check, {workers} worker(s)", value=pace.seconds, unit="s"),
        Row(name=f"check, {workers} worker(s): deliveries", value=pace.per_second, unit="/s"),
        *(
            Row(name=f"check, {workers} worker(s): {who} for each", value=used / deliveries * 1000, unit="ms")
            for who, used in ((who, after[who] - before[who]) for who in after)
        ),
    ]


def _processor(settings: dict[str, str], workers: list[int]) -> dict[str, float]:
    """Return seconds of processor time so far: of workers, database and sink."""
    home = Path(settings["COMMUNITYSHARE_DATA_DIR"])
    server = int((EmbeddedPostgres(home).cluster / "postmaster.pid").read_text().split()[0])
    sinks = set(children(os.getpid())) - set(workers)
    return {
        "workers": sum(map(seconds, workers)),
        "PostgreSQL": seconds(server),
        "sink": sum(map(seconds, sinks)),
    }
