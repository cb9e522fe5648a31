"""`/healthz` (the process lives) and `/readyz` (it can answer: database there and migrated)."""

from typing import Any

from litestar import Response, Router, get
from psycopg_pool import AsyncConnectionPool

from communityshare.infra import queries
from communityshare.infra.db import UNAVAILABLE
from communityshare.injected import ThePool


@get("/healthz", summary="Alive", tags=["health"])
async def healthz() -> dict[str, str]:
    """Return 200 while the process lives."""
    return {"status": "alive"}


@get("/readyz", summary="Ready", tags=["health"])
async def readyz(pool: ThePool) -> Response[dict[str, Any]]:
    """Return 200 when the database is there and migrated, else 503 with the reason."""
    reason = await not_ready_because(pool)
    if reason is None:
        return Response({"status": "ready"})
    return Response({"status": "not ready", "reason": reason}, status_code=503, headers={"Retry-After": "2"})


async def not_ready_because(pool: AsyncConnectionPool) -> str | None:
    """Return why this process cannot answer, or None."""
    try:
        async with pool.connection(timeout=2) as connection:
            migrated = await queries.is_migrated(connection)
    except UNAVAILABLE:
        return "the database is away"
    return None if migrated else "the database is not migrated; run `communityshare migrate`"


router = Router("/", route_handlers=[healthz, readyz])
