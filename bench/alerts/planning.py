"""Planning by itself, beside the same two statements typed into psql."""

import asyncio
import re
import statistics
import subprocess
import time
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from bench.stage import on_cores, server_cores
from communityshare.infra.clock import utc_now
from communityshare.infra.embedded_postgres import EmbeddedPostgres
from communityshare.infra.ids import new_id
from communityshare.infra.runtime import in_transaction
from communityshare.infra.settings import Settings, load
from communityshare.maintenance.alerts import queries
from communityshare.maintenance.alerts.job import run_daily
from communityshare.maintenance.alerts.queries import Run

_ROUNDS = 5


def plan(settings: dict[str, str]) -> UUID:
    """Plan a run as of now; returns its id."""
    loaded = load(settings)
    run_id = asyncio.run(_plan(loaded))
    assert run_id
    return run_id


async def _plan(settings: Settings) -> UUID | None:
    now = utc_now()
    return await in_transaction(
        settings, lambda connection: run_daily(connection, now, "manual", scheduled_for=now)
    )


def measure(settings: dict[str, str], database: psycopg.Connection) -> tuple[float, float]:
    """Return the median seconds of planning, and of psql running the same statements; no worker runs meanwhile."""
    ours, typed = [], []
    for _ in range(_ROUNDS):
        for seconds, call in (
            (ours, lambda: plan(settings)),
            (typed, lambda: _type_into_psql(settings, database)),
        ):
            database.execute("TRUNCATE maintenance_runs, maintenance_alerts, maintenance_deliveries")
            started = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - started)
    database.execute("TRUNCATE procrastinate_jobs CASCADE")
    return statistics.median(ours), statistics.median(typed)


def _type_into_psql(settings: dict[str, str], database: psycopg.Connection) -> None:
    now = datetime.now(UTC)
    run = Run(id=new_id(), trigger="manual", scheduled_for=now, as_of=now, started_at=now)
    values = {
        name: psycopg.sql.Literal(value).as_string(database)
        for name, value in queries.plan_parameters(run).items()
    }
    start = (
        "INSERT INTO maintenance_runs (id, trigger, scheduled_for, started_at, status)"
        " VALUES (%(run)s, 'manual', %(now)s, %(now)s, 'planned')"
    )
    script = ";\n".join(
        re.sub(r"%\((\w+)\)s", lambda found: values[found[1]], statement)
        for statement in (start, queries.PLAN_ALERTS, queries.PLAN_DELIVERIES)
    )
    psql = EmbeddedPostgres(load(settings).data_dir).binaries / "psql"
    with on_cores(server_cores()):
        subprocess.run(
            [psql, "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-d", settings["DATABASE_URL"]],
            input=script, text=True, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
