"""Requests per minute and user, exact across processes when Redis is there, and per process while it is not."""

import time
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from redis.exceptions import RedisError

from communityshare.infra.errors import RateLimitedError
from communityshare.infra.logging import log

# Seconds for which a Redis that failed is not asked again.
_REDIS_REST = 5.0


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
        self._local = MovingWindowRateLimiter(MemoryStorage())
        self._shared: MovingWindowRateLimiter | None = None
        self._rest_until = 0.0
        if redis_url:
            shared: Storage = RedisStorage(
                f"async+{redis_url}", implementation="redispy", wrap_exceptions=True,
                socket_timeout=0.5, socket_connect_timeout=0.5, retry=None,  # pyright: ignore[reportArgumentType]
            )  # fmt: skip
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

    async def _count(self, item: RateLimitItem, subject: str) -> tuple[bool, float, int]:
        if self._shared and time.monotonic() >= self._rest_until:
            try:
                return await _hit(self._shared, item, subject)
            except (StorageError, RedisError, OSError) as error:
                self._rest_until = time.monotonic() + _REDIS_REST
                log.warning("redis is away, limits are counted per process", error=str(error))
        return await _hit(self._local, item, subject)


async def _hit(
    limiter: MovingWindowRateLimiter, item: RateLimitItem, subject: str
) -> tuple[bool, float, int]:
    admitted = await limiter.hit(item, subject)
    stats = await limiter.get_window_stats(item, subject)
    return admitted, stats.reset_time, stats.remaining
