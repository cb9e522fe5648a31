"""The Notification Service as an ASGI application: routers, and the loops that live and end with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from random import SystemRandom

from litestar import Litestar
from litestar.datastructures import State
from psycopg_pool import AsyncConnectionPool

from communityshare.accounts.authentication import Authenticator
from communityshare.accounts.tokens import keys_from
from communityshare.apidocs import document
from communityshare.infra import health, logging, tracing
from communityshare.infra.clock import Clock, utc_now
from communityshare.infra.db import make_pool
from communityshare.infra.http import open_client
from communityshare.infra.observed import ObservedMiddleware
from communityshare.infra.reading import StrictRequest
from communityshare.infra.settings import Settings, load
from communityshare.infra.web import (
    EXCEPTION_HANDLERS,
    PROVIDERS,
    admit,
    of_process,
    prepare,
)
from communityshare.notifications.channels.configured import transports_from
from communityshare.notifications.channels.in_app import HEARTBEAT, Announcer
from communityshare.notifications.channels.transport import CONNECT_TIMEOUT, TOTAL_TIMEOUT
from communityshare.notifications.dispatch import Dispatcher, Surroundings
from communityshare.notifications.preferences import Channel
from communityshare.notifications.queries import Draft
from communityshare.notifications.routes import routers
from communityshare.notifications.service import Gate

TITLE, VERSION = "CommunityShare Notification Service", "2.3"
MAX_BODY = 1_000_000  # bytes


def create_app(
    settings: Settings | None = None, clock: Clock = utc_now, *, heartbeat: float = HEARTBEAT
) -> Litestar:
    """Return the service. `settings` default to the environment; `heartbeat` of event streams is in seconds."""
    settings = settings or load()
    logging.configure(settings.log_level, "notifications")
    tracing.configure(settings, "notifications")
    assert settings.database_url, "the command line fills in the embedded database's address"
    pool = make_pool(settings.database_url, settings.database_pool_size, name="notifications")
    keys = keys_from(settings)
    authenticator = Authenticator(keys, pool, clock)
    announcer = Announcer(pool, heartbeat)
    parts = {
        "settings": settings,
        "clock": clock,
        "pool": pool,
        "token_keys": keys,
        "announcer": announcer,
        "authenticator": authenticator,
    }
    state = State({**parts, "service_authorization": f"Bearer {settings.notifications_secret}".encode()})

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        async with _running(settings, clock, pool, announcer, state):
            yield

    app = Litestar(
        route_handlers=[health.router, *routers(authenticator)],
        dependencies={**PROVIDERS, **{name: of_process(part) for name, part in parts.items()}},
        exception_handlers={**EXCEPTION_HANDLERS},
        lifespan=[lifespan],
        state=state,
        openapi_config=document.config(TITLE, VERSION, "/api/notifications/docs"),
        request_class=StrictRequest,
        before_request=admit,
        request_max_body_size=MAX_BODY,
        logging_config=None,
    )
    prepare(app)
    app.asgi_handler = tracing.traced(ObservedMiddleware(app.asgi_handler, "notifications"))
    return app


@asynccontextmanager
async def _running(
    settings: Settings, clock: Clock, pool: AsyncConnectionPool, announcer: Announcer, state: State
) -> AsyncIterator[None]:
    async with open_client(connect_timeout=CONNECT_TIMEOUT, total_timeout=TOTAL_TIMEOUT) as client:
        transports = transports_from(settings, client)
        around = Surroundings(clock, settings.base_url, settings.community_timezone, SystemRandom())
        dispatcher = Dispatcher(pool, transports, around)
        state.dispatcher = dispatcher

        def taken(draft: Draft) -> None:
            if draft.channel == "in_app":
                announcer.wake(draft.user_id)
            elif draft.status == "accepted":
                dispatcher.wake()

        kept: set[Channel] = {name for name in ("email", "sms") if getattr(transports, name) is None}
        state.gate = Gate(pool, clock, kept=kept, taken=taken)
        await pool.open()
        loops = [asyncio.create_task(dispatcher.run()), asyncio.create_task(announcer.run())]
        try:
            yield
        finally:
            announcer.close()
            await dispatcher.stop()
            for loop in loops:
                loop.cancel()
                with suppress(asyncio.CancelledError):
                    await loop
            await pool.close()
            tracing.flush()
