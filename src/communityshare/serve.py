"""The HTTP processes: granian in front of an ASGI application. No logic."""

import os

from granian import Granian
from granian.constants import Interfaces, Loops

from communityshare.infra.runtime import runtime
from communityshare.infra.settings import Settings

# Seconds a stopping process waits for requests in flight; the whole stop stays below 30.
_DRAIN = 25


def serve_api() -> None:
    """Serve the API and the user interface until SIGTERM or SIGINT."""
    with runtime("api") as settings:
        _serve("communityshare.app:create_app", settings, processes=settings.workers)


def serve_notifications() -> None:
    """Serve the Notification Service until SIGTERM or SIGINT."""
    with runtime("notifications") as settings:
        _serve("communityshare.notifications.app:create_app", settings, processes=1)


def _serve(target: str, settings: Settings, *, processes: int) -> None:
    # The children of granian read the environment again: they get the embedded server's address there.
    os.environ["DATABASE_URL"] = settings.database_url or ""
    Granian(
        target,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        workers=processes,
        respawn_failed_workers=True,
        workers_kill_timeout=_DRAIN,
        log_enabled=settings.log_level == "DEBUG",
        log_access=False,
        websockets=False,
    ).serve()
