"""PostgreSQL restarted hard under write load: what was acknowledged is there, everything else was a 503."""

import asyncio
from collections import Counter
from pathlib import Path

import psycopg
from httpx2 import AsyncClient, TransportError

from communityshare.infra.embedded_postgres import EmbeddedPostgres
from communityshare.migrations import runner
from tests.fuzz import EMAIL, PASSWORD, api

RESTARTS = 5
WRITERS = 8


def _restart(postgres: EmbeddedPostgres) -> None:
    options = " ".join(f"-c {name}='{value}'" for name, value in postgres._options().items())
    done = postgres._run(
        "pg_ctl", "-w", "-m", "immediate", "-l", str(postgres.log_file), "-o", options, "restart"
    )
    assert done.returncode == 0, done.stdout


class Load:
    """Writers that never stop, and what they were told."""

    def __init__(self, client: AsyncClient) -> None:
        self.client = client
        self.acknowledged: set[str] = set()
        self.statuses: Counter[int | str] = Counter()
        self.written = asyncio.Event()
        self.over = False

    async def write(self, writer: int) -> None:
        """Register things, each under a key of its own, until told to stop."""
        number = 0
        while not self.over:
            number += 1
            name = f"Thing {writer}-{number}"
            try:
                answer = await self.client.post(
                    "/api/resources", json={"name": name}, headers={"Idempotency-Key": name}
                )
            except TransportError as error:
                self.statuses[type(error).__name__] += 1
                continue
            self.statuses[answer.status_code] += 1
            if answer.status_code == 201:
                self.acknowledged.add(name)
                self.written.set()

    async def until_written(self, more: int) -> None:
        """Wait until so many more writes were acknowledged: the service has healed."""
        wanted = len(self.acknowledged) + more
        while len(self.acknowledged) < wanted:
            self.written.clear()
            await self.written.wait()


async def _through_restarts(address: str, postgres: EmbeddedPostgres) -> Load:
    async with AsyncClient(base_url=address, timeout=30) as client:
        signed = await client.post("/api/auth/login", json={"email": EMAIL, "password": PASSWORD})
        client.headers["Authorization"] = f"Bearer {signed.json()['access_token']}"
        load = Load(client)
        writers = [asyncio.create_task(load.write(number)) for number in range(WRITERS)]
        for _ in range(RESTARTS):
            await asyncio.wait_for(load.until_written(50), 30)
            await asyncio.to_thread(_restart, postgres)
        await asyncio.wait_for(load.until_written(50), 30)
        load.over = True
        await asyncio.gather(*writers)
        return load


async def test_no_acknowledged_write_is_lost(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(tmp_path)
    with postgres.running() as url:
        await asyncio.to_thread(runner.upgrade, url)
        with api(url, tmp_path) as address:
            load = await _through_restarts(address, postgres)
        with psycopg.connect(url) as connection:
            stored = {row[0] for row in connection.execute("SELECT name FROM resources")}
    assert load.acknowledged <= stored
    assert set(load.statuses) <= {201, 503}, load.statuses
    assert load.statuses[503] > 0
