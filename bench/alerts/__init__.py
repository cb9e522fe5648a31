"""The daily check: real workers, a real database with its commits on disk, real HTTP to a sink of its own."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import psycopg

from bench.alerts import planning
from bench.alerts.community import fill
from bench.rows import Row, at_least, at_most
from bench.stage import all_cores, console, fresh_database, load_cores, on_cores, server_cores
from communityshare.infra import processes

SCHEDULES, RECIPIENTS, MANY = 10_000, 1_000, 200_000
_ROUNDS = 3
_PATIENCE = 900.0  # seconds
# One worker and its database use up two cores: on fewer than these a second one has nothing left to work with.
_CORES_FOR_TWO = 4
_Process = subprocess.Popen[bytes]


class Pace(NamedTuple):
    """Seconds of a check from its start to its last acknowledgement; acknowledgements a second once they come in."""

    seconds: float
    per_second: float


def rows() -> list[Row]:
    """Measure and return the figures."""
    with (
        fresh_database() as environment,
        sink() as address,
        psycopg.connect(environment["DATABASE_URL"], autocommit=True) as database,
    ):
        settings = {**environment, "NOTIFICATIONS_URL": address, "NOTIFICATIONS_TOKEN": "bench"}
        fill(database, SCHEDULES, RECIPIENTS)
        one, memory = _measured(settings, database, workers=1, cores=server_cores())
        alone, _ = _measured(settings, database, workers=1, cores=server_cores() | load_cores())
        two, _ = _measured(settings, database, workers=2, cores=server_cores() | load_cores())
        planned, typed = planning.measure(settings, database)
        fill(database, MANY, RECIPIENTS)
        _, memory_of_many = _measured(settings, database, workers=1, cores=server_cores(), rounds=1)
    deliveries = SCHEDULES + RECIPIENTS
    return [
        at_most("daily check, 10,000 due: planned, sent, acknowledged", one.seconds, "s", target=120, goal=6,
                note=f"{deliveries} deliveries, one worker and the database on 2 cores, every commit on disk"),
        at_least("rate of two workers, times that of one", two.per_second / alone.per_second, "×",
                 goal=1.7 if len(all_cores()) >= _CORES_FOR_TWO else None,
                 note=f"{two.per_second:,.0f} and {alone.per_second:,.0f} deliveries a second on all cores, "
                      f"from the first to the last; with the planning {two.seconds:.2f} and {alone.seconds:.2f} s"),
        at_most("planning 10,000, times psql", planned / typed, "×", goal=3,
                note=f"{planned:.2f} s, and {typed:.2f} s for the same statements typed into psql"),
        at_most("memory of the worker, 10,000 due", memory, "MB", goal=200),
        at_most("memory of the worker, 200,000 due", memory_of_many, "MB", goal=200),
    ]  # fmt: skip


def _measured(
    settings: dict[str, str],
    database: psycopg.Connection,
    *,
    workers: int,
    cores: set[int],
    rounds: int = _ROUNDS,
) -> tuple[Pace, float]:
    """Return the median check and the most memory of a worker."""
    paces: list[Pace] = []
    with at_work(settings, database, workers, cores) as running:
        for _ in range(rounds):
            clear(database)
            paces.append(settled(database, planning.plan(settings)))
            console.print(f"{workers} worker(s): {paces[-1].seconds:.2f} s, {paces[-1].per_second:,.0f}/s")
        memory = max(_peak_megabytes(worker) for worker in running)
    return statistics.median_low(paces), memory


def clear(database: psycopg.Connection) -> None:
    """Forget earlier checks."""
    # Not TRUNCATE: workers look at several of these tables in a statement, and the two would wait for each other.
    database.execute("DELETE FROM maintenance_deliveries")
    database.execute("DELETE FROM maintenance_alerts")
    database.execute("DELETE FROM maintenance_runs")
    database.execute(
        """VACUUM ANALYZE maintenance_runs, maintenance_alerts, maintenance_deliveries, procrastinate_jobs,
           procrastinate_events"""
    )


def settled(database: psycopg.Connection, run_id: UUID) -> Pace:
    """Wait until all deliveries of a check are acknowledged."""
    deadline = time.monotonic() + _PATIENCE
    while not _one(database, "SELECT finished_at FROM maintenance_runs WHERE id = %s", run_id):
        if time.monotonic() > deadline:
            raise TimeoutError("the run did not finish")
        time.sleep(0.05)
    assert _one(database, "SELECT count(*) FROM maintenance_deliveries WHERE status <> 'sent'") == 0
    found = database.execute(
        """SELECT extract(epoch FROM max(settled_at) - started_at)::float,
                  count(*) / extract(epoch FROM max(settled_at) - min(settled_at))::float
           FROM maintenance_deliveries, maintenance_runs r WHERE r.id = %s GROUP BY started_at""",
        (run_id,),
    ).fetchone()
    assert found
    return Pace(*found)


def _one(database: psycopg.Connection, query: str, *values: object):
    row = database.execute(query.encode(), values).fetchone()
    return row[0] if row else None


@contextmanager
def at_work(
    settings: dict[str, str], database: psycopg.Connection, count: int, cores: set[int]
) -> Iterator[list[_Process]]:
    """Yield worker processes that are at work."""
    log = Path(settings["COMMUNITYSHARE_DATA_DIR"]) / "worker.log"
    with on_cores(cores), log.open("ab") as output:
        started = [processes.start("worker", settings, output=output) for _ in range(count)]
    try:
        while _one(database, "SELECT count(*) FROM procrastinate_workers") < count:
            time.sleep(0.05)
        yield started
    finally:
        processes.stop(started)


def _peak_megabytes(worker: _Process) -> float:
    status = Path(f"/proc/{worker.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


@contextmanager
def sink() -> Iterator[str]:
    """Yield the address of a Notification Service that takes everything."""
    with on_cores(load_cores()):
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.stand_ins.notification_sink"], stdout=subprocess.PIPE, text=True
        )
    try:
        assert child.stdout
        yield f"http://127.0.0.1:{child.stdout.readline().strip()}"
    finally:
        child.terminate()
        child.wait()
