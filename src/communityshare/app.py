"""The API process: ordered middleware and routers. No logic."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.middleware import DefineMiddleware

from communityshare.accounts.authentication import AuthenticationMiddleware, Authenticator
from communityshare.accounts.routes import auth_router, users_router
from communityshare.accounts.tokens import keys_from
from communityshare.admin.routes import router as admin_router
from communityshare.apidocs import document
from communityshare.infra import gateway, health, http_metrics, logging, tracing
from communityshare.infra.cache import Cache
from communityshare.infra.clock import Clock, utc_now
from communityshare.infra.db import SHORT_STATEMENTS, make_pool
from communityshare.infra.flags import Flags
from communityshare.infra.https import behind_proxy
from communityshare.infra.observed import ObservedMiddleware
from communityshare.infra.ratelimit import RateLimiter
from communityshare.infra.reading import StrictRequest
from communityshare.infra.settings import Settings, load
from communityshare.infra.storage import Storage
from communityshare.infra.transaction import TransactionMiddleware
from communityshare.infra.ui import with_user_interface
from communityshare.infra.web import (
    EXCEPTION_HANDLERS,
    PROVIDERS,
    admit,
    of_process,
    prepare,
)
from communityshare.maintenance.limits import hide_what_never_was
from communityshare.maintenance.logs.photos import Darkroom
from communityshare.maintenance.logs.routes import photos_router
from communityshare.maintenance.routes import router as maintenance_router
from communityshare.resources.routes import router as resources_router

# Of its connections, those for what every request must know first, the flags and who asks: that never waits behind
# the requests themselves.
_LOOKUPS = 4
# Requests that may wait for each connection: some tenths of a second. Where more come than can be served, most are.
_WAITING_EACH = 25
# Photos come as ten files of ten megabytes; every other route has a limit of its own.
MAX_BODY = 1_000_000


def _parts(settings: Settings, clock: Clock) -> dict[str, Any]:
    """Return the parts of the process, under the names by which routes ask for them."""
    assert settings.database_url, "the command line fills in the embedded database's address"
    for_lookups = max(min(settings.database_pool_size // 2, _LOOKUPS), 1)
    size = max(settings.database_pool_size - for_lookups, 1)
    pool = make_pool(
        settings.database_url, size, name="api", session=SHORT_STATEMENTS, max_waiting=size * _WAITING_EACH
    )
    lookups = make_pool(settings.database_url, for_lookups, name="lookups", session=SHORT_STATEMENTS)
    keys = keys_from(settings)
    return {
        "settings": settings,
        "clock": clock,
        "token_keys": keys,
        "pool": pool,
        "lookups": lookups,
        "flags": Flags(lookups),
        "limiter": RateLimiter(settings.redis_url),
        "cache": Cache(settings.redis_url),
        "storage": Storage(settings),
        "darkroom": Darkroom(),
        "authenticator": Authenticator(keys, lookups, clock),
    }


@asynccontextmanager
async def _running(app: Litestar) -> AsyncIterator[None]:
    """Open what the parts hold while the application lives."""
    parts = app.state
    await parts.lookups.open()
    await parts.pool.open()
    _collect_rarely()
    try:
        async with gateway.open_session() as parts.gateway, http_metrics.watching(parts.pool):
            yield
    finally:
        await parts.pool.close()
        await parts.lookups.close()
        await parts.cache.close()
        await parts.limiter.close()
        tracing.flush()


def create_app(settings: Settings | None = None, clock: Clock = utc_now) -> Litestar:
    """Return the API as an ASGI application. `settings` default to the environment."""
    settings = settings or load()
    logging.configure(settings.log_level, "api")
    tracing.configure(settings, "api")
    parts = _parts(settings, clock)
    app = Litestar(
        route_handlers=[
            health.router, auth_router, users_router, resources_router, admin_router, maintenance_router,
            photos_router, gateway.forward, http_metrics.metrics, document.openapi_json,
        ],
        middleware=[
            DefineMiddleware(AuthenticationMiddleware, authenticator=parts["authenticator"]),
            DefineMiddleware(TransactionMiddleware, pool=parts["pool"]),
        ],
        dependencies={**PROVIDERS, **{name: of_process(part) for name, part in parts.items()}},
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=[_running],
        state=State(parts),
        openapi_config=document.config(),
        request_class=StrictRequest,
        before_request=admit,
        after_exception=[hide_what_never_was],
        request_max_body_size=MAX_BODY,
        logging_config=None,
    )  # fmt: skip
    prepare(app)
    observed = ObservedMiddleware(with_user_interface(app.asgi_handler), "api")
    app.asgi_handler = tracing.traced(behind_proxy(observed, settings))
    return app


def _collect_rarely() -> None:
    """Leave what lives as long as the process out of every garbage collection, and let a list's rows go without one."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def openapi_document() -> str:
    """Return the OpenAPI document as indented JSON; needs no database."""
    application = create_app(Settings(database_url="postgresql://unused", jwt_secret="x" * 32))
    return document.text_of(application)
