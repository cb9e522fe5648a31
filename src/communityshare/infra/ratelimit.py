"""Requests per minute and user, exact across processes when Redis is there, and per process while it is not."""

import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import RedisStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from redis.asyncio import BlockingConnectionPool
from redis.exceptions import RedisError

from communityshare.infra.errors import RateLimitedError
from communityshare.infra.logging import log

# Seconds for which a Redis that failed is not asked again.
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
        """Return the headers of draft-ietf-httpapi-ratelimit-headers (the widespread three-field form)."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
        }


class RateLimiter:
    """A moving window of one minute for each bucket and user."""

    def __init__(self, redis_url: str | None) -> None:
        self._local = LocalWindows()
        self._shared: MovingWindowRateLimiter | None = None
        self._pool: Any = None
        self._rest_until = 0.0
        if redis_url:
            # A burst waits for one of a few connections instead of opening hundreds that time out.
            self._pool = BlockingConnectionPool.from_url(
                redis_url,
                max_connections=16,
                timeout=2,
                socket_timeout=1,
                socket_connect_timeout=1,
                retry=None,
            )
            shared: Storage = RedisStorage(
                f"async+{redis_url}",
                implementation="redispy",
                wrap_exceptions=True,
                connection_pool=self._pool,
            )
            self._shared = MovingWindowRateLimiter(shared)

    async def hit(self, bucket: str, per_minute: int, subject: str) -> Window:
        """Count one request of `subject`. Raises RateLimitedError with `Retry-After` above the limit."""
        item = RateLimitItemPerMinute(per_minute, namespace=bucket)
        admitted, reset_at, remaining = await self._count(item, subject)
        seconds = max(1, round(reset_at - time.time()))
        window = Window(per_minute, remaining, seconds)
        if admitted:
            return window
        raise RateLimitedError(
            f"More than {per_minute} requests in a minute; come back in {seconds} s.",
            headers={**window.headers(), "Retry-After": str(seconds)},
        )

    async def close(self) -> None:
        """Close the connections to Redis."""
        if self._pool is not None:
            await self._pool.aclose()

    async def _count(self, item: RateLimitItem, subject: str) -> tuple[bool, float, int]:
        if self._shared and time.monotonic() >= self._rest_until:
            try:
                return await _hit(self._shared, item, subject)
            except (StorageError, RedisError, OSError) as error:
                self._rest_until = time.monotonic() + _REDIS_REST
                log.warning("redis is away, limits are counted per process", error=str(error))
        return self._local.hit(item, subject, time.time())


class LocalWindows:
    """Moving windows of one minute in this process.

    The library's own memory storage walks over every subject in a thread of its own after each request.
    """

    def __init__(self) -> None:
        self._admitted: dict[tuple[str, str], deque[float]] = {}

    def hit(self, item: RateLimitItem, subject: str, now: float) -> tuple[bool, float, int]:
        """Count a request at `now` (Unix time). Returns whether it is admitted, when the window frees, what is left."""
        times = self._admitted.get((item.namespace, subject))
        if times is None:
            self._forget_quiet(now)
            times = self._admitted[item.namespace, subject] = deque()
        while times and times[0] <= now - _WINDOW:
            times.popleft()
        admitted = len(times) < item.amount
        if admitted:
            times.append(now)
        return admitted, times[0] + _WINDOW, item.amount - len(times)

    def _forget_quiet(self, now: float) -> None:
        if len(self._admitted) > _SUBJECTS:
            active = {
                key: times for key, times in self._admitted.items() if times and times[-1] > now - _WINDOW
            }
            self._admitted = active


async def _hit(
    limiter: MovingWindowRateLimiter, item: RateLimitItem, subject: str
) -> tuple[bool, float, int]:
    admitted = await limiter.hit(item, subject)
    stats = await limiter.get_window_stats(item, subject)
    return admitted, stats.reset_time, stats.remaining
