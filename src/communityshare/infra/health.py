"""`/healthz` (the process lives) and `/readyz` (it can answer: database there and migrated)."""

import os
from typing import Any

from litestar import Response, Router, get
from psycopg_pool import AsyncConnectionPool

from communityshare.infra import queries
from communityshare.infra.db import UNAVAILABLE
from communityshare.infra.web import Ours

# Names the file that appears when the process is told to stop; its children share it by environment.
DRAIN_FILE = "COMMUNITYSHARE_DRAIN_FILE"


@get("/healthz", summary="Alive", tags=["health"])
async def healthz() -> dict[str, str]:
    """Return 200 while the process lives."""
    return {"status": "alive"}


@get("/readyz", summary="Ready", tags=["health"])
async def readyz(pool: Ours[AsyncConnectionPool]) -> Response[dict[str, Any]]:
    """Return 200 when the database is there and migrated, else 503 with the reason."""
    reason = "stopping" if draining() else await not_ready_because(pool)
    if reason is None:
        return Response({"status": "ready"})
    return Response({"status": "not ready", "reason": reason}, status_code=503, headers={"Retry-After": "2"})


def draining() -> bool:
    """Return whether this process was told to stop: new requests should go elsewhere."""
    return os.path.exists(os.environ.get(DRAIN_FILE, ""))


async def not_ready_because(pool: AsyncConnectionPool) -> str | None:
    """Return why this process cannot answer, or None."""
    try:
        async with pool.connection(timeout=2) as connection:
            migrated = await queries.is_migrated(connection)
    except UNAVAILABLE:
        return "the database is away"
    return None if migrated else "the database is not migrated; run `communityshare migrate`"


router = Router("/", route_handlers=[healthz, readyz])
