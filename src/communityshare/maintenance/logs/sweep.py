"""What an interrupted upload left behind goes. Apart from `photos`, so that a worker loads no image decoder."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from communityshare.infra.storage import Storage
from communityshare.maintenance.logs import queries

_ORPHANED_AFTER = timedelta(hours=24)


async def sweep_orphans(connection: AsyncConnection[Any], storage: Storage, now: datetime) -> int:
    """Remove objects older than a day that no version of a log names; returns how many."""
    removed = 0
    async for keys in storage.list_before(now - _ORPHANED_AFTER):
        of_logs = {key: UUID(key.partition("/")[0]) for key in keys if _is_ours(key)}
        named = await queries.photo_keys(connection, list(set(of_logs.values())))
        orphans = [key for key in of_logs if key not in named]
        await storage.remove(orphans)
        removed += len(orphans)
    return removed


def _is_ours(key: str) -> bool:
    folder = key.partition("/")[0]
    return len(folder) == 32 and all(sign in "0123456789abcdef" for sign in folder)
