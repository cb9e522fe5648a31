"""Where PgBouncer stands between, the pool knows, and the database's own limits hold all the same."""

import os
from uuid import uuid4

import pytest
from psycopg import AsyncConnection

from communityshare.infra.db import SHORT_STATEMENTS, make_pool

pytestmark = pytest.mark.usefixtures("database")
POOLED = "TEST_PGBOUNCER" in os.environ


async def test_statements_are_prepared_only_without_a_pooler(application_url: str) -> None:
    async with make_pool(application_url, 2) as pool, pool.connection() as connection:
        assert connection.prepare_threshold == (None if POOLED else 0)


async def test_a_session_has_its_limits(application_url: str) -> None:
    async with (
        make_pool(application_url, 2, session=SHORT_STATEMENTS) as pool,
        pool.connection() as connection,
    ):
        for name, value in SHORT_STATEMENTS.items():
            cursor = await connection.execute("SELECT current_setting(%s)", (name,))
            assert await cursor.fetchone() == (value,)


async def test_many_clients_share_few_server_connections(
    application_url: str, database: AsyncConnection
) -> None:
    """Forty open clients, each asked twice: behind PgBouncer they need no forty connections to PostgreSQL."""
    name = f"clients-{uuid4()}"
    clients = [
        await AsyncConnection.connect(
            application_url, autocommit=True, application_name=name, prepare_threshold=None
        )
        for _ in range(40)
    ]
    try:
        for client in clients * 2:
            await client.execute("SELECT 1")
        cursor = await database.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", (name,)
        )
        [connections] = await cursor.fetchone() or [0]
        assert connections == 40 if not POOLED else connections <= 20
    finally:
        for client in clients:
            await client.close()
