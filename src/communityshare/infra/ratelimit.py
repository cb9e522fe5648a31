"""Requests per minute and user, exact across processes when Redis is there, and per process while it is not."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hiredis import pack_command
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from communityshare.infra.errors import RateLimitedError
from communityshare.infra.logging import log
from communityshare.infra.together import Together

# Seconds to wait for Redis, and seconds for which one that failed is not asked again.
_PATIENCE = 1.0
_REDIS_REST = 5.0
_WINDOW = 60.0  # seconds
# Subjects counted in this process before those who were quiet for a minute are forgotten.
_SUBJECTS = 10_000


@dataclass(frozen=True, slots=True)
class Window:
    """What the `RateLimit` headers say."""

    limit: int
    remaining: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        """Return the headers of draft-ietf-httpapi-ratelimit-headers: the present form, and the widespread one."""
        return {
            "RateLimit-Policy": f'"default";q={self.limit};w={_WINDOW:.0f}',
            "RateLimit": f'"default";r={self.remaining};t={self.reset_seconds}',
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
        }


class RateLimiter:
    """A moving window of one minute for each bucket and user."""

    def __init__(self, redis_url: str | None) -> None:
        self._local = LocalWindows()
        self._shared = SharedWindows(redis_url) if redis_url else None
        self._rest_until = 0.0

    async def hit(self, bucket: str, per_minute: int, subject: str) -> Window:
        """Count one request of `subject`. Raises RateLimitedError with `Retry-After` above the limit."""
        admitted, remaining, frees = await self._count(f"{bucket}/{subject}", per_minute)
        seconds = max(1, round(frees))
        window = Window(per_minute, remaining, seconds)
        if admitted:
            return window
        raise RateLimitedError(
            f"More than {per_minute} requests in a minute; come back in {seconds} s.",
            headers={**window.headers(), "Retry-After": str(seconds)},
        )

    async def close(self) -> None:
        """Close the connections to Redis."""
        if self._shared:
            await self._shared.close()

    async def _count(self, key: str, limit: int) -> tuple[bool, int, float]:
        if self._shared and time.monotonic() >= self._rest_until:
            try:
                return await self._shared.hit(key, limit)
            except (RedisError, OSError) as error:
                self._rest(error)
        return self._local.hit(key, limit, time.time())

    def _rest(self, error: Exception) -> None:
        now = time.monotonic()
        if now >= self._rest_until:
            self._rest_until = now + _REDIS_REST
            log.warning("redis is away, limits are counted per process", error=str(error))


class LocalWindows:
    """Moving windows of one minute in this process."""

    def __init__(self) -> None:
        self._admitted: dict[str, deque[float]] = {}

    def hit(self, key: str, limit: int, now: float) -> tuple[bool, int, float]:
        """Count a request at `now` (Unix time). Returns whether it is admitted, what is left, seconds until more is."""
        times = self._admitted.get(key)
        if times is None:
            self._forget_quiet(now)
            times = self._admitted[key] = deque()
        while times and times[0] <= now - _WINDOW:
            times.popleft()
        admitted = len(times) < limit
        if admitted:
            times.append(now)
        return admitted, limit - len(times), times[0] + _WINDOW - now

    def _forget_quiet(self, now: float) -> None:
        if len(self._admitted) > _SUBJECTS:
            active = {
                key: times for key, times in self._admitted.items() if times and times[-1] > now - _WINDOW
            }
            self._admitted = active


# The same as `LocalWindows.hit` for each key, in milliseconds by the clock of Redis, which is one for all processes.
_HIT = """
local window, clock, found = tonumber(ARGV[1]), redis.call('TIME'), {}
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for place, key in ipairs(KEYS) do
    local limit = tonumber(ARGV[1 + place])
    local oldest = tonumber(redis.call('LINDEX', key, 0))
    while oldest and oldest <= now - window do
        redis.call('LPOP', key)
        oldest = tonumber(redis.call('LINDEX', key, 0))
    end
    local count = redis.call('LLEN', key)
    local admitted = count < limit
    if admitted then
        count = redis.call('RPUSH', key, now)
        redis.call('PEXPIRE', key, window)
    end
    found[place] = {admitted and 1 or 0, limit - count, (oldest or now) + window - now}
end
return found
"""


class SharedWindows:
    """Moving windows of one minute in Redis: a burst opens no hundreds of connections and asks no hundreds of times.

    Questions go over the client's connection itself: its ways to run a command cost as much as half of a request does.
    """

    def __init__(self, redis_url: str) -> None:
        pool = ConnectionPool.from_url(redis_url, socket_timeout=None, retry=None)
        self._connection = pool.make_connection()
        self._asked = Together(self._ask)

    async def hit(self, key: str, limit: int) -> tuple[bool, int, float]:
        """Count a request as LocalWindows does. Raises RedisError or OSError while Redis is away."""
        admitted, remaining, frees = await self._asked((key, limit))
        return bool(admitted), remaining, frees / 1000

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.disconnect()

    async def _ask(self, line: Sequence[tuple[str, int]]) -> list[list[int]]:
        keys = [f"limit/{key}" for key, _ in line]
        question: Any = ("EVAL", _HIT, len(keys), *keys, int(_WINDOW * 1000), *(limit for _, limit in line))
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._connection.send_packed_command(pack_command(question), check_health=False)
                answer: Any = await self._connection.read_response()
                return answer
        except BaseException:
            # The answer may still come: the next question must not read it as its own.
            await self._connection.disconnect(nowait=True)
            raise
