"""What the HTTP processes count, and `/metrics` for a scraper with the token."""

import hmac
from functools import cache

from litestar import Request, Response, get
from litestar.types import Scope
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from psycopg_pool import AsyncConnectionPool

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
POOL = Gauge("communityshare_db_pool_connections", "Connections of the pool", ["state"])


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


def watch_pool(pool: AsyncConnectionPool) -> None:
    """Let the gauges read the pool when they are scraped."""
    POOL.labels("size").set_function(lambda: pool.get_stats().get("pool_size", 0))
    POOL.labels("idle").set_function(lambda: pool.get_stats().get("pool_available", 0))
    POOL.labels("waiting").set_function(lambda: pool.get_stats().get("requests_waiting", 0))


@get("/metrics", include_in_schema=False)
async def metrics(request: Request, settings: Ours[Settings]) -> Response[bytes]:
    """Return the figures in Prometheus' text format; without METRICS_TOKEN there is nothing here."""
    expected = f"Bearer {settings.metrics_token}"
    given = request.headers.get("Authorization", "")
    if not settings.metrics_token or not hmac.compare_digest(given.encode(), expected.encode()):
        raise NotFoundError("There is nothing at this address.")
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
