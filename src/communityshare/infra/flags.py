"""Feature flags, remembered for two seconds, so that a switch counts in every process within five."""

import time
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection, errors
from psycopg_pool import AsyncConnectionPool

from communityshare.infra import audit, queries
from communityshare.infra.clock import utc_now
from communityshare.infra.errors import NotFoundError

MAINTENANCE = "maintenance_scheduling_enabled"
_REMEMBERED = 2.0  # seconds


class Flags:
    """The flags as this process knows them."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._states: dict[str, bool] = {}
        self._read_at = float("-inf")

    async def all(self) -> dict[str, bool]:
        """Return every flag with its state, at most two seconds old."""
        if time.monotonic() - self._read_at > _REMEMBERED:
            async with self._pool.connection() as connection:
                try:
                    self._states = await queries.flag_states(connection)
                except errors.UndefinedTable:
                    self._states = {MAINTENANCE: False}
            self._read_at = time.monotonic()
        return self._states

    async def enabled(self, name: str) -> bool:
        """Return whether a flag is on; an unknown one is off."""
        return (await self.all()).get(name, False)

    def forget(self) -> None:
        """Read the flags anew at the next question."""
        self._read_at = float("-inf")


async def switch(
    connection: AsyncConnection[Any], name: str, *, enabled: bool, by: UUID | None = None
) -> None:
    """Switch a flag, audited. Raises NotFoundError for a name that is none."""
    if not await queries.set_flag(connection, name, enabled, by, utc_now()):
        raise NotFoundError(f"There is no feature flag {name!r}.", code="unknown_flag")
    await audit.record(connection, by, "feature.switch", detail={"name": name, "enabled": enabled})
