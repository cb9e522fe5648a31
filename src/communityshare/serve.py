"""The HTTP processes: granian in front of an ASGI application. No logic."""

import gc
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from granian.constants import Interfaces, Loops
from granian.http import HTTP1Settings
from granian.server import MPServer

from communityshare.infra import figures
from communityshare.infra.health import DRAIN_FILE
from communityshare.infra.processes import end_with_parent, free_address
from communityshare.infra.runtime import runtime
from communityshare.infra.settings import NOTIFICATIONS_PORT, Settings, SettingsError

# Seconds a stopping process waits for requests in flight; with DRAIN_SECONDS the whole stop stays below 30.
_FINISH = 20

# Open connections of a process. Beyond them nobody is answered until one is closed, and people keep theirs open.
_CONNECTIONS = 8192

# Milliseconds a connection may wait for its next request. Proxies keep theirs for 60 s (nginx, AWS), and would send a
# request over one that we are just closing: 502.
_IDLE = 75_000


class Server(MPServer):
    """granian that says «not ready» for a while before it stops taking requests."""

    drain_seconds = 0.0

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        """Begin to drain, then stop."""
        Path(os.environ[DRAIN_FILE]).touch()
        threading.Timer(self.drain_seconds, super().signal_handler_interrupt, args, kwargs).start()


def serve_api() -> None:
    """Serve the API and the user interface until SIGTERM or SIGINT."""
    with runtime("api") as settings:
        _serve("communityshare.app", settings, settings.port, processes=settings.workers)


def serve_notifications() -> None:
    """Serve the Notification Service until SIGTERM or SIGINT; on port 3001 unless PORT says otherwise."""
    with runtime("notifications") as settings:
        port = settings.port if os.environ.get("PORT", "").strip() else NOTIFICATIONS_PORT
        _serve("communityshare.notifications.app", settings, port, processes=1)


def _serve(target: str, settings: Settings, port: int, *, processes: int) -> None:
    if settings.metrics_port == port:
        raise SettingsError(f"METRICS_PORT: {port} is the process's own port too; choose another.")
    # The children of granian read the environment again: they get the embedded server's address there.
    os.environ["DATABASE_URL"] = settings.database_url or ""
    # Two servers would share a port unseen.
    address = free_address(settings.host, port)
    with _drain_file(), figures.gathered(settings):
        server = Server(
            target,
            address=address,
            port=port,
            interface=Interfaces.ASGI,
            loop=Loops.uvloop,
            workers=processes,
            respawn_failed_workers=True,
            workers_kill_timeout=_FINISH,
            backpressure=_CONNECTIONS,
            http1_settings=HTTP1Settings(header_read_timeout=_IDLE),
            log_enabled=settings.log_level == "DEBUG",
            log_access=False,
            websockets=False,
        )
        server.drain_seconds = settings.drain_seconds
        server.serve(target_loader=_load)


def _load(target: str) -> Any:
    """Return the application, in a process of granian's own. Without its server it would keep the port for ever."""
    end_with_parent(
        signal.SIGKILL
    )  # with an orderly end it would wait for open streams, and nobody kills it then
    gc.disable()  # nothing of what is loaded is garbage, and looking for it is a seventh of the work
    application = import_module(target).create_app()
    gc.enable()
    return application


@contextmanager
def _drain_file() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="communityshare-") as folder:
        os.environ[DRAIN_FILE] = str(Path(folder) / "draining")
        yield
