"""What the HTTP processes count, and `/metrics` for a scraper with the token."""

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from litestar import Request, Response, get
from litestar.types import Scope
from prometheus_client import CONTENT_TYPE_LATEST
from psycopg_pool import AsyncConnectionPool

from communityshare.infra import figures
from communityshare.infra.counting import Counter, Gauge, Histogram
from communityshare.infra.errors import NotFoundError
from communityshare.infra.settings import Settings
from communityshare.infra.web import Ours

REQUESTS = Counter(
    "communityshare_http_requests", "Answers by route template", ["service", "method", "route", "status"]
)
SECONDS = Histogram(
    "communityshare_http_request_seconds", "Seconds from request to answer", ["service", "method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10),
)  # fmt: skip
REFUSALS = Counter("communityshare_rate_limit_refusals", "Requests above a limit", ["route"])
POOL = Gauge(
    "communityshare_db_pool_connections", "Connections of the pool", ["state"], multiprocess_mode="livesum"
)
_WATCH = 5.0  # seconds


def observe(service: str, scope: Scope, status: int, seconds: float) -> None:
    """Count one answer. Addresses without a route share one label, so that scanners make no new ones."""
    route = scope.get("path_template") or "none"
    requests, times = _series(service, scope["method"], route, status)  # type: ignore[typeddict-item]
    requests.inc()
    times.observe(seconds)
    if status == 429:
        REFUSALS.labels(route).inc()


@cache
def _series(service: str, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(service, method, route, str(status)), SECONDS.labels(service, method, route)


@asynccontextmanager
async def watching(pool: AsyncConnectionPool) -> AsyncIterator[None]:
    """Keep the gauges of the pool current in the block. Who answers a scrape may be another process, so none asks."""
    watch = asyncio.create_task(_watch(pool))
    try:
        yield
    finally:
        watch.cancel()


async def _watch(pool: AsyncConnectionPool) -> None:
    while True:
        stats = pool.get_stats()
        POOL.labels("size").set(stats.get("pool_size", 0))
        POOL.labels("idle").set(stats.get("pool_available", 0))
        POOL.labels("waiting").set(stats.get("requests_waiting", 0))
        await asyncio.sleep(_WATCH)


@get("/metrics", include_in_schema=False)
async def metrics(request: Request, settings: Ours[Settings]) -> Response[bytes]:
    """Return the figures in Prometheus' text format; without METRICS_TOKEN there is nothing here."""
    expected = f"Bearer {settings.metrics_token}"
    given = request.headers.get("Authorization", "")
    if not settings.metrics_token or not hmac.compare_digest(given.encode(), expected.encode()):
        raise NotFoundError("There is nothing at this address.")
    # Reading the folder of many processes takes some milliseconds, in which others are answered.
    return Response(await asyncio.to_thread(figures.text), media_type=CONTENT_TYPE_LATEST)
