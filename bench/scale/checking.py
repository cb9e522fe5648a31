"""The daily check: finding and planning what is due, and its deliveries by one to four workers, on all cores."""

import asyncio
import os
import statistics
import time
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import AsyncConnection

from bench import alerts
from bench.alerts import planning
from bench.rows import Row
from bench.scale import sizes
from bench.scale.pages import Counting, Plan, nodes, pages
from bench.scale.processor import children, seconds
from bench.stage import all_cores, console
from communityshare.infra.clock import utc_now
from communityshare.infra.embedded_postgres import EmbeddedPostgres
from communityshare.infra.ids import new_id
from communityshare.maintenance.alerts import queries

_WORKERS = (1, 2, 3, 4)
_ROUNDS = 2
_TABLES = ["maintenance_alerts", "maintenance_deliveries"]
# What the seeding left due or overdue waits until all is measured. Of those chosen, each tells its assignee.
_NONE_DUE = """
UPDATE maintenance_schedules SET next_due_date = next_due_date + interval '13 days'
WHERE next_due_date < now() + interval '2 days'"""
_SOME_DUE = """
UPDATE maintenance_schedules SET next_due_date = now() + interval '10 hours' WHERE id = ANY (ARRAY(
    SELECT id FROM maintenance_schedules WHERE deleted_at IS NULL ORDER BY random()
    LIMIT {}))"""
_DUE = {"10,000 due": "10000", "a tenth due": "(SELECT count(*) / 10 FROM maintenance_schedules)"}


class _Place(NamedTuple):
    """A database, what its processes are told, and what was measured there."""

    database: psycopg.Connection
    settings: dict[str, str]
    rows: list[Row]


def rows(environments: list[dict[str, str]]) -> list[list[Row]]:
    """Return the figures of planning and of the whole check, for each environment; they check in turn."""
    with ExitStack() as stack:
        more = {"NOTIFICATIONS_URL": stack.enter_context(alerts.sink()), "NOTIFICATIONS_TOKEN": "bench"}
        places: list[_Place] = []
        for environment in environments:
            database = psycopg.connect(environment["DATABASE_URL"], autocommit=True)
            places.append(_Place(stack.enter_context(database), environment | more, []))
        for name, count in _DUE.items():
            for place in places:
                _make_due(place.database, count)
                place.rows.extend(_planning(place, name))
        for workers in _WORKERS:
            for place in places:
                place.rows.extend(_checking(place, workers))
    return [place.rows + sizes.rows(place.settings["DATABASE_URL"], _TABLES)[1:] for place in places]


def _make_due(database: psycopg.Connection, count: str) -> None:
    database.execute(_NONE_DUE)
    database.execute(_SOME_DUE.format(count).encode())
    database.execute("VACUUM ANALYZE maintenance_schedules")


def _planning(place: _Place, name: str) -> list[Row]:
    times: list[float] = []
    for _ in range(_ROUNDS):
        alerts.clear(place.database)
        started = time.perf_counter()
        planning.plan(place.settings)
        times.append(time.perf_counter() - started)
    alerts.clear(place.database)
    place.database.execute("TRUNCATE procrastinate_jobs CASCADE")
    plan = asyncio.run(_plan_of_alerts(place.settings["DATABASE_URL"]))
    due = next(node for node in nodes(plan) if node.get("Subplan Name") == "CTE due")
    return [
        Row(name=f"due query, {name}", value=due["Actual Total Time"], unit="ms"),
        Row(name=f"due query, {name}, pages", value=pages(due), unit=""),
        Row(name=f"planning, {name}", value=statistics.median(times), unit="s"),
    ]


async def _plan_of_alerts(url: str) -> Plan:
    """Return the plan of the statement that finds what is due and writes its alerts; nothing of it stays."""
    now = utc_now()
    run = queries.Run(id=new_id(), trigger="manual", scheduled_for=now, as_of=now, started_at=now)
    Counting.plans.clear()
    async with (
        await AsyncConnection.connect(url, autocommit=True, cursor_factory=Counting) as connection,
        connection.transaction(force_rollback=True),
    ):
        await queries.begin(connection, run, enabled=True)
        await queries.plan(connection, run)
    return Counting.plans[0]


def _checking(place: _Place, workers: int) -> list[Row]:
    alerts.clear(place.database)
    with alerts.at_work(place.settings, place.database, workers, all_cores()) as at_work:
        run_id = planning.plan(place.settings)
        before = _processor(place.settings, [worker.pid for worker in at_work])
        pace = alerts.settled(place.database, run_id)
        after = _processor(place.settings, [worker.pid for worker in at_work])
    [[count]] = place.database.execute("SELECT count(*) FROM maintenance_deliveries").fetchall()
    name = f"check, {workers} worker{'s' * (workers > 1)}"
    console.print(f"{name}: {count:,} deliveries, {pace.seconds:.1f} s, {pace.per_second:,.0f}/s")
    used = {who: (after[who] - before[who]) * 1000 / count for who in after}
    return [
        Row(name=name, value=pace.seconds, unit="s"),
        Row(name=f"{name}, deliveries", value=pace.per_second, unit="/s"),
        *(
            Row(name=f"{name}, processor of {who}", value=value, unit="ms each")
            for who, value in used.items()
        ),
    ]


def _processor(settings: dict[str, str], workers: list[int]) -> dict[str, float]:
    """Return seconds of processor time so far: of the workers, the database and the sink."""
    home = Path(settings["COMMUNITYSHARE_DATA_DIR"])
    server = int((EmbeddedPostgres(home).cluster / "postmaster.pid").read_text().split()[0])
    others = set(children(os.getpid())) - set(workers)
    return {
        "workers": sum(map(seconds, workers)),
        "PostgreSQL": seconds(server),
        "sink": sum(map(seconds, others)),
    }
