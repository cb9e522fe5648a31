"""Workers are killed (SIGKILL) again and again while the Notification Service fails every fourth request."""

import asyncio
import random
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess
from typing import Any

import msgspec
from httpx2 import AsyncClient
from psycopg import AsyncConnection

from communityshare.infra.clock import utc_now
from communityshare.infra.settings import Settings
from communityshare.maintenance.alerts import queries
from communityshare.maintenance.alerts.job import check
from tests.chaos.community import many_due
from tests.chaos.workers import start

ALERTS, RECIPIENTS, KILLS, FAULTS, WORKERS = 5_000, 500, 50, 0.25, 3
RESENDS_PER_KILL = 5
PATIENCE = 80.0  # seconds


@asynccontextmanager
async def _sink(faults: float) -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.stand_ins.notification_sink", f"--faults={faults}", "--seed=7",
        stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout
        port = int(await process.stdout.readline())
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def _value(database: AsyncConnection, query: str) -> Any:
    row = await (await database.execute(query)).fetchone()  # type: ignore[arg-type]
    return row[0] if row else None


async def _until(database: AsyncConnection, query: str) -> None:
    """Wait until a question to the database is answered with true."""
    deadline = time.monotonic() + PATIENCE
    while not await _value(database, query):
        assert time.monotonic() < deadline, query
        await asyncio.sleep(0.05)  # other processes are at work


async def test_killed_workers_lose_nothing_and_deliver_nothing_twice(
    database: AsyncConnection, settings: Settings
) -> None:
    dice = random.Random(11)
    await many_due(database, ALERTS, RECIPIENTS)
    async with _sink(FAULTS) as url, AsyncClient() as http:
        settings = msgspec.structs.replace(settings, notifications_url=url)
        await check(settings, utc_now(), wait=False)
        workers = [start(settings) for _ in range(WORKERS)]
        # Kills are spread over the work by how much of it is done, so that a slow machine gets as many in its midst.
        for kill in range(KILLS):
            done = (kill + dice.random()) / KILLS * 0.9 * (ALERTS + RECIPIENTS)
            await _until(
                database,
                f"SELECT count(*) >= {done:.0f} FROM maintenance_deliveries WHERE status <> 'pending'",
            )
            workers[kill % WORKERS] = _kill_and_replace(workers[kill % WORKERS], settings)
        await _finish(database)
        for worker in workers:
            worker.terminate()
        state = (await http.get(f"{url}/state")).json()
        for worker in workers:
            worker.join(30)
    assert [worker.exitcode for worker in workers] == [0] * WORKERS

    planned = await (await database.execute("SELECT id::text FROM maintenance_deliveries")).fetchall()
    assert len(planned) == ALERTS + RECIPIENTS
    assert {key for (key,) in planned} == state["taken"].keys()
    assert await _value(database, "SELECT count(*) FROM maintenance_deliveries WHERE status <> 'sent'") == 0
    resends = sum(count - 1 for count in state["answered"].values())
    print(f"{resends} re-sends after {KILLS} kills")  # noqa: T201 shown with -s
    assert resends <= RESENDS_PER_KILL * KILLS


def _kill_and_replace(worker: BaseProcess, settings: Settings) -> BaseProcess:
    worker.kill()
    worker.join()
    assert worker.exitcode == -signal.SIGKILL
    return start(settings)


async def _finish(database: AsyncConnection) -> None:
    """Replay dead letters, as an administrator does, until everything was taken."""
    deadline = time.monotonic() + PATIENCE
    while await _value(database, "SELECT count(*) FROM maintenance_deliveries WHERE status <> 'sent'"):
        assert time.monotonic() < deadline
        await queries.replay(database, utc_now())
        await asyncio.sleep(0.1)  # the workers are at work


async def test_a_worker_told_to_end_finishes_what_is_in_flight_and_gives_back_the_rest(
    database: AsyncConnection, settings: Settings
) -> None:
    await many_due(database, ALERTS, RECIPIENTS)
    async with _sink(0.0) as url, AsyncClient() as http:
        settings = msgspec.structs.replace(settings, notifications_url=url)
        await check(settings, utc_now(), wait=False)
        worker = start(settings)
        await _until(database, "SELECT count(*) > 100 FROM maintenance_deliveries WHERE status = 'sent'")
        started = time.monotonic()
        worker.terminate()
        await asyncio.to_thread(worker.join, 30)
        seconds = time.monotonic() - started
        state = (await http.get(f"{url}/state")).json()
    assert worker.exitcode == 0
    assert seconds < 30
    held = "SELECT count(*) FROM maintenance_deliveries WHERE status = 'pending' AND leased_until IS NOT NULL"
    assert await _value(database, held) == 0
    sent = await _value(database, "SELECT count(*) FROM maintenance_deliveries WHERE status = 'sent'")
    assert sent == len(state["taken"]) < ALERTS
    assert set(state["answered"].values()) == {1}
