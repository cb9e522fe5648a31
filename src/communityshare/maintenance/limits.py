"""Rate limits and the feature flag, as guards of routes."""

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from communityshare.infra.errors import NotFoundError
from communityshare.infra.flags import MAINTENANCE, Flags
from communityshare.infra.ratelimit import RateLimiter
from communityshare.infra.settings import Settings


async def feature_enabled(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    """Guard: while the feature is off, nothing of it is there."""
    flags: Flags = connection.app.state.flags
    if not await flags.enabled(MAINTENANCE):
        raise NotFoundError("Maintenance scheduling is switched off.", code="feature_disabled")


async def per_user(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    """Guard: 100 requests a minute and user over schedules, logs and calendar together."""
    settings: Settings = connection.app.state.settings
    await _count(connection, "maintenance", settings.rate_limit_per_minute)


async def alert_generation(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    """Guard: 10 requests a minute and user for runs by hand."""
    settings: Settings = connection.app.state.settings
    await _count(connection, "alert-generation", settings.alert_rate_limit_per_minute)


async def _count(connection: ASGIConnection, bucket: str, per_minute: int) -> None:
    limiter: RateLimiter = connection.app.state.limiter
    user = connection.scope["user"]
    connection.scope["rate_limit"] = await limiter.hit(bucket, per_minute, str(user.user_id))  # type: ignore[typeddict-unknown-key]
