"""The pool of PostgreSQL connections: timeouts for every role, binary results, 503 while the server is away."""

from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, LiteralString, TypeVar

import msgspec
import psycopg
from psycopg import AsyncConnection, errors
from psycopg.rows import args_row
from psycopg.types.json import set_json_loads
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

from communityshare.infra.errors import UnavailableError
from communityshare.infra.turnstile import Full, Turnstile

T = TypeVar("T")
Params = Sequence[Any] | Mapping[str, Any]

# The standard library takes five times as long.
set_json_loads(msgspec.json.decode)

# Seconds a request waits for a free connection before it is told to come back.
POOL_TIMEOUT = 5.0
SESSION = {
    "timezone": "UTC",
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
}
# Short statements, the same ones again and again: planning a list costs more than running it, so its plan is kept.
# What such a plan must know (limits) stands in the statement's text.
SHORT_STATEMENTS = {**SESSION, "plan_cache_mode": "force_generic_plan"}

# Every list has a statement for each scope and set of filters.
_PREPARED_MAX = 500

# What PostgreSQL says while it restarts, fails over or is out of connections.
UNAVAILABLE = (
    PoolTimeout,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.TooManyConnections,
)


class _Stack(deque[Any]):
    """What is put on top is taken first, under the name by which psycopg's pool takes."""

    popleft = deque.pop


class Pool(AsyncConnectionPool):
    """A pool with a line before it, which lends first what came back last.

    Few connections are in use at once: so they stay the same few, whose statements are planned and whose server
    processes have at hand what they need. Raises TooManyRequests or PoolTimeout as psycopg's own does.
    """

    def __init__(self, url: str, *, max_size: int, max_waiting: int, **more: Any) -> None:
        self._turnstile = Turnstile(max_size, waiting=max_waiting, patience=POOL_TIMEOUT)
        super().__init__(url, max_size=max_size, timeout=POOL_TIMEOUT, **more)
        self._pool = _Stack()

    async def getconn(self, timeout: float | None = None) -> AsyncConnection[Any]:  # noqa: ASYNC109 (its name there)
        try:
            await self._turnstile.enter()
        except Full as error:
            raise TooManyRequests(f"{len(self._turnstile)} wait for the pool {self.name!r}") from error
        except TimeoutError as error:
            raise PoolTimeout(f"the pool {self.name!r} had no connection in time") from error
        try:
            return await super().getconn(timeout)
        except BaseException:
            self._turnstile.leave()
            raise

    async def putconn(self, conn: AsyncConnection[Any]) -> None:
        try:
            await super().putconn(conn)
        finally:
            self._turnstile.leave()

    def get_stats(self) -> dict[str, int]:
        return {**super().get_stats(), "requests_waiting": len(self._turnstile)}


def make_pool(
    url: str,
    size: int,
    *,
    name: str = "main",
    session: Mapping[str, str] = SESSION,
    max_waiting: int = 10_000,
) -> Pool:
    """Return a closed pool of up to `size` connections in autocommit mode.

    Who comes when `max_waiting` others wait already is refused with TooManyRequests.
    """

    async def configure(connection: AsyncConnection[Any]) -> None:
        connection.prepared_max = _PREPARED_MAX
        settings = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in session.items())
        # Unprepared: PgBouncer in transaction mode may run each statement on another server connection.
        cursor = await connection.execute(f"SELECT pg_backend_pid(), {settings}".encode(), prepare=False)
        [served_by, *_] = await cursor.fetchone() or [0]
        if served_by != connection.info.backend_pid:
            # A pooler stands between: it gave us a process id of its own making.
            connection.prepare_threshold = None

    return Pool(
        url,
        min_size=min(2, size),
        max_size=size,
        max_waiting=max_waiting,
        max_idle=300,
        name=name,
        open=False,
        # A restarted server leaves dead connections in the pool; the check replaces them unseen.
        check=_alive,
        kwargs={
            "autocommit": True,
            "application_name": f"communityshare-{name}",
            "connect_timeout": 5,
            # Statements are few and come again: each is planned once a connection.
            "prepare_threshold": 0,
        },
        configure=configure,
    )


async def _alive(connection: AsyncConnection[Any]) -> None:
    # The socket of a server that went away reads as closed: no round trip for the healthy case.
    if connection.closed or connection.pgconn.status != psycopg.pq.ConnStatus.OK:
        raise psycopg.OperationalError("connection lost")


@asynccontextmanager
async def unavailable_as_503() -> AsyncIterator[None]:
    """Turn «the database is away» into UnavailableError."""
    try:
        yield
    except UNAVAILABLE as error:
        raise UnavailableError(
            "The database is away for a moment; nothing was changed. Try again shortly."
        ) from error


async def run(connection: AsyncConnection[Any], query: str, params: Params = ()) -> int:
    """Run a statement put together from constants; returns how many rows it changed."""
    cursor = await connection.execute(query.encode(), params)
    return cursor.rowcount


async def fetch_all(
    connection: AsyncConnection[Any], kind: type[T], query: LiteralString | bytes, params: Params = ()
) -> list[T]:
    """Return every row as `kind(*columns)`: the select list stands in the order of the Struct's fields."""
    async with connection.cursor(row_factory=args_row(kind), binary=True) as cursor:
        await cursor.execute(query, params)
        return await cursor.fetchall()


async def fetch_one(
    connection: AsyncConnection[Any], kind: type[T], query: LiteralString | bytes, params: Params = ()
) -> T | None:
    """Return the first row as `kind(*columns)`, or None."""
    async with connection.cursor(row_factory=args_row(kind), binary=True) as cursor:
        await cursor.execute(query, params)
        return await cursor.fetchone()


async def fetch_value(
    connection: AsyncConnection[Any], query: LiteralString | bytes, params: Params = ()
) -> Any:
    """Return the first column of the first row, or None."""
    async with connection.cursor(binary=True) as cursor:
        await cursor.execute(query, params)
        row = await cursor.fetchone()
        return row[0] if row else None
