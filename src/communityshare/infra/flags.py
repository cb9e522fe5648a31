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
        self._states: dict[str, bool] | None = None
        self._read_at = float("-inf")

    async def all(self) -> dict[str, bool]:
        """Return every flag with its state, at most two seconds old and the time a question takes."""
        now = time.monotonic()
        if self._states is not None and now - self._read_at <= _REMEMBERED:
            return self._states
        # One asks; who comes meanwhile goes on with what was known. Where that fails, the next one asks again.
        self._read_at, known = now, None
        try:
            known = await self._read()
            return known
        finally:
            self._states = known

    async def _read(self) -> dict[str, bool]:
        async with self._pool.connection() as connection:
            try:
                return await queries.flag_states(connection)
            except errors.UndefinedTable:
                return {MAINTENANCE: False}

    async def enabled(self, name: str) -> bool:
        """Return whether a flag is on; an unknown one is off."""
        return (await self.all()).get(name, False)

    def forget(self) -> None:
        """Read the flags anew at the next question."""
        self._states = None


async def switch(
    connection: AsyncConnection[Any], name: str, *, enabled: bool, by: UUID | None = None
) -> None:
    """Switch a flag, audited. Raises NotFoundError for a name that is none."""
    if not await queries.set_flag(connection, name, enabled, by, utc_now()):
        raise NotFoundError(f"There is no feature flag {name!r}.", code="unknown_flag")
    await audit.record(connection, by, "feature.switch", detail={"name": name, "enabled": enabled})
