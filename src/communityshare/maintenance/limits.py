"""Rate limits and the feature flag, as guards of routes."""

from litestar.connection import ASGIConnection
from litestar.exceptions import MethodNotAllowedException, NotFoundException
from litestar.handlers import BaseRouteHandler
from litestar.types import Scope

from communityshare.infra.db import unavailable_as_503
from communityshare.infra.errors import AppError, NotFoundError
from communityshare.infra.flags import MAINTENANCE, Flags
from communityshare.infra.ratelimit import RateLimiter
from communityshare.infra.settings import Settings


async def feature_enabled(connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    """Guard: while the feature is off, nothing of it is there."""
    await _not_off(connection.app.state.flags)


async def hide_what_never_was(error: Exception, scope: Scope) -> None:
    """Hook after an error: while the feature is off, an unknown address or method is answered as the known ones are."""
    unknown = isinstance(error, NotFoundException | MethodNotAllowedException)
    if unknown and f"{scope['path']}/".startswith("/api/maintenance/"):
        try:
            async with unavailable_as_503():
                await _not_off(scope["litestar_app"].state.flags)
        except AppError as off:
            error.extra = off  # type: ignore[attr-defined]


async def _not_off(flags: Flags) -> None:
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
