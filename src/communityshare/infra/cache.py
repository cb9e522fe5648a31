"""A cache for metadata that may be an hour old (never schedules). While Redis is away, it is passed over."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from communityshare.infra.logging import log

T = TypeVar("T")
# Seconds for which a Redis that failed is not asked again.
_REDIS_REST = 5.0
_MOST_LOCAL = 10_000


class Cache:
    """JSON values under string keys in Redis, or in this process when there is none."""

    def __init__(self, redis_url: str | None) -> None:
        self._redis = (
            Redis.from_url(redis_url, socket_timeout=0.5, socket_connect_timeout=0.5, retry=None)
            if redis_url
            else None
        )
        self._local: dict[str, tuple[float, bytes]] = {}
        self._rest_until = 0.0

    async def get(self, key: str, kind: type[T]) -> T | None:
        """Return the value, or None when it is not there or Redis is away."""
        if self._redis is None:
            until, raw = self._local.get(key, (0.0, b""))
            raw = raw if until > time.monotonic() else None
        else:
            raw = await self._ask(self._redis.get, key)
        try:
            return msgspec.json.decode(raw, type=kind) if raw else None
        except msgspec.DecodeError:  # written by another release
            return None

    async def put(self, key: str, value: object, *, seconds: int) -> None:
        """Keep the value for `seconds`."""
        raw = msgspec.json.encode(value)
        if self._redis is not None:
            await self._ask(self._redis.set, key, raw, ex=seconds)
            return
        if len(self._local) >= _MOST_LOCAL:
            self._local.pop(next(iter(self._local)))
        self._local[key] = (time.monotonic() + seconds, raw)

    async def drop(self, key: str) -> None:
        """Forget the value."""
        self._local.pop(key, None)
        if self._redis is not None:
            # Asked even after a failure: what is not dropped would be shown for an hour.
            self._rest_until = 0.0
            await self._ask(self._redis.delete, key)

    async def _ask(self, command: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        if time.monotonic() < self._rest_until:
            return None
        try:
            return await command(*arguments, **options)
        except (RedisError, OSError) as error:
            self._rest_until = time.monotonic() + _REDIS_REST
            log.warning("redis is away, the cache is passed over", error=str(error))
            return None

    async def close(self) -> None:
        """Close the connection."""
        if self._redis is not None:
            await self._redis.aclose()
