"""Real parts for every test: PostgreSQL migrated as in production, the API over HTTP, a clock that tests move."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from httpx2 import ASGITransport, AsyncClient
from litestar import Litestar
from psycopg import AsyncConnection

from communityshare.app import create_app
from communityshare.infra.embedded_postgres import EmbeddedPostgres
from communityshare.infra.settings import Settings
from communityshare.migrations import runner
from tests import pgbouncer
from tests.world import World, empty


class TestClock:
    """An injected clock that stands still until a test moves it."""

    __test__ = False

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """The connection string of a real server; parallel test processes share it."""
    base = tmp_path_factory.getbasetemp()
    with EmbeddedPostgres(base if worker_id == "master" else base.parent).running() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # nobody pulls its plug
            connection.execute("SELECT pg_reload_conf()")
        yield url


@pytest.fixture(scope="session")
def database_url(postgres: str, worker_id: str) -> str:
    """A database of this test process, built by migrating."""
    name = f"test_{worker_id}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    url = postgres.replace("/communityshare?", f"/{name}?")
    runner.upgrade(url)
    return url


@pytest.fixture(scope="session")
def application_url(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What the application connects to: that database, through PgBouncer with `make test-pgbouncer`."""
    if "TEST_PGBOUNCER" not in os.environ:
        yield database_url
        return
    with pgbouncer.in_front_of(database_url, tmp_path_factory.mktemp("pgbouncer")) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[AsyncConnection]:
    """A connection to look with; every table is emptied before the test."""
    async with await AsyncConnection.connect(database_url, autocommit=True) as connection:
        await empty(connection)
        yield connection


@pytest.fixture
def clock() -> TestClock:
    """The clock of the application under test; set `clock.now` to move it."""
    return TestClock()


@pytest.fixture
def settings(application_url: str, tmp_path: Path) -> Settings:
    """Settings as an installation has them; a test replaces fields with msgspec.structs.replace."""
    return Settings(
        database_url=application_url,
        communityshare_data_dir=str(tmp_path),
        jwt_secret="test-secret-of-at-least-32-characters",
        notifications_token="test-notifications-token",
        rate_limit_per_minute=10_000,
        login_rate_limit_per_minute=1_000,
        database_pool_size=10,
        log_level="ERROR",
    )


@pytest.fixture
async def application(
    database: AsyncConnection, settings: Settings, clock: TestClock
) -> AsyncIterator[Litestar]:
    """The API, started."""
    app = create_app(settings, clock)
    async with started(app):
        yield app


@asynccontextmanager
async def started(app: Litestar) -> AsyncIterator[None]:
    """Run an application's lifespan in one task; pytest would enter and leave it in two."""
    begun, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            begun.set()
            await over.wait()

    task = asyncio.create_task(live())
    waiting = asyncio.create_task(begun.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        waiting.cancel()
        task.result()
    yield
    over.set()
    await task


@pytest.fixture
async def http(application: Litestar) -> AsyncIterator[AsyncClient]:
    """An HTTP client without a token."""
    async with AsyncClient(transport=ASGITransport(application), base_url="http://testserver") as client:
        yield client


@pytest.fixture
def world(http: AsyncClient, application: Litestar, database: AsyncConnection, clock: TestClock) -> World:
    """Makes users, things and plans, and gives each user a client."""
    return World(http, application, database, clock)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The name of this test process, `master` when there is only one."""
    return getattr(request.config, "workerinput", {}).get("workerid", "master")
