"""A cache for metadata that may be an hour old (never schedules). While Redis is away, it is passed over."""

import time
from typing import TypeVar

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from communityshare.infra.logging import log

T = TypeVar("T")


class Cache:
    """JSON values under string keys in Redis, or in this process when there is none."""

    def __init__(self, redis_url: str | None) -> None:
        self._redis = (
            Redis.from_url(redis_url, socket_timeout=0.5, socket_connect_timeout=0.5) if redis_url else None
        )
        self._local: dict[str, tuple[float, bytes]] = {}

    async def get(self, key: str, kind: type[T]) -> T | None:
        """Return the value, or None when it is not there or Redis is away."""
        raw = await self._get(key)
        return msgspec.json.decode(raw, type=kind) if raw else None

    async def put(self, key: str, value: object, *, seconds: int) -> None:
        """Keep the value for `seconds`."""
        raw = msgspec.json.encode(value)
        if self._redis is None:
            self._local[key] = (time.monotonic() + seconds, raw)
            return
        try:
            await self._redis.set(key, raw, ex=seconds)
        except (RedisError, OSError) as error:
            log.warning("redis is away, nothing is cached", error=str(error))

    async def drop(self, key: str) -> None:
        """Forget the value."""
        self._local.pop(key, None)
        if self._redis is None:
            return
        try:
            await self._redis.delete(key)
        except (RedisError, OSError) as error:
            log.warning("redis is away, nothing is dropped", error=str(error))

    async def _get(self, key: str) -> bytes | None:
        if self._redis is None:
            until, raw = self._local.get(key, (0.0, b""))
            return raw if until > time.monotonic() else None
        try:
            raw = await self._redis.get(key)
            return raw.encode() if isinstance(raw, str) else raw
        except (RedisError, OSError) as error:
            log.warning("redis is away, the cache is passed over", error=str(error))
            return None

    async def close(self) -> None:
        """Close the connection."""
        if self._redis is not None:
            await self._redis.aclose()
